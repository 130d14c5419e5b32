"""Starts a server where none answers."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from palmwise.client.http_client import HttpClient
from palmwise.errors import ServerUnreachableError
from palmwise.resources import ROOT

log = logging.getLogger(__name__)
PYTHON = ROOT / ".venv" / "bin" / "python"
LOCAL = ("127.0.0.1", "localhost")
START = 180.0
"""Seconds that a server may take to come up on a slow machine."""
LOOK = 0.3


@contextlib.contextmanager
def server(address: str) -> Iterator[None]:
    """A server at `address`: the one that answers there already, else one of our own. Raises `UnreachableError`."""
    client = HttpClient(address)
    try:
        if client.healthy():
            yield
            return
        with _started(address, client):
            yield
    finally:
        client.close()


@contextlib.contextmanager
def _started(address: str, client: HttpClient) -> Iterator[None]:
    where = urlsplit(address)
    if where.hostname not in LOCAL or not PYTHON.exists():
        raise ServerUnreachableError(f"Nobody answers at {address}. Start the coach there first: make run")
    log.info("Waking the coach, which takes a few seconds...")
    command = [str(PYTHON), "-m", "palmwise", "serve", "--port", str(where.port or 80)]
    # A group of its own: the Ctrl-C that ends the talk is not for the server, which is ended in order.
    process = subprocess.Popen(  # noqa: S603 -- our own server
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _await(process, client)
        yield
    finally:
        _end(process)


def _await(process: subprocess.Popen[bytes], client: HttpClient) -> None:
    deadline = time.monotonic() + START
    while not client.healthy():
        if process.poll() is not None:
            raise ServerUnreachableError("The coach could not be started: make run tells why.")
        if time.monotonic() > deadline:
            raise ServerUnreachableError("The coach does not come up: make run tells why.")
        time.sleep(LOOK)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends it without waiting for long: whoever pressed Ctrl-C wants to go."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(0.5)
