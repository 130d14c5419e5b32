"""A PostgreSQL that is read-only or hangs is reported, and no server has to be restarted for it."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from palmwise.errors import StoreUnavailableError, UnsureError
from tests.cluster.stores import Postgres, said, server, take, wait
from tests.cluster.test_connection import OTHERS
from tests.rasa.storage.fakes import DOMAIN, turn

pytestmark = pytest.mark.services


class Network:
    """What lies between a server and its database, and may swallow what is sent."""

    def __init__(self, port: int) -> None:
        """To `port` of this machine."""
        self._target = port
        self._lost: list[threading.Event] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def lose(self) -> None:
        """Neither answers nor ends any connection that is there; new ones work."""
        for lost in self._lost:
            lost.set()

    def close(self) -> None:
        """Takes no more."""
        self._door.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = self._door.accept()
                there, lost = socket.create_connection(("127.0.0.1", self._target)), threading.Event()
                self._lost.append(lost)
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=_carry, args=(one, other, lost), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket, lost: threading.Event) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(65_536):
            if not lost.is_set():
                other.sendall(data)
        if not lost.is_set():
            other.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def network(postgres: Postgres) -> Iterator[tuple[Network, Postgres]]:
    port = re.search(r"127\.0\.0\.1:(\d+)", postgres[1])
    assert port is not None
    between = Network(int(port[1]))
    try:
        yield between, (postgres[0], postgres[1].replace(port[1], str(between.port)))
    finally:
        between.close()


def test_a_hanging_connection_is_replaced(postgres: Postgres) -> None:
    async def scenario() -> None:
        with network(postgres) as (between, address), server(address, patience=2.0) as store:
            await take(store, "silent", 0)
            between.lose()
            with pytest.raises(UnsureError):
                await take(store, "silent", 1)
            await store.ping()
            await take(store, "silent", 2)
            assert await said(store, "silent") == ["say 0", "say 2"]

    wait(scenario())


def test_a_hanging_turn_releases_its_conversation(postgres: Postgres) -> None:
    async def scenario() -> None:
        with network(postgres) as (between, address), server(address, patience=1.0) as store:
            await take(store, "held", 0)
            tracker = await store.retrieve("held")
            assert tracker is not None
            tracker.update_with_events(turn(1), DOMAIN)

            def lost(*_: object) -> None:
                between.lose()

            sa.event.listen(store.engine, "after_cursor_execute", lost)
            with pytest.raises(UnsureError):
                await store.save(tracker)
            sa.event.remove(store.engine, "after_cursor_execute", lost)
            for _ in range(20):
                with contextlib.suppress(StoreUnavailableError):
                    await take(store, "held", 2)
                    break
                await asyncio.sleep(0.5)
            assert (await said(store, "held"))[-1] == "say 2"

    wait(scenario())


def test_a_read_only_database_is_reported(postgres: Postgres) -> None:
    async def scenario() -> None:
        with server(postgres) as store:
            await take(store, "read only", 0)
            await store.ping()
            try:
                _set(postgres, "on")
                with pytest.raises(StoreUnavailableError):
                    await store.ping()
                with pytest.raises(StoreUnavailableError):
                    await take(store, "read only", 1)
            finally:
                _set(postgres, "off")
            await store.ping()
            await take(store, "read only", 1)
            assert await said(store, "read only") == ["say 0", "say 1"]
        # Nor does the database write down what it did not take.
        assert "read-only transaction" in postgres[0].output()
        assert "say 1" not in postgres[0].output()

    wait(scenario())


def _set(postgres: Postgres, read_only: str) -> None:
    """As after a switch to another machine: every connection begins anew."""
    engine = sa.create_engine(postgres[1], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("SET default_transaction_read_only = off"))
        connection.execute(sa.text(f"ALTER DATABASE postgres SET default_transaction_read_only = {read_only}"))
        connection.execute(OTHERS)
    engine.dispose()
