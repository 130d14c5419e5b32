"""A lost connection to PostgreSQL loses no turn, and makes none happen twice."""

from __future__ import annotations

import asyncio
import threading

import pytest
import sqlalchemy as sa
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection

from palmwise.errors import UnsureError
from palmwise.server.storage.sql import EVENTS
from palmwise.server.storage.tracker_store import LiveTrackerStore
from tests.cluster.stores import Postgres, said, server, take, wait
from tests.rasa.storage.fakes import DOMAIN, turn

pytestmark = pytest.mark.services

OTHERS = sa.text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = 'postgres'"
)


def test_a_turn_after_a_lost_connection_is_stored(postgres: Postgres) -> None:
    async def scenario() -> None:
        with server(postgres) as store:
            await take(store, "lost", 0)
            _hang_up(postgres)
            await take(store, "lost", 1)
            assert await said(store, "lost") == ["say 0", "say 1"]

    wait(scenario())


def test_a_turn_during_a_lost_connection_is_stored(postgres: Postgres) -> None:
    async def scenario() -> None:
        with server(postgres) as store:
            await take(store, "amid", 0)
            tracker = await store.retrieve("amid")
            assert tracker is not None
            _hang_up(postgres)
            tracker.update_with_events(turn(1), DOMAIN)
            await store.save(tracker)
            assert await said(store, "amid") == ["say 0", "say 1"]

    wait(scenario())


@pytest.mark.parametrize("ends", ["kept", "not kept"])
def test_a_turn_lost_during_its_commit_is_not_written_twice(ends: str, postgres: Postgres) -> None:
    async def scenario() -> None:
        with server(postgres) as store:
            names = [f"{number} {ends}" for number in range(2)]
            trackers = [await _begun(store, name) for name in names]
            free, held = threading.Event(), asyncio.create_task(store._database.run(lambda _: free.wait()))
            await asyncio.sleep(0.1)
            saves = [asyncio.create_task(store.save(tracker)) for tracker in trackers]  # all in one transaction
            await asyncio.sleep(0)
            _lose_commit(postgres, store, ends)
            free.set()
            await held
            assert [type(one) for one in await asyncio.gather(*saves, return_exceptions=True)] == [UnsureError] * len(
                names
            )
            for name in names:
                await take(store, name, 2)
                assert await said(store, name) == ["say 0", *(["say 1"] if ends == "kept" else []), "say 2"]

    wait(scenario())


async def _begun(store: LiveTrackerStore, name: str) -> DialogueStateTracker:
    """A conversation of one turn that is stored and one that is not."""
    await take(store, name, 0)
    tracker = await store.retrieve(name)
    assert tracker is not None
    tracker.update_with_events(turn(1), DOMAIN)
    return tracker


def _lose_commit(postgres: Postgres, store: LiveTrackerStore, ends: str) -> None:
    """Hangs up on the next commit of something written, before it or after."""
    written: list[bool] = []

    def write(_: Connection, __: object, statement: str, *___: object) -> None:
        if f"INSERT INTO {EVENTS.name} " in statement:
            written.append(True)

    def lose(connection: Connection) -> None:
        if len(written) in {1, 2}:
            written.extend([True] * 2)
            if ends == "kept":
                connection.connection.commit()
                connection.connection.cursor().execute("SELECT 1")  # or there is nothing left to commit
            _hang_up(postgres)

    sa.event.listen(store.engine, "after_cursor_execute", write)
    sa.event.listen(store.engine, "commit", lose)


def _hang_up(postgres: Postgres) -> None:
    """Ends every connection but this one, as a restart does."""
    engine = sa.create_engine(postgres[1])
    with engine.connect() as connection:
        connection.execute(OTHERS)
    engine.dispose()
