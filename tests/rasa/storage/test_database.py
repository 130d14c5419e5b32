"""A hanging database blocks one thread and one connection, not the server."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from palmwise.errors import StoreUnavailableError, UnsureError
from tests.rasa.storage.fakes import live_store, play, session_start, step, turn, wait


def test_a_job_that_was_not_begun_fails_differently_from_one_that_hangs(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db", patience=4.0) as store:
            await play(store, "a", [session_start(), turn(1)])
            awake = threading.Event()
            begun = asyncio.create_task(store._database.run(lambda _: awake.wait(30)))
            await asyncio.sleep(0.1)
            waiting = asyncio.create_task(store._database.run(lambda _: None, 0.1))
            with pytest.raises(StoreUnavailableError) as told:
                await waiting
            assert not isinstance(told.value, UnsureError)
            with pytest.raises(UnsureError):
                await begun
            silent = [thread for thread in threading.enumerate() if thread.name == "conversations"]
            await store.ping(20)  # by another thread
            await play(store, "a", [turn(2)])
            assert step(await store.retrieve("a")) == 2
            awake.set()
            silent[0].join(20)
            assert not silent[0].is_alive()

    wait(scenario())


def test_jobs_queued_behind_a_hanging_one_are_done_by_the_next_thread(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db", patience=0.5) as store:
            awake = threading.Event()
            # Longer than the patience: a busy machine may take a while to begin it.
            begun = asyncio.create_task(store._database.run(lambda _: awake.wait(60), 5.0))
            await asyncio.sleep(0.1)
            behind = asyncio.create_task(store._database.run(lambda _: "done", 40))
            with pytest.raises(UnsureError):
                await begun
            assert await behind == "done"
            awake.set()

    wait(scenario())


def test_closing_gives_up_on_a_hanging_database(tmp_path: Path) -> None:
    async def scenario() -> None:
        awake = threading.Event()
        with live_store(tmp_path / "a.db", patience=0.2) as store:
            begun = asyncio.create_task(store._database.run(lambda _: awake.wait(30), 0.1))
            with pytest.raises(UnsureError):
                await begun
        assert not awake.is_set()
        awake.set()

    wait(scenario())
