"""A database that is locked, full or slow loses nobody's place, and is told; old conversations go for good."""

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
from palmwise.server.retention import keep_tidy
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
def test_the_place_is_kept_while_the_database_is_away(trouble: type, server: Server) -> None:
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


def test_what_lay_still_for_too_long_is_deleted(tmp_path: Path) -> None:
    gone: list[bool] = []

    async def scenario() -> None:
        with live_store(tmp_path / "c.db") as store:
            await play(store, "old", [session_start(), turn(1)])
            born = time.time()
            tidying = asyncio.create_task(keep_tidy(store, 24.0, lambda: gone.append(True), lambda: born + 86_000))
            await asyncio.sleep(0.5)
            tidying.cancel()
            assert await store.exists("old")
            tidying = asyncio.create_task(keep_tidy(store, 24.0, lambda: gone.append(True), lambda: born + 86_500))
            while await store.exists("old"):  # noqa: ASYNC110 - the task runs for ever
                await asyncio.sleep(0.05)
            tidying.cancel()
            assert gone

    asyncio.run(asyncio.wait_for(scenario(), 20))


def test_a_database_that_is_away_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("palmwise.server.retention.LONGEST_PAUSE", 0.05)
    tries: list[float] = []

    async def scenario() -> None:
        with live_store(tmp_path / "c.db") as store:

            async def purge(before: float) -> int:
                tries.append(before)
                raise StoreUnavailableError("away")

            monkeypatch.setattr(store, "purge", purge)
            tidying = asyncio.create_task(keep_tidy(store, 24.0, lambda: None))
            while len(tries) < 2:  # noqa: ASYNC110 - the task runs for ever
                await asyncio.sleep(0.05)
            tidying.cancel()

    asyncio.run(asyncio.wait_for(scenario(), 20))
