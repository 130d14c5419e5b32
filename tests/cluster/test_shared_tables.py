"""The table of conversations and the kept clock in PostgreSQL, where several servers share them."""

from __future__ import annotations

import asyncio
import secrets
import threading
import time

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from palmwise.errors import StoreUnavailableError
from palmwise.server.clock import SteadyClock
from palmwise.server.storage.sql import EVENTS
from tests.cluster.stores import Postgres, said, server, take, wait

pytestmark = pytest.mark.services


@pytest.fixture
def database(postgres: Postgres) -> Postgres:
    """A new, empty database of the same service."""
    name = f"empty_{secrets.token_hex(4)}"
    engine = sa.create_engine(postgres[1], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return postgres[0], postgres[1].replace("/postgres?", f"/{name}?")


def test_old_and_empty_conversations_go_and_others_stay(database: Postgres) -> None:
    async def scenario() -> None:
        now = 1000.0
        with server(database, now=lambda: now) as one, server(database, now=lambda: now) as two:
            await take(one, "old", 1)
            await one.open("empty")
            now = 2000.0
            await take(two, "new", 2)
            await two.open("just opened")
            assert await two.exists("empty")
            assert await one.purge(before=500.0, empty_before=1500.0) == 1
            assert not await two.exists("empty")
            assert await two.purge(before=1500.0) == 1
            assert [await one.exists(name) for name in ("old", "new", "just opened")] == [False, True, True]
            assert await said(one, "new") == ["say 2"]

    wait(scenario())


def test_a_server_goes_on_with_the_time_that_another_has_kept(database: Postgres) -> None:
    async def scenario() -> None:
        ahead = SteadyClock(wall=lambda: time.time() + 3.2e8)
        right = SteadyClock()
        with server(database) as one, server(database) as two:
            await one.keep_time(ahead, first=True)
            await two.keep_time(right, first=True)
            assert right.now() == pytest.approx(ahead.now(), abs=60.0)

    wait(scenario())


def test_servers_that_start_at_once_keep_their_first_reading(database: Postgres) -> None:
    async def scenario() -> None:
        gate = threading.Barrier(2)

        def meet(_: Connection, __: object, statement: str, *___: object) -> None:
            if "FROM palmwise_clock" in statement:
                gate.wait(10)

        with server(database) as one, server(database) as two:
            for store in (one, two):
                await store.ping()
                sa.event.listen(store.engine, "after_cursor_execute", meet)
            await asyncio.gather(*(store.keep_time(SteadyClock(), first=True) for store in (one, two)))

    wait(scenario())


def test_a_large_table_of_events_is_adopted_however_long_it_takes(database: Postgres) -> None:
    async def scenario() -> None:
        with server(database) as store:
            await take(store, "from before", 1)
        engine = sa.create_engine(database[1])
        with engine.connect() as holder, server(database, patience=0.5) as store:
            with holder.begin():
                holder.execute(sa.text("DROP TABLE palmwise_conversations"))
            with holder.begin():
                # What reads the events takes longer than a turn may.
                holder.execute(sa.text(f"LOCK TABLE {EVENTS.name} IN ACCESS EXCLUSIVE MODE"))
                with pytest.raises(StoreUnavailableError):
                    await store.exists("from before")
                await asyncio.sleep(1.0)
            while not _adopted(holder):  # noqa: ASYNC110 - the database tells nobody
                await asyncio.sleep(0.1)
        engine.dispose()

    wait(scenario())


def _adopted(connection: Connection) -> bool:
    with connection.begin():
        return bool(sa.inspect(connection).has_table("palmwise_conversations"))
