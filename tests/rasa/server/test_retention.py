"""A failing database is reported and loses nobody's place; old conversations are deleted."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from palmwise.client.http_client import CoachClient
from palmwise.errors import RefusedError, StoreUnavailableError
from palmwise.server.retention import purge_regularly
from palmwise.server.storage.tracker_store import LiveTrackerStore
from tests.rasa.storage.fakes import live_store, play, session_start, turn
from tests.serving import Server

SAID = "my wrists feel like rusty hinges"


@contextmanager
def locked(server: Server) -> Iterator[None]:
    """Somebody else writes to the file and does not end."""
    connection = sqlite3.connect(server.database, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def full(server: Server) -> Iterator[None]:
    """No file of the server can grow, as on a disk without room."""
    before = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, before)


def status(talk: CoachClient) -> int:
    try:
        talk.request("GET", "/coach/health")
    except RefusedError as error:
        return error.status
    return 200


@pytest.mark.server
@pytest.mark.slow
@pytest.mark.parametrize("trouble", [locked, full], ids=["locked", "full"])
def test_the_place_is_kept_while_the_database_fails(trouble: type, server: Server) -> None:
    talk = server.talk()
    talk.press('/start_routine{"routine": "classic"}')
    talk.press("/deny")
    talk.press("/affirm")
    before = talk.press("/next_step")[-1]["custom"]["session"]
    with trouble(server):
        assert status(talk) == 503
        answer = talk.say(SAID)
        assert "Sorry" in answer[0]["text"]
        assert answer[-1]["custom"]["card"] == "note"
        assert answer[-1]["custom"]["session"] == before
        # Who can repeat a message safely is told to.
        with pytest.raises(RefusedError) as caught:
            talk.press("/next_step", id="again")
        assert (caught.value.status, caught.value.retry_after) == (503, 1)
    deadline = time.monotonic() + 30
    while status(talk) != 200:
        assert time.monotonic() < deadline
    assert talk.look()["session"]["step"] == before["step"]
    assert talk.press("/next_step", id="again")[-1]["custom"]["session"]["step"] == before["step"] + 1
    assert SAID not in server.output()


async def purge_after(store: LiveTrackerStore, seconds: float) -> None:
    """Let one purge happen, so many seconds from now."""
    purged = asyncio.Event()
    purge = store.purge

    async def told(before: float, empty_before: float | None = None, *, pause: float = 0.0) -> int:
        count = await purge(before + seconds, (empty_before or before) + seconds, pause=pause)
        purged.set()
        return count

    vars(store)["purge"] = told
    purging = asyncio.create_task(purge_regularly(store, 24.0, lambda: None))
    await purged.wait()
    purging.cancel()
    del vars(store)["purge"]


def test_conversations_are_deleted_after_the_retention_time(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "c.db") as store:
            await play(store, "old", [session_start(), turn(1)])
            await purge_after(store, 86_000)
            assert await store.exists("old")
            await purge_after(store, 86_500)
            assert not await store.exists("old")

    asyncio.run(asyncio.wait_for(scenario(), 20))


def test_a_conversation_in_which_nothing_was_said_ends_after_an_hour(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "c.db") as store:
            await store.open("empty")
            await play(store, "talked", [session_start(), turn(1)])
            await purge_after(store, 3500)
            assert await store.exists("empty")
            await purge_after(store, 3700)
            assert not await store.exists("empty")
            assert await store.exists("talked")

    asyncio.run(asyncio.wait_for(scenario(), 20))


@pytest.mark.parametrize("error", [StoreUnavailableError("away"), KeyError(SAID), OSError(SAID)])
def test_an_error_does_not_end_the_retention_task(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("palmwise.server.retention.MAX_PAUSE", 0.05)
    tries: list[float] = []
    purged: list[bool] = []

    async def scenario() -> None:
        with live_store(tmp_path / "c.db") as store:

            async def purge(before: float, _: float, **__: float) -> int:
                tries.append(before)
                if len(tries) < 3:
                    raise error
                return 1

            monkeypatch.setattr(store, "purge", purge)
            purging = asyncio.create_task(purge_regularly(store, 24.0, lambda: purged.append(True)))
            while not purged:  # noqa: ASYNC110 - the task never ends
                await asyncio.sleep(0.05)
            purging.cancel()

    asyncio.run(asyncio.wait_for(scenario(), 20))
    assert len([line for line in caplog.records if line.name == "palmwise.server.retention"]) == 2
    assert SAID not in caplog.text
