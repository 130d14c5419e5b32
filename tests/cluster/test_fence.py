"""Without locks, PostgreSQL stores one of two concurrent turns, never a mixture."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from palmwise.errors import StaleTurnError
from palmwise.server.storage import sql
from palmwise.server.storage.tracker_store import LiveTrackerStore
from tests.cluster.stores import Postgres, said, server, take, wait
from tests.rasa.storage.fakes import DOMAIN, session_start, turn

pytestmark = pytest.mark.services


def test_a_turn_that_read_an_old_state_is_refused(postgres: Postgres) -> None:
    async def scenario() -> None:
        with server(postgres) as one, server(postgres) as two:
            await take(one, "early", 0)
            slow = await one.retrieve("early")
            assert slow is not None
            await take(two, "early", 1)
            slow.update_with_events(turn(2), DOMAIN)
            with pytest.raises(StaleTurnError):
                await one.save(slow)
            await take(one, "early", 3)
            assert await said(two, "early") == ["say 0", "say 1", "say 3"]

    wait(scenario())


def amid_reading(
    monkeypatch: pytest.MonkeyPatch, other: LiveTrackerStore, change: Callable[[Connection], None]
) -> None:
    """The next time that a conversation's events are read, `other` commits a change when it is known which they are."""
    read = sql._events

    def read_late(connection: Connection, numbers: Sequence[int]) -> list[dict[str, Any]]:
        monkeypatch.setattr(sql, "_events", read)
        with other.engine.begin() as another:
            change(another)
        return read(connection, numbers)

    monkeypatch.setattr(sql, "_events", read_late)


def test_a_turn_written_during_a_read_is_not_taken_for_read(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        with server(postgres) as one, server(postgres) as two:
            await take(two, "torn", 0)
            written = [sql.event_row("torn", event) for event in turn(1)]
            amid_reading(monkeypatch, two, lambda other: sql.append(other, written))
            slow = await one.retrieve("torn")
            assert slow is not None
            slow.update_with_events(turn(2), DOMAIN)
            with pytest.raises(StaleTurnError):
                await one.save(slow)
            assert await said(two, "torn") == ["say 0", "say 1"]

    wait(scenario())


def test_a_conversation_deleted_during_a_read_is_unknown(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        with server(postgres) as one, server(postgres) as two:
            await take(two, "torn away", 0)
            amid_reading(monkeypatch, two, lambda other: sql.delete(other, ["torn away"]))
            assert await one.retrieve("torn away") is None

    wait(scenario())


def test_a_conversation_deleted_meanwhile_stays_deleted(postgres: Postgres) -> None:
    async def scenario() -> None:
        with server(postgres) as one, server(postgres) as two:
            await take(one, "gone", 0)
            slow = await one.retrieve("gone")
            assert slow is not None
            await two.delete("gone")
            slow.update_with_events(turn(1), DOMAIN)
            with pytest.raises(StaleTurnError):
                await one.save(slow)
            assert not await two.exists("gone")

    wait(scenario())


def test_simultaneous_turns_are_stored_whole_or_not_at_all(postgres: Postgres) -> None:
    async def scenario() -> None:
        with server(postgres) as one, server(postgres) as two:
            await take(one, "race", 0)
            kept = ["say 0"]
            for number in range(1, 31):
                both = await asyncio.gather(
                    take(one, "race", 2 * number), take(two, "race", 2 * number + 1), return_exceptions=True
                )
                for index, outcome in enumerate(both):
                    assert outcome is None or isinstance(outcome, StaleTurnError)
                    if outcome is None:
                        kept.append(f"say {2 * number + index}")
            found = await said(one, "race")
            assert sorted(map(str, found)) == sorted(kept)
            tracker = await one.retrieve_full_tracker("race")
            assert tracker is not None
            expected = [event.type_name for event in session_start()]
            expected += [event.type_name for event in turn(0)] * len(kept)
            assert [event.type_name for event in tracker.events] == expected

    wait(scenario())
