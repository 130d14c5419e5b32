"""Headers, slow senders, floods: who may do what, for how long, how often."""

from __future__ import annotations

import http.client
import itertools
import json
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from palmwise.client.http_client import CoachClient
from palmwise.resources import ROOT
from palmwise.server.settings import Limits
from tests.serving import Server

pytestmark = [pytest.mark.server]
DOORS = [
    ("GET", "/"),
    ("GET", "/coach/health"),
    ("GET", "/coach/widget.js"),
    ("GET", "/coach/openapi.json"),
    ("POST", "/coach/conversation"),
    ("POST", "/coach/message"),
    ("GET", "/nowhere"),
    ("OPTIONS", "/coach/message"),
    ("PUT", "/coach/message"),
    ("GET", "/webhooks/rest/webhook"),
]


@pytest.mark.parametrize(("method", "path"), DOORS, ids=lambda value: value)
def test_what_every_answer_carries(method: str, path: str, server: Server) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=30)
    connection.request(method, path)
    answer = connection.getresponse()
    text = answer.read().decode() + str(answer.headers)
    connection.close()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Server"] is None
    assert answer.headers["Access-Control-Allow-Origin"] is None
    assert answer.headers["Access-Control-Allow-Credentials"] is None
    assert "sanic" not in text.lower()
    assert "rasa" not in text.lower().replace("/coach/pictures", "")


def slowly(server: Server, first: bytes, more: bytes, patience: float) -> tuple[bytes, float]:
    """Sends `first`, then a byte of `more` every half second; the answer and how long the connection lived."""
    target = urlsplit(server.address)
    began = time.monotonic()
    with socket.create_connection((str(target.hostname), int(target.port or 0)), timeout=0.5) as wire:
        wire.sendall(first)
        while time.monotonic() - began < patience:
            try:
                found = wire.recv(1000)
            except TimeoutError:
                try:
                    wire.sendall(more[:1])
                except OSError:
                    found = b""
                else:
                    more = more[1:] or b"x"
                    continue
            except OSError:
                found = b""
            return found, time.monotonic() - began
    return b"still open", patience


STRICT: dict[str, Any] = {"request_seconds": 2, "response_seconds": 3, "client_burst": 400, "client_rate": 20.0}


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with little patience, and with small limits."""
    limits = {f"PALMWISE_{name.upper()}": str(value) for name, value in STRICT.items()}
    running = Server(Path(tmp_path_factory.mktemp("strict")) / "conversations.db", environment=limits)
    yield running
    running.stop()


@pytest.mark.slow
@pytest.mark.parametrize("where", ["head", "body"])
def test_a_slow_sender_is_shown_out_and_holds_nobody_up(where: str, strict: Server) -> None:
    head = b"POST /coach/message HTTP/1.1\r\nHost: coach\r\n"
    first = head if where == "head" else head + b"Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n"
    found: list[tuple[bytes, float]] = []
    senders = [
        threading.Thread(target=lambda: found.append(slowly(strict, first, b"X-Slow: " + b"x" * 60, 20)))
        for _ in range(30)
    ]
    for sender in senders:
        sender.start()
    with closing(at_home(strict, "127.0.0.2")) as talk:
        talk.open()
        assert talk.say("hello")
    for sender in senders:
        sender.join()
    assert len(found) == 30
    assert b"still open" not in {answer for answer, _ in found}
    assert all(answer[9:12] in {b"", b"408", b"503"} for answer, _ in found)


class HomeTalk(CoachClient):
    """A client of an address of its own, on one connection."""

    def __init__(self, address: str, home: str) -> None:
        super().__init__(address)
        self._wire = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60, source_address=(home, 0))

    def request(self, method: str, path: str, content: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The same, without new connections and without errors: a flood does not mind them."""
        body = None if content is None else json.dumps(content)
        self._wire.request(method, path, body, {"Content-Type": "application/json"})
        answer = self._wire.getresponse()
        found: dict[str, Any] = json.loads(answer.read() or b"{}")
        return {"messages": [], **found}

    def close(self) -> None:
        self._wire.close()


def at_home(server: Server, home: str) -> HomeTalk:
    return HomeTalk(server.address, home)


def turns(talk: CoachClient, count: int) -> list[float]:
    """Seconds of each turn, with a breath between them as people take."""
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        assert talk.press("/repeat_step")
        taken.append(time.perf_counter() - began)
        time.sleep(0.02)
    return taken


HOMES = itertools.count(1)
"""For each flood one of which the server has not heard yet."""


class Flood:
    """A client that asks for all it can from 16 connections, in a process of its own, whenever it is told to."""

    def __init__(self, server: Server, home: str) -> None:
        # Whoever floods is at home on a machine of their own: what is asked is how the server shares itself out.
        command = ["nice", "-n", "19", sys.executable, str(ROOT / "tests" / "flood.py")]
        command += [urlsplit(server.address).netloc, home, "16"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, word: str) -> str:
        """The line that answers the word."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    @contextmanager
    def pouring(self, *, refused: bool) -> Iterator[None]:
        """From when it pours, or from when it is `refused`, until the last of it is answered."""
        self.tell("refused" if refused else "pour")
        yield
        self.told: list[tuple[float, float, int]] = json.loads(self.tell("stop"))

    def close(self) -> None:
        self.process.communicate(timeout=30)


@pytest.mark.slow
@pytest.mark.parametrize("limits", ["within its limits", "beyond them"])
def test_a_flood_from_one_client_leaves_another_served(limits: str, strict: Server, server: Server) -> None:
    beyond = limits == "beyond them"
    flooded = strict if beyond else server
    with closing(at_home(flooded, "127.0.0.3")) as talk, closing(Flood(flooded, f"127.0.1.{next(HOMES)}")) as flood:
        talk.open()
        turns(talk, 10)
        assert compared(talk, flood, refused=beyond) <= 2
    check_refusals(flood.told, Limits(**STRICT) if beyond else Limits())
    assert beyond == any(status == 429 for *_, status in flood.told)


def compared(talk: CoachClient, flood: Flood, *, refused: bool) -> float:
    """How much longer a turn takes while it pours; both kinds in turns, so that the machine's noise falls on both."""
    calm: list[float] = []
    wet: list[float] = []
    for _ in range(10):
        calm += turns(talk, 8)
        with flood.pouring(refused=refused):
            wet += turns(talk, 8)
    return statistics.median(wet) / statistics.median(calm)


def check_refusals(told: list[tuple[float, float, int]], limits: Limits) -> None:
    """Exactly what the limit says: the burst is served, and what came in by the rate since; nothing else is."""
    seconds = max(answered for _, answered, _ in told) - min(sent for sent, _, _ in told)
    served = sum(status == 200 for *_, status in told)
    assert {status for *_, status in told} <= {200, 429}
    assert min(len(told), limits.client_burst) <= served <= limits.client_burst + limits.client_rate * seconds
    refusals = [(sent, answered) for sent, answered, status in told if status == 429]
    if not refusals:
        return
    # Between two refusals, at both of which nothing is left, the rate alone is served. When the server counted a
    # message is not known, only that it was between sending and answer.
    begin, end = min(refusals, key=lambda one: one[1]), max(refusals)
    surely = sum(status == 200 and sent > begin[1] and answered < end[0] for sent, answered, status in told)
    perhaps = sum(status == 200 and answered > begin[0] and sent < end[1] for sent, answered, status in told)
    assert surely <= limits.client_rate * (end[1] - begin[0]) + 1
    assert perhaps >= limits.client_rate * (end[0] - begin[1]) - 1


@pytest.mark.slow
def test_too_many_is_told_with_the_seconds_to_wait(strict: Server) -> None:
    with closing(at_home(strict, "127.0.0.5")) as talk:
        talk.open()
        wire = talk._wire
        for _ in range(1000):
            wire.request("GET", "/coach/conversation?conversation=" + str(talk.conversation))
            answer = wire.getresponse()
            body = answer.read()
            if answer.status == 429:
                break
    assert json.loads(body)["error"] == "too_many"
    assert int(answer.headers["Retry-After"]) >= 1
