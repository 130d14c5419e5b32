"""A connection to PostgreSQL that is lost between two turns is none of the person's business."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.cluster.stores import Postgres, said, server, take, wait
from tests.rasa.engine.fakes import DOMAIN, turn

pytestmark = pytest.mark.services

OTHERS = sa.text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = 'postgres'"
)


def test_a_turn_after_it_was_lost_is_taken(postgres: Postgres) -> None:
    async def scenario() -> None:
        with server(postgres) as store:
            await take(store, "lost", 0)
            _hang_up(postgres)
            await take(store, "lost", 1)
            assert await said(store, "lost") == ["say 0", "say 1"]

    wait(scenario())


def test_a_turn_that_was_read_before_it_was_lost_is_kept(postgres: Postgres) -> None:
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


def _hang_up(postgres: Postgres) -> None:
    """Ends every connection but this one, as a restart does."""
    engine = sa.create_engine(postgres[1])
    with engine.connect() as connection:
        connection.execute(OTHERS)
    engine.dispose()
