"""Turns of a conversation run one after the other on all servers that share a Redis."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig
from redis.asyncio.connection import Connection
from sanic import Sanic

from palmwise.errors import LockUnavailableError
from palmwise.server.channel import close_stores
from palmwise.server.storage.locks import RedisLockStore, digest
from tests.rasa.storage.fakes import live_store, wait

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not shutil.which("redis-server"), reason="redis-server is not installed"),
]
PORT = 5152


@pytest.fixture(scope="module", autouse=True)
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder: Path = tmp_path_factory.mktemp("redis")
    process = subprocess.Popen(
        ["redis-server", "--port", str(PORT), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    client = redis.Redis(port=PORT)
    for _ in range(100):
        try:
            client.ping()
            break
        except redis.ConnectionError:
            time.sleep(0.05)
    yield
    client.close()
    process.terminate()
    process.wait()


@asynccontextmanager
async def _store(**settings: Any) -> AsyncIterator[RedisLockStore]:
    """The lock store of one server."""
    kind = "palmwise.server.storage.locks.RedisLockStore"
    made = LockStore.create(EndpointConfig(f"redis://127.0.0.1:{PORT}/1", type=kind, **settings))
    assert isinstance(made, RedisLockStore)
    try:
        yield made
    finally:
        await made.close()


def test_turns_of_two_servers_run_in_order_and_never_concurrently() -> None:
    async def scenario() -> None:
        async with _store() as first, _store() as second:
            order: list[int] = []
            inside: set[int] = set()
            release = asyncio.Event()

            async def one(number: int) -> None:
                async with (first, second)[number % 2].lock("a"):
                    assert not inside
                    inside.add(number)
                    await release.wait()
                    order.append(number)
                    inside.remove(number)

            tasks = []
            with redis.Redis(port=PORT, db=1) as client:
                for number in range(20):
                    tasks.append(asyncio.create_task(one(number)))
                    while int(client.zcard("palmwise:lock:" + digest("a"))) <= number:  # noqa: ASYNC110 - Redis tells nobody
                        await asyncio.sleep(0.005)
            release.set()
            await asyncio.gather(*tasks)
            assert order == list(range(20))

    wait(scenario())


def test_the_lock_of_a_dead_server_expires() -> None:
    async def scenario() -> None:
        async with _store() as dead, _store() as alive:
            never_left = dead.lock("b", lock_lifetime=0.05)
            await never_left.__aenter__()
            async with alive.lock("b"):
                pass
            await never_left.__aexit__(None, None, None)

    wait(scenario())


def test_a_cancelled_wait_is_skipped() -> None:
    async def scenario() -> None:
        async with _store() as store:
            left = asyncio.Event()

            async def pass_through() -> None:
                async with store.lock("c"):
                    left.set()

            async with store.lock("c"):
                gives_up = asyncio.create_task(pass_through())
                await asyncio.sleep(0.05)
                gives_up.cancel()
                last = asyncio.create_task(pass_through())
                await asyncio.sleep(0.05)
                assert not left.is_set()
            await asyncio.wait_for(last, 2)
            assert gives_up.cancelled()

    wait(scenario())


def test_a_missing_redis_raises_lock_unavailable() -> None:
    async def scenario() -> None:
        store = RedisLockStore(EndpointConfig("redis://127.0.0.1:5153/1"))
        with pytest.raises(LockUnavailableError):
            async with store.lock("a"):
                raise AssertionError("nobody guards this")
        await store.close()

    wait(scenario())


def test_a_closed_store_reconnects() -> None:
    async def scenario() -> None:
        async with _store() as store:
            await store.ping()
            await store.close()
            await store.close()
            async with store.lock("d"):
                pass

    wait(scenario())


class HungUp(Connection):  # type: ignore[misc]  # it comes without types
    """To Redis, which closes it so often just when something is sent; uvloop's own words."""

    times = 0

    async def _send_packed_command(self, command: Iterable[bytes]) -> None:
        if HungUp.times and any(b"EVAL" in part for part in command):
            HungUp.times -= 1
            raise RuntimeError("unable to perform operation on <TCPTransport closed=True>; the handler is closed")
        await super()._send_packed_command(command)


@pytest.mark.parametrize("times", [1, 100])
def test_a_dropped_connection_to_redis_is_retried_once(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        monkeypatch.setattr(HungUp, "times", times)
        async with _store(connection_class=HungUp) as store:
            with pytest.raises(LockUnavailableError) if times > 1 else nullcontext():
                async with store.lock("e"):
                    pass

    wait(scenario())


def test_a_stopping_server_closes_its_connections(tmp_path: Path) -> None:
    async def scenario() -> None:
        app = Sanic("ends")
        async with _store() as locks:
            with live_store(tmp_path / "a.db") as store, redis.Redis(port=PORT) as client:
                before = len(client.client_list())
                app.ctx.agent = SimpleNamespace(tracker_store=store, lock_store=locks)
                async with locks.lock("f"):
                    await store.ping()
                assert len(client.client_list()) > before
                await close_stores(app, asyncio.get_running_loop())
                while len(client.client_list()) > before:  # noqa: ASYNC110 - Redis tells nobody
                    await asyncio.sleep(0.005)

    wait(scenario())
