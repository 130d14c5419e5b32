"""Connections that are held, broken or misused are closed or refused in time, without a trace in the log."""

from __future__ import annotations

import http.client
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.serving import Server

pytestmark = [pytest.mark.server]
HOST = b"Host: 127.0.0.1\r\n"
JSON = b"Content-Type: application/json\r\n"
LONG = b"Content-Length: 60000\r\n"
HELD = 1100
"""More connections than a process may have by default."""


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with short time limits, which logs what it fails at."""
    limits = {"PALMWISE_REQUEST_SECONDS": "2", "PALMWISE_RESPONSE_SECONDS": "3", "PALMWISE_HOSTS": "coach.example"}
    limits |= {"PALMWISE_OPEN_BURST": "40", "PALMWISE_OPEN_RATE": "0.1"}
    running = Server(Path(tmp_path_factory.mktemp("hasty")) / "conversations.db", environment=limits)
    yield running
    output = running.output()
    running.stop()
    assert "ERROR" not in output


def connect(server: Server) -> socket.socket:
    target = urlsplit(server.address)
    return socket.create_connection((str(target.hostname), int(target.port or 0)), timeout=30)


def read(wire: socket.socket, patience: float) -> tuple[bytes, bool]:
    """All that is answered within `patience` seconds, and whether the server closed the connection."""
    found, deadline = b"", time.monotonic() + patience
    while (left := deadline - time.monotonic()) > 0:
        wire.settimeout(left)
        try:
            more = wire.recv(65_536)
        except TimeoutError:
            return found, False
        except OSError:
            return found, True
        if not more:
            return found, True
        found += more
    return found, False


BODIES = {
    "a body that never comes": b"POST /coach/message HTTP/1.1\r\n" + HOST + JSON + LONG + b"\r\n",
    "a body that ends in the middle": b"POST /coach/message HTTP/1.1\r\n" + HOST + JSON + LONG + b"\r\n{",
    "a body where none belongs": b"GET /coach/health HTTP/1.1\r\n" + HOST + LONG + b"\r\n",
    "an unknown address with a body": b"POST /nowhere HTTP/1.1\r\n" + HOST + LONG + b"\r\n",
    "a wrong method with a body": b"PUT /coach/message HTTP/1.1\r\n" + HOST + LONG + b"\r\n",
    "chunks without an end": b"POST /coach/message HTTP/1.1\r\n"
    + HOST
    + JSON
    + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    "a promise to go on": b"POST /coach/message HTTP/1.1\r\n" + HOST + JSON + LONG + b"Expect: 100-continue\r\n\r\n",
    "a head that does not end": b"GET /coach/health HTTP/1.1\r\nX-Slow: 1\r\n",
}


@pytest.mark.parametrize("sent", list(BODIES.values()), ids=list(BODIES))
def test_a_request_that_does_not_end_is_closed(sent: bytes, hasty: Server) -> None:
    with connect(hasty) as wire:
        wire.sendall(sent)
        _, closed = read(wire, 20)
        assert closed


ODD = {
    "an encoding in capitals": b"POST /coach/conversation HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n",
    "two encodings": b"POST /coach/conversation HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
    "a length and an encoding": b"POST /coach/conversation HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "an address that is none": b"GET http://[::1 HTTP/1.1\r\n" + HOST + b"\r\n",
    "bytes that are no text": b"GET /coach/\xff\xfe HTTP/1.1\r\n" + HOST + b"\r\n",
    "a length that is no number": b"POST /coach/message HTTP/1.1\r\n" + HOST + b"Content-Length: x\r\n\r\n",
    "two hosts": b"GET /coach/health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
}


@pytest.mark.parametrize("sent", list(ODD.values()), ids=list(ODD))
def test_an_odd_head_is_malformed(sent: bytes, hasty: Server) -> None:
    with connect(hasty) as wire:
        wire.sendall(sent)
        found, _ = read(wire, 3)
        assert found.startswith(b"HTTP/1.1 400 ")
        assert b'"malformed"' in found


@pytest.mark.parametrize("path", ["a" * 300 + ".js", "pictures/" + "a" * 300 + ".svg", "a/" * 2000 + "a.js"])
def test_a_long_name_is_not_found(path: str, hasty: Server) -> None:
    with connect(hasty) as wire:
        wire.sendall(f"GET /coach/{path} HTTP/1.1\r\n".encode() + HOST + b"Connection: close\r\n\r\n")
        assert read(wire, 10)[0].startswith(b"HTTP/1.1 404 ")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 421),
        ("127.0.0.1.evil.example:5005", 421),
        ("localhost:5005", 200),
        ("[::1]:5005", 200),
        ("192.168.1.7", 200),
        ("COACH.example", 200),
    ],
)
def test_only_a_name_of_its_own_is_served(host: str, status: int, hasty: Server) -> None:
    with connect(hasty) as wire:
        wire.sendall(f"GET /coach/health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        assert read(wire, 10)[0].startswith(f"HTTP/1.1 {status} ".encode())


def test_one_address_opens_only_so_many_conversations(hasty: Server) -> None:
    target = urlsplit(hasty.address)
    found = []
    for _ in range(45):
        wire = http.client.HTTPConnection(target.netloc, timeout=30, source_address=("127.0.0.9", 0))
        wire.request("POST", "/coach/conversation")
        found.append(wire.getresponse().status)
        wire.close()
    assert found[:40] == [200] * 40
    assert set(found[42:]) == {429}
    assert hasty.talk().say("hello")


def test_half_closed_clients_leave_nothing_behind(hasty: Server) -> None:
    for sent in (b"POST /coach/mess", BODIES["a body that ends in the middle"]):
        with connect(hasty) as wire:
            wire.sendall(sent)
            wire.shutdown(socket.SHUT_WR)
            assert read(wire, 10)[1]


@pytest.mark.slow
def test_others_are_served_while_more_connections_are_held_than_usual(hasty: Server) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < HELD + 200:
        pytest.skip("This machine lets nobody hold so many connections.")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, HELD + 200), hard))
    try:
        with ExitStack() as held:
            wires = [held.enter_context(connect(hasty)) for _ in range(HELD)]
            for number, wire in enumerate(wires):
                wire.sendall(list(BODIES.values())[number % len(BODIES)])
            talk = hasty.talk()
            assert talk.say("hello")
            assert talk.request("GET", "/coach/health") == {"status": "ok"}
            deadline = time.monotonic() + 30
            for wire in wires:
                assert read(wire, max(0.1, deadline - time.monotonic()))[1]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
