"""Locks pass between servers when one dies or is slow, or Redis goes away and comes back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig

from palmwise.errors import LockUnavailableError
from palmwise.server.storage import locks
from palmwise.server.storage.locks import RedisLockStore
from tests.cluster.services import Service

pytestmark = pytest.mark.services
Redis = tuple[Service, str]


@asynccontextmanager
async def store(redis: Redis) -> AsyncIterator[RedisLockStore]:
    """The lock store of one server."""
    made = LockStore.create(EndpointConfig(url=redis[1], type="palmwise.server.storage.locks.RedisLockStore"))
    assert isinstance(made, RedisLockStore)
    try:
        yield made
    finally:
        await made.close()


def wait(scenario: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(scenario, 60))


def test_a_waiting_turn_is_notified_and_does_not_poll(redis: Redis) -> None:
    async def scenario() -> None:
        waits: list[float] = []
        async with store(redis) as one, store(redis) as other:

            async def hold(held: asyncio.Event) -> float:
                async with one.lock("b"):
                    held.set()
                    await asyncio.sleep(0.05)
                    return time.perf_counter()

            for _ in range(10):
                held = asyncio.Event()
                holder = asyncio.create_task(hold(held))
                await held.wait()
                async with other.lock("b"):
                    waits.append(time.perf_counter() - await holder)
        assert sorted(waits)[5] < locks.RENEWAL / 4

    wait(scenario())


def test_a_dead_server_delays_others_by_one_lease_at_most(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "LEASE", 0.4)

    async def scenario() -> None:
        async with store(redis) as dead, store(redis) as alive:
            await dead._run(locks._ENTER, "palmwise:lock:" + locks.digest("c"), "dead", 400)  # and never another word
            async with alive.lock("c"):
                assert await alive._redis().zrange("palmwise:lock:" + locks.digest("c"), 0, -1) != [b"dead"]

    wait(scenario())


def test_a_long_turn_keeps_its_lease(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "LEASE", 0.4)
    monkeypatch.setattr(locks, "RENEWAL", 0.1)

    async def scenario() -> None:
        order: list[str] = []
        async with store(redis) as one, store(redis) as other:

            async def late() -> None:
                async with other.lock("d"):
                    order.append("late")

            async with one.lock("d"):
                waiting = asyncio.create_task(late())
                await asyncio.sleep(1.5)
                order.append("long")
            await waiting
        assert order == ["long", "late"]

    wait(scenario())


def test_a_missing_redis_is_reported_and_its_return_noticed(redis: Redis) -> None:
    async def scenario() -> None:
        async with store(redis) as lock:
            async with lock.lock("f"):
                redis[0].kill()  # a turn that is under way is not undone by it
            with pytest.raises(LockUnavailableError):
                await lock.ping()
            with pytest.raises(LockUnavailableError):
                async with lock.lock("f"):
                    raise AssertionError("nobody guards this")
            redis[0].start()
            await lock.ping()
            async with lock.lock("f"):
                pass

    wait(scenario())
