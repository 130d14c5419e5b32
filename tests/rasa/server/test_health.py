"""Concurrent health probes cost no more than one."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from palmwise.coach.content import Content
from palmwise.errors import CoachError
from palmwise.server.health import Health


def test_concurrent_probes_share_one_check() -> None:
    looks = []

    def content() -> Content:
        looks.append(1)
        return cast(Content, None)

    async def understood(_: object) -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"intent": {"name": "greet"}}

    parts = {"tracker_store": None, "lock_store": None, "action_endpoint": None}
    agent: Any = SimpleNamespace(processor=SimpleNamespace(parse_message=understood), is_ready=lambda: True, **parts)

    async def scenario() -> None:
        health = Health(content)
        assert await asyncio.gather(*(health.problem(agent) for _ in range(50))) == [None] * 50
        assert len(looks) == 1
        assert await health.problem(agent) is None
        assert len(looks) == 2

    asyncio.run(scenario())


def test_a_cancelled_probe_does_not_cancel_the_check_of_others() -> None:
    gate = asyncio.Event()

    async def understood(_: object) -> dict[str, Any]:
        await gate.wait()
        raise CoachError

    agent: Any = SimpleNamespace(processor=SimpleNamespace(parse_message=understood), is_ready=lambda: True)

    async def scenario() -> None:
        health = Health(lambda: cast(Content, None))
        first, second = (asyncio.create_task(health.problem(agent)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        gate.set()
        assert await second == "The model does not understand."

    asyncio.run(scenario())
