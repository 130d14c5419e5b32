"""Turns of a conversation run one after the other, in order, whatever happens to one of them."""

from __future__ import annotations

import asyncio

import pytest
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig

from palmwise.server.storage.locks import LiveLockStore
from tests.rasa.storage.fakes import wait


def test_rasa_creates_the_lock_store_from_endpoints() -> None:
    assert isinstance(
        LockStore.create(EndpointConfig(type="palmwise.server.storage.locks.LiveLockStore")), LiveLockStore
    )


def test_turns_run_in_order_and_never_concurrently() -> None:
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


def test_the_next_turn_begins_after_an_error() -> None:
    async def scenario() -> None:
        store = LiveLockStore()
        with pytest.raises(ValueError, match="a turn"):
            async with store.lock("a"):
                raise ValueError("a turn")
        async with store.lock("a"):
            pass

    wait(scenario())


def test_a_cancelled_wait_does_not_change_the_order() -> None:
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


def test_a_turn_that_never_ends_releases_the_conversation() -> None:
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
