"""Turns of one conversation follow each other among servers that share a Redis."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import time
from collections.abc import Iterator
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


def _store() -> LockStore:
    return LockStore.create(EndpointConfig(f"redis://127.0.0.1:{PORT}/1", type="engine.redis_lock.RedisLockStore"))


def test_two_servers_turns_follow_in_order_and_never_together() -> None:
    async def scenario() -> None:
        stores = (_store(), _store())
        order: list[int] = []
        inside: set[int] = set()

        release = asyncio.Event()
        client = redis.Redis(port=PORT, db=1)

        def queued() -> int:
            return int(client.zcard("palmwise:lock:a"))

        async def one(number: int) -> None:
            async with stores[number % 2].lock("a"):
                assert not inside
                inside.add(number)
                await release.wait()
                order.append(number)
                inside.remove(number)

        tasks = []
        for number in range(20):
            tasks.append(asyncio.create_task(one(number)))
            while queued() <= number:  # noqa: ASYNC110 - Redis tells nobody
                await asyncio.sleep(0.005)
        release.set()
        await asyncio.gather(*tasks)
        client.close()
        assert order == list(range(20))

    wait(scenario())


def test_a_server_that_died_holds_nobody_up_for_ever() -> None:
    async def scenario() -> None:
        dead = _store()
        await dead.lock("b", lock_lifetime=0.05).__aenter__()
        async with _store().lock("b"):
            pass

    wait(scenario())


def test_one_that_gives_up_waiting_is_passed_over() -> None:
    async def scenario() -> None:
        store = _store()
        async with store.lock("c"):
            gives_up = asyncio.create_task(store.lock("c").__aenter__())
            await asyncio.sleep(0.05)
            gives_up.cancel()
            last = asyncio.create_task(store.lock("c").__aenter__())
            await asyncio.sleep(0.05)
            assert not last.done()
        await asyncio.wait_for(last, 2)

    wait(scenario())


def test_no_redis_is_an_error_with_a_name() -> None:
    async def scenario() -> None:
        store = RedisLockStore(EndpointConfig("redis://127.0.0.1:5153/1"))
        with pytest.raises(LockUnavailableError):
            await store.lock("a").__aenter__()

    wait(scenario())
