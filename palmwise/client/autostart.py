"""Starts a server for a client when none is running yet."""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from palmwise.client.http_client import CoachClient
from palmwise.errors import UnreachableError
from palmwise.resources import ROOT

log = logging.getLogger(__name__)
SERVER_PYTHON = ROOT / ".venv" / "bin" / "python"
LOCAL_HOSTS = ("127.0.0.1", "localhost")
START_TIMEOUT = 180.0
"""Seconds that a server may take to come up on a slow machine."""
POLL_INTERVAL = 0.3
STOP_TIMEOUT = 0.5
"""Seconds to wait for the server to end: few, as it ends anyway, and whoever pressed Ctrl-C wants to go."""


@contextlib.contextmanager
def running_server(address: str, environment: Mapping[str, str] | None = None) -> Iterator[None]:
    """Make sure that a server runs at `address` while the context lasts.

    A server that answers there already is used and left running. Otherwise one is started, which ends with the context,
    or with this process, however that ends; `environment` has further variables for it. Raises `UnreachableError` if it
    does not come up.
    """
    with contextlib.closing(CoachClient(address, timeout=10)) as client:
        if client.is_healthy():
            yield
            return
        process = _start(address, environment or {})
        try:
            _wait_until_healthy(process, client)
            yield
        finally:
            _stop(process)


def _start(address: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    where = urlsplit(address)
    # The environment of the voice client has no Rasa; that of the server is beside it.
    python = sys.executable if importlib.util.find_spec("rasa") else str(SERVER_PYTHON)
    if where.scheme != "http" or where.hostname not in LOCAL_HOSTS or not os.access(python, os.X_OK):
        raise UnreachableError(f"Nobody answers at {address}. Start the coach there first: make run")
    log.warning("Starting the coach, which takes a few seconds...")
    return subprocess.Popen(  # noqa: S603 -- our own module
        [python, "-m", "palmwise.client.autostart", "serve", "--port", str(where.port or 80)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        # A session of its own, so that the Ctrl-C that ends the client is not sent to the server as well.
        start_new_session=True,
    )


def _wait_until_healthy(process: subprocess.Popen[bytes], client: CoachClient) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not client.is_healthy():
        if process.poll() is not None or time.monotonic() > deadline:
            raise UnreachableError("The coach could not be started: make run tells why.")
        time.sleep(POLL_INTERVAL)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOP_TIMEOUT)


def run_until_stdin_closes() -> None:
    """Run `palmwise` with the same arguments in this process; end it in order when standard input is closed.

    The client holds the other end of that pipe, which the system closes even for a client that is killed.
    """
    watch_stdin()
    runpy.run_module("palmwise", run_name="__main__", alter_sys=True)


def watch_stdin() -> None:
    """Have this process terminated when standard input is closed."""

    def watch() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="parent watch").start()


if __name__ == "__main__":
    run_until_stdin_closes()
