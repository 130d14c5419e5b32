"""Many people at once, and a server that is killed again and again: everybody is where they have to be."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pytest

from palmwise.resources import ROOT
from tests.cluster.services import free_port
from tests.people import Person, http_session
from tests.serving import Server

pytestmark = [pytest.mark.server, pytest.mark.slow]
CROWD = 500
KILLS = 20
ROOM = {"PALMWISE_CLIENT_RATE": "10000", "PALMWISE_CLIENT_BURST": "100000"}
"""Everybody comes from one address."""


def test_five_hundred_at_once(tmp_path: Path) -> None:
    server = Server(tmp_path / "conversations.db", environment=ROOM)

    async def scenario() -> list[Person]:
        async with http_session() as http:
            people = [Person(server.address, number, http) for number in range(CROWD)]
            await asyncio.gather(*(person.open() for person in people))
            await asyncio.gather(*(person.go_on(3) for person in people))
            await asyncio.gather(*(person.look() for person in people[::5]))
            return people

    try:
        people = asyncio.run(asyncio.wait_for(scenario(), 300))
        assert len({person.conversation for person in people}) == CROWD
        assert not any(person.apologies for person in people)
    finally:
        server.stop()


class Lives:
    """The server of `tests.lives`."""

    def __init__(self, database: Path, log: IO[str]) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "tests.lives", "--port", str(self.port), "--database", str(database)]
        command += ["--model", os.environ.get("PALMWISE_TEST_MODEL") or str(ROOT / "models")]
        environment = {**os.environ, **ROOM, "TF_CPP_MIN_LOG_LEVEL": "3"}
        self._pipe = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
        self._pid = 0

    def begin(self) -> None:
        """A new life; returns when it is born, not when it answers."""
        assert self._pipe.stdin is not None
        assert self._pipe.stdout is not None
        self._pipe.stdin.write("\n")
        self._pipe.stdin.flush()
        for line in self._pipe.stdout:
            if line.startswith("born "):
                self._pid = int(line.split()[1])
                return

    def answers(self) -> bool:
        """Whether it is well."""
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/coach/health", timeout=5):
            return True
        return False

    def kill(self) -> None:
        """As a power cut would."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)

    def end(self) -> None:
        """No more lives."""
        self.kill()
        self._pipe.kill()
        self._pipe.wait()


@contextmanager
def lives(tmp_path: Path) -> Iterator[Lives]:
    with (tmp_path / "log").open("w") as log:
        made = Lives(tmp_path / "conversations.db", log)
        try:
            yield made
        finally:
            made.end()


async def answered_once_more(people: Sequence[Person]) -> None:
    """Wait until each of these people has had another answer."""
    before = [len(person.answered) for person in people]
    while any(len(person.answered) == count for person, count in zip(people, before, strict=True)):  # noqa: ASYNC110
        await asyncio.sleep(0.05)


def test_killed_at_twenty_random_moments(tmp_path: Path) -> None:
    chance = random.Random(20)

    async def scenario(server: Lives) -> list[Person]:
        async with http_session() as http:
            people = [Person(f"http://127.0.0.1:{server.port}", number, http) for number in range(8)]
            over = asyncio.Event()

            async def live(person: Person) -> None:
                await person.open()
                while not over.is_set():
                    await person.move()
                    await asyncio.sleep(chance.random() / 20)

            async def cut() -> None:
                for number in range(KILLS):
                    while not await asyncio.to_thread(server.answers):  # noqa: ASYNC110
                        await asyncio.sleep(0.1)
                    if number % 2:
                        # On a busy machine a life may be over before anybody is answered; not two of them.
                        await answered_once_more(people)
                    await asyncio.sleep(chance.random())
                    server.kill()
                    server.begin()
                over.set()

            await asyncio.gather(cut(), *(live(person) for person in people))
            await asyncio.gather(*(person.look() for person in people))
            return people

    with lives(tmp_path) as server:
        server.begin()
        people = asyncio.run(asyncio.wait_for(scenario(server), 300))
    assert sum(person.troubles for person in people) >= KILLS
    assert sum(person.sent for person in people) > KILLS
