"""Headers, slow senders, floods: who may do what, for how long, how often."""

from __future__ import annotations

import http.client
import json
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from channel.talking import Talk
from tests.serving import ROOT, Server

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


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with little patience, and with small limits."""
    limits = {
        "PALMWISE_REQUEST_SECONDS": "2",
        "PALMWISE_RESPONSE_SECONDS": "3",
        "PALMWISE_CLIENT_BURST": "400",
        "PALMWISE_CLIENT_RATE": "20",
    }
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
    talk = at_home(strict, "127.0.0.2")
    talk.open()
    assert talk.say("hello")
    for sender in senders:
        sender.join()
    assert len(found) == 30
    assert b"still open" not in {answer for answer, _ in found}
    assert all(answer[9:12] in {b"", b"408", b"503"} for answer, _ in found)


class HomeTalk(Talk):
    """A client of an address of its own, on one connection."""

    def __init__(self, address: str, home: str) -> None:
        super().__init__(address)
        self._wire = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60, source_address=(home, 0))

    def ask(self, method: str, path: str, content: dict[str, Any] | None = None) -> dict[str, Any]:
        """The same, without new connections and without errors: a flood does not mind them."""
        body = None if content is None else json.dumps(content)
        self._wire.request(method, path, body, {"Content-Type": "application/json"})
        answer = self._wire.getresponse()
        found: dict[str, Any] = json.loads(answer.read() or b"{}")
        return {"messages": [], **found}


def at_home(server: Server, home: str) -> HomeTalk:
    return HomeTalk(server.address, home)


def turns(talk: Talk, count: int) -> list[float]:
    """Seconds of each turn, with a breath between them as people take."""
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        assert talk.press("/repeat_step")
        taken.append(time.perf_counter() - began)
        time.sleep(0.02)
    return taken


@contextmanager
def flood(server: Server, home: str, connections: int) -> Iterator[list[int]]:
    """As many messages as one address can send, from a process of its own, until the block ends; how many at last."""
    place = urlsplit(server.address).netloc
    command = [sys.executable, str(ROOT / "tests" / "flood.py"), place, home, str(connections)]
    poured: list[int] = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        time.sleep(1.5)
        yield poured
        poured.append(int(process.communicate(timeout=30)[0]))


@pytest.mark.slow
@pytest.mark.parametrize("limits", ["within its limits", "beyond them"])
def test_a_flood_from_one_client_leaves_another_served(limits: str, strict: Server, server: Server) -> None:
    flooded = server if limits == "within its limits" else strict
    talk = at_home(flooded, "127.0.0.3")
    talk.open()
    turns(talk, 10)
    ratios = []
    for _ in range(3):
        calm = statistics.median(turns(talk, 40))
        with flood(flooded, "127.0.0.4", connections=16) as poured:
            ratios.append(statistics.median(turns(talk, 40)) / calm)
        assert poured[0] > 20  # it did rain
    # What else goes on in the machine only ever adds.
    assert min(ratios) < 2


@pytest.mark.slow
def test_too_many_is_told_with_the_seconds_to_wait(strict: Server) -> None:
    talk = at_home(strict, "127.0.0.5")
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
