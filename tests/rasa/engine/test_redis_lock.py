"""Turns of one conversation follow each other among servers that share a Redis."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import redis
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig

from engine.errors import LockUnavailableError
from engine.redis_lock import RedisLockStore
from tests.rasa.engine.fakes import wait

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
async def _store() -> AsyncIterator[RedisLockStore]:
    """The lock store of one server."""
    made = LockStore.create(EndpointConfig(f"redis://127.0.0.1:{PORT}/1", type="engine.redis_lock.RedisLockStore"))
    assert isinstance(made, RedisLockStore)
    try:
        yield made
    finally:
        await made.close()


def test_two_servers_turns_follow_in_order_and_never_together() -> None:
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
                    while int(client.zcard("palmwise:lock:a")) <= number:  # noqa: ASYNC110 - Redis tells nobody
                        await asyncio.sleep(0.005)
            release.set()
            await asyncio.gather(*tasks)
            assert order == list(range(20))

    wait(scenario())


def test_a_server_that_died_holds_nobody_up_for_ever() -> None:
    async def scenario() -> None:
        async with _store() as dead, _store() as alive:
            never_left = dead.lock("b", lock_lifetime=0.05)
            await never_left.__aenter__()
            async with alive.lock("b"):
                pass
            await never_left.__aexit__(None, None, None)

    wait(scenario())


def test_one_that_gives_up_waiting_is_passed_over() -> None:
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


def test_no_redis_is_an_error_with_a_name() -> None:
    async def scenario() -> None:
        store = RedisLockStore(EndpointConfig("redis://127.0.0.1:5153/1"))
        with pytest.raises(LockUnavailableError):
            async with store.lock("a"):
                raise AssertionError("nobody guards this")
        await store.close()

    wait(scenario())


def test_one_that_was_closed_opens_anew() -> None:
    async def scenario() -> None:
        async with _store() as store:
            await store.ping()
            await store.close()
            await store.close()
            async with store.lock("d"):
                pass

    wait(scenario())
