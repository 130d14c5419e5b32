"""Without locks, PostgreSQL stores one of two concurrent turns, never a mixture."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from palmwise.errors import StaleTurnError
from palmwise.server.storage.sql import EVENTS
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


def test_a_turn_takes_three_statements(postgres: Postgres) -> None:
    async def scenario() -> None:
        with server(postgres, now=lambda: 1000.0) as store:
            await take(store, "short", 0)
            asked: list[str] = []
            sa.event.listen(store.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
            assert await store.exists("short")
            await take(store, "short", 1)
            assert len(asked) == 3  # what is there, the claim, and the new events
            assert await said(store, "short") == ["say 0", "say 1"]

    wait(scenario())


def test_the_newest_event_is_found_by_an_index(postgres: Postgres) -> None:
    async def scenario() -> None:
        with server(postgres) as store:
            await take(store, "long", 0)
            with store.engine.connect() as connection:
                found = sa.inspect(connection).get_indexes(EVENTS.name)
            assert ["sender_id", "id"] in [index["column_names"] for index in found]

    wait(scenario())
