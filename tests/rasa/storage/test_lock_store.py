"""Turns of one conversation follow each other in the order they came, at once, whatever happens to one of them."""

from __future__ import annotations

import asyncio

import pytest
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig

from palmwise.server.storage.locks import LiveLockStore
from tests.rasa.storage.fakes import wait


def test_rasa_makes_it_from_its_endpoints() -> None:
    assert isinstance(
        LockStore.create(EndpointConfig(type="palmwise.server.storage.locks.LiveLockStore")), LiveLockStore
    )


def test_turns_follow_in_order_and_never_together() -> None:
    async def scenario() -> None:
        store = LiveLockStore()
        order: list[int] = []
        inside: set[int] = set()

        async def one(number: int) -> None:
            async with store.lock("a"):
                assert not inside
                inside.add(number)
                await asyncio.sleep(0)
                order.append(number)
                inside.remove(number)

        await asyncio.gather(*(one(number) for number in range(50)))
        assert order == list(range(50))
        assert not store.is_someone_waiting("a")

    wait(scenario())


def test_conversations_do_not_wait_for_each_other() -> None:
    async def scenario() -> None:
        store = LiveLockStore()
        async with store.lock("a"), store.lock("b"):
            assert store.is_someone_waiting("a")
            assert store.is_someone_waiting("b")

    wait(scenario())


def test_an_error_lets_the_next_one_in() -> None:
    async def scenario() -> None:
        store = LiveLockStore()
        with pytest.raises(ValueError, match="a turn"):
            async with store.lock("a"):
                raise ValueError("a turn")
        async with store.lock("a"):
            pass

    wait(scenario())


def test_one_that_gives_up_waiting_lets_nobody_overtake() -> None:
    async def scenario() -> None:
        store = LiveLockStore()
        order: list[str] = []
        release = asyncio.Event()

        async def first() -> None:
            async with store.lock("a"):
                await release.wait()
                order.append("first")

        async def later(name: str) -> None:
            async with store.lock("a"):
                order.append(name)

        working = asyncio.create_task(first())
        await asyncio.sleep(0)
        gives_up, last = asyncio.create_task(later("gives up")), asyncio.create_task(later("last"))
        await asyncio.sleep(0)
        gives_up.cancel()
        for _ in range(5):
            await asyncio.sleep(0)
        assert order == []
        release.set()
        await asyncio.gather(working, last)
        assert order == ["first", "last"]

    wait(scenario())


def test_a_turn_that_never_ends_does_not_hold_the_conversation_for_ever() -> None:
    async def scenario() -> None:
        store = LiveLockStore()
        forever = asyncio.Event()

        async def stuck() -> None:
            async with store.lock("a", lock_lifetime=0.01):
                await forever.wait()

        working = asyncio.create_task(stuck())
        await asyncio.sleep(0)
        async with store.lock("a"):
            working.cancel()

    wait(scenario())
