from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from palmwise.client import autostart
from palmwise.errors import UnreachableError
from palmwise.resources import ROOT


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"status": "ok"}')

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    """A server that is healthy."""
    with HTTPServer(("127.0.0.1", 0), Healthy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_server_that_runs_already_is_used(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(autostart, "_start")
    with autostart.running_server(address):
        pass


@pytest.mark.parametrize("address", ["https://127.0.0.1:9", "http://coach.invalid:9"])
def test_no_server_is_started_at_an_address_of_another_machine_or_by_https(address: str) -> None:
    with pytest.raises(UnreachableError, match="Nobody answers"), autostart.running_server(address):
        pass


def test_a_server_that_cannot_start_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    failing = [sys.executable, "-c", ""]
    monkeypatch.setattr(autostart, "_start", lambda *_: subprocess.Popen(failing, stdin=subprocess.PIPE))
    with pytest.raises(UnreachableError, match="could not be started"), autostart.running_server("http://127.0.0.1:9"):
        pass


def test_the_server_ends_when_its_client_is_gone() -> None:
    code = "import time; from palmwise.client import autostart; autostart.watch_stdin(); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE) as server:
        assert server.stdin is not None
        server.stdin.close()
        assert server.wait(30) == -signal.SIGTERM
