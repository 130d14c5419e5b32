"""Servers and what may happen to them: one process with its SQLite file, and the cluster."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import sqlalchemy as sa

from palmwise.resources import ROOT
from tests.cluster import services
from tests.cluster.hands import database
from tests.cluster.running import SERVERS, Cluster, cluster

Event = Callable[[], Awaitable[None]]
LEAPS = (120.0, -120.0, 7200.0, -7200.0, 3.2e7, -3.2e7, 3.2e8, -3.2e8)
"""Seconds by which the time of day leaps, up to ten years."""
HELD = 300
"""Connections that hostile clients hold at once."""
ANNOYANCE = 5.0
"""Seconds in which they connect, as far as they get, and for which they then wait at most."""
HANG = 1.0
"""Seconds that a connection may take: a frozen server takes none."""
GARBAGE = (
    b"POST /coach/message HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n",
    b"GET /coach/health HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n",
    b"POST /coach/conversation HTTP/1.1\r\nHost: evil.example\r\nTransfer-Encoding: CHUNKED\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n",
    b"GET /coach/" + b"a" * 5000,
)
ANY_LIMITS = {
    f"PALMWISE_{name}": "100000"
    for name in ("CLIENT_RATE", "CLIENT_BURST", "OPEN_RATE", "OPEN_BURST", "TOTAL_OPEN_RATE", "TOTAL_OPEN_BURST")
}
"""Everybody here has one address."""


class World(Protocol):
    """What people talk to."""

    address: str

    def events(self) -> Mapping[str, Event]:
        """What may happen, by name. Each is over when everything runs again."""

    def stored(self) -> dict[str, Counter[str]]:
        """Conversation -> ids of the messages that are stored, with how often each is. Raises for a broken database."""


async def annoy(address: str) -> None:
    """Hold connections with requests that do not end or make no sense, for `ANNOYANCE` seconds or a little more."""
    target = urlsplit(address)

    def hold() -> None:
        until = time.monotonic() + ANNOYANCE
        with contextlib.ExitStack() as held:
            for number in range(HELD):
                if time.monotonic() > until:
                    break
                with contextlib.suppress(OSError):
                    wire = socket.create_connection((str(target.hostname), int(target.port or 0)), timeout=HANG)
                    held.callback(wire.close)
                    wire.sendall(GARBAGE[number % len(GARBAGE)])
            time.sleep(max(1.0, until - time.monotonic()))

    await asyncio.to_thread(hold)


class OneProcess:
    """A server that is forked from one that has everything loaded, so that it starts at once."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "conversations.db"
        self._port = services.free_port()
        self.address = f"http://127.0.0.1:{self._port}"
        self._leap = folder / "leap"
        self._leap.write_text("0", encoding="ascii")
        self.log = (folder / "server.log").open("wb")
        command = [sys.executable, "-W", "ignore", "-m", "tests.chaos.leaping_server", "--port", str(self._port)]
        command += ["--database", str(self.database)]
        command += ["--model", os.environ.get("PALMWISE_TEST_MODEL") or str(ROOT / "models")]
        self._parent = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **ANY_LIMITS, "PALMWISE_TEST_LEAP": str(self._leap)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        self._born = 0
        self._start()

    def close(self) -> None:
        """End the server and what it is forked from."""
        self._end(signal.SIGTERM)
        self._parent.communicate(timeout=30)
        self.log.close()

    def events(self) -> Mapping[str, Event]:
        """What may happen to one process."""

        def blocking(event: Callable[[], None]) -> Event:
            return lambda: asyncio.to_thread(event)

        return {
            "kill": blocking(lambda: self._restart(signal.SIGKILL)),
            "stop": blocking(lambda: self._restart(signal.SIGTERM)),
            "freeze": blocking(self._freeze),
            "full disk": blocking(self._fill),
            "database locked": blocking(lambda: self._hold("BEGIN EXCLUSIVE")),
            "log read by others": blocking(lambda: self._hold("BEGIN; SELECT count(*) FROM events")),
            "clock leap": blocking(self._leap_somewhere),
            "clock leap while it is down": blocking(lambda: self._restart(signal.SIGKILL, self._leap_somewhere)),
            "hostile clients": lambda: annoy(self.address),
        }

    def stored(self) -> dict[str, Counter[str]]:
        """What the file holds, which is checked first."""
        with contextlib.closing(sqlite3.connect(self.database)) as reader:
            (state,) = reader.execute("PRAGMA integrity_check").fetchone()
            if state != "ok":
                raise RuntimeError(f"The database is broken: {state}")
            return _by_conversation(reader.execute("SELECT sender_id, data FROM events WHERE type_name = 'user'"))

    def _start(self) -> None:
        assert self._parent.stdin
        assert self._parent.stdout
        self._parent.stdin.write("\n")
        self._parent.stdin.flush()
        while not (line := self._parent.stdout.readline()).startswith("born"):
            if not line:
                raise RuntimeError("The server cannot be started.")
        self._born = int(line.split()[1])
        deadline = time.monotonic() + services.PATIENCE
        while not services.listens(self._port):
            if time.monotonic() > deadline:
                raise RuntimeError("The server does not answer.")
            time.sleep(0.1)

    def _end(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._born, number)
            for _ in range(300):
                os.kill(self._born, 0)
                time.sleep(0.1)
            os.kill(self._born, signal.SIGKILL)

    def _restart(self, number: int, meanwhile: Callable[[], None] = lambda: None) -> None:
        self._end(number)
        meanwhile()
        self._start()

    def _freeze(self) -> None:
        os.kill(self._born, signal.SIGSTOP)
        time.sleep(random.uniform(1, 4))
        os.kill(self._born, signal.SIGCONT)

    def _fill(self) -> None:
        before = resource.prlimit(self._born, resource.RLIMIT_FSIZE)
        resource.prlimit(self._born, resource.RLIMIT_FSIZE, (1, before[1]))
        time.sleep(random.uniform(1, 3))
        resource.prlimit(self._born, resource.RLIMIT_FSIZE, before)

    def _hold(self, statements: str) -> None:
        with contextlib.closing(sqlite3.connect(self.database, isolation_level=None, timeout=10)) as other:
            for statement in statements.split(";"):
                other.execute(statement).fetchall()
            time.sleep(random.uniform(1, 4))

    def _leap_somewhere(self) -> None:
        self._leap.write_text(str(random.choice(LEAPS)), encoding="ascii")


class Several:
    """The cluster of `tests.cluster`."""

    def __init__(self, running: Cluster) -> None:
        self._cluster = running
        self.address = running.address

    def events(self) -> Mapping[str, Event]:
        """What may happen to the parts of a cluster."""

        def restart(name: str, *, kill: bool) -> Event:
            part = self._cluster.parts[name]

            def event() -> None:
                part.kill() if kill else part.stop()
                part.start()

            return lambda: asyncio.to_thread(event)

        kills = {f"kill {name}": restart(name, kill=True) for name in (*SERVERS, "postgres", "redis", "actions")}
        stops = {f"stop {name}": restart(name, kill=False) for name in SERVERS}
        return {**kills, **stops, "hostile clients": lambda: annoy(self.address)}

    def stored(self) -> dict[str, Counter[str]]:
        """What PostgreSQL holds."""
        with database(self._cluster) as connection:
            rows = connection.execute(sa.text("SELECT sender_id, data FROM events WHERE type_name = 'user'"))
            return _by_conversation((sender, data) for sender, data in rows)


@contextmanager
def one_process(folder: Path) -> Iterator[World]:
    """One server on one file."""
    world = OneProcess(folder)
    try:
        yield world
    finally:
        world.close()


@contextmanager
def several(folder: Path) -> Iterator[World]:
    """Two servers and all that they need."""
    (folder / "database").mkdir()
    postgres, redis = services.postgres(folder / "database"), services.redis(folder)
    try:
        postgres[0].start()
        redis[0].start()
        with cluster(folder, postgres, redis) as running:
            yield Several(running)
    finally:
        postgres[0].stop()
        redis[0].stop()


def _by_conversation(rows: Iterator[tuple[str, str]] | sqlite3.Cursor) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for sender, data in rows:
        found.setdefault(sender, Counter())[str((json.loads(data).get("metadata") or {}).get("id"))] += 1
    return found
