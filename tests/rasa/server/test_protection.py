"""Security headers, slow senders, floods, rate limits."""

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
ROUTES = [
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


@pytest.mark.parametrize(("method", "path"), ROUTES, ids=lambda value: value)
def test_every_response_has_the_security_headers(method: str, path: str, server: Server) -> None:
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
    """Send `first`, then a byte of `more` every half second; return the answer and how long the connection lived."""
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
    """A server with short time limits and low rate limits."""
    limits = {f"PALMWISE_{name.upper()}": str(value) for name, value in STRICT.items()}
    running = Server(Path(tmp_path_factory.mktemp("strict")) / "conversations.db", environment=limits)
    yield running
    running.stop()


@pytest.mark.slow
@pytest.mark.parametrize("where", ["head", "body"])
def test_slow_senders_are_disconnected_and_delay_nobody(where: str, strict: Server) -> None:
    head = b"POST /coach/message HTTP/1.1\r\nHost: coach\r\n"
    first = head if where == "head" else head + b"Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n"
    found: list[tuple[bytes, float]] = []
    senders = [
        threading.Thread(target=lambda: found.append(slowly(strict, first, b"X-Slow: " + b"x" * 60, 20)))
        for _ in range(30)
    ]
    for sender in senders:
        sender.start()
    with closing(talk_from(strict, "127.0.0.2")) as talk:
        talk.open()
        assert talk.say("hello")
    for sender in senders:
        sender.join()
    assert len(found) == 30
    assert b"still open" not in {answer for answer, _ in found}
    assert all(answer[9:12] in {b"", b"408", b"503"} for answer, _ in found)


class AddressedTalk(CoachClient):
    """A client of an address of its own, on one connection."""

    def __init__(self, address: str, home: str) -> None:
        super().__init__(address)
        self._wire = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60, source_address=(home, 0))

    def request(self, method: str, path: str, content: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Ask on the same connection, and return errors as empty answers."""
        body = None if content is None else json.dumps(content)
        self._wire.request(method, path, body, {"Content-Type": "application/json"})
        answer = self._wire.getresponse()
        found: dict[str, Any] = json.loads(answer.read() or b"{}")
        return {"messages": [], **found}

    def close(self) -> None:
        self._wire.close()


def talk_from(server: Server, home: str) -> AddressedTalk:
    return AddressedTalk(server.address, home)


def turns(talk: CoachClient, count: int) -> list[float]:
    """Seconds that each of `count` turns took, with a short pause between them."""
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        assert talk.press("/repeat_step")
        taken.append(time.perf_counter() - began)
        time.sleep(0.02)
    return taken


FLOOD_NUMBERS = itertools.count(1)
"""Each flood comes from an address that the server has not seen yet."""


CONNECTIONS = 16


class Flood:
    """A client that sends all it can on 16 connections, in a process of its own (tests/flood.py)."""

    def __init__(self, server: Server, home: str) -> None:
        # A flood comes from another machine: it must not compete with the server for this one.
        command = ["nice", "-n", "19", sys.executable, str(ROOT / "tests" / "flood.py")]
        command += [urlsplit(server.address).netloc, home, str(CONNECTIONS)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, word: str) -> str:
        """Send a word and return the line that answers it."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    @contextmanager
    def pouring(self, *, refused: bool) -> Iterator[None]:
        """Flood during the block, which begins at the first refusal if `refused`; ends when all is answered."""
        self.tell("refused" if refused else "pour")
        yield
        self.told: list[tuple[float, float, int]] = json.loads(self.tell("stop"))

    def close(self) -> None:
        self.process.communicate(timeout=30)


@pytest.mark.slow
@pytest.mark.parametrize("limits", ["within its limits", "beyond them"])
def test_a_flood_delays_another_client_by_no_more_than_the_requests_in_progress(
    limits: str, strict: Server, server: Server
) -> None:
    beyond = limits == "beyond them"
    flooded = strict if beyond else server
    with (
        closing(talk_from(flooded, "127.0.0.3")) as talk,
        closing(Flood(flooded, f"127.0.1.{next(FLOOD_NUMBERS)}")) as flood,
    ):
        talk.open()
        turns(talk, 10)
        assert slowdown(talk, flood, refused=beyond) <= CONNECTIONS + 1
    check_refusals(flood.told, Limits(**STRICT) if beyond else Limits())
    assert beyond == any(status == 429 for *_, status in flood.told)


def slowdown(talk: CoachClient, flood: Flood, *, refused: bool) -> float:
    """Median turn during a flood, as a multiple of one without; alternating, so that both see the machine's noise."""
    calm: list[float] = []
    flooded: list[float] = []
    for _ in range(10):
        calm += turns(talk, 8)
        with flood.pouring(refused=refused):
            flooded += turns(talk, 8)
    return statistics.median(flooded) / statistics.median(calm)


def check_refusals(told: list[tuple[float, float, int]], limits: Limits) -> None:
    """The burst is served, then as many as the rate allows, and no other request."""
    seconds = max(answered for _, answered, _ in told) - min(sent for sent, _, _ in told)
    served = sum(status == 200 for *_, status in told)
    assert {status for *_, status in told} <= {200, 429}
    assert min(len(told), limits.client_burst) <= served <= limits.client_burst + limits.client_rate * seconds
    refusals = [(sent, answered) for sent, answered, status in told if status == 429]
    if not refusals:
        return
    # Between two refusals the bucket was empty, so only the rate was served. A request was counted at some time
    # between sending and answer.
    begin, end = min(refusals, key=lambda one: one[1]), max(refusals)
    surely = sum(status == 200 and sent > begin[1] and answered < end[0] for sent, answered, status in told)
    perhaps = sum(status == 200 and answered > begin[0] and sent < end[1] for sent, answered, status in told)
    assert surely <= limits.client_rate * (end[1] - begin[0]) + 1
    assert perhaps >= limits.client_rate * (end[0] - begin[1]) - 1


@pytest.mark.slow
def test_a_refusal_names_the_seconds_to_wait(strict: Server) -> None:
    with closing(talk_from(strict, "127.0.0.5")) as talk:
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
