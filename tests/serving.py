"""The real server in a process of its own, for the tests that need one."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from palmwise.client.http_client import CoachClient
from palmwise.resources import ROOT

START = 240.0
"""Seconds to wait for the server; a busy machine takes long to load Rasa."""
OPENING = {f"PALMWISE_{name}": "1000000" for name in ("OPEN_RATE", "OPEN_BURST", "TOTAL_OPEN_RATE", "TOTAL_OPEN_BURST")}
"""Everybody in the tests has one address."""
READY = re.compile(r"ready at (http://\S+)")


class Server:
    """`palmwise serve` on a free port of 127.0.0.1."""

    def __init__(self, database: Path, model: Path | None = None, environment: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, "-m", "palmwise", "serve", "--port", "0", "--database", str(database)]
        command += ["--model", str(model or os.environ.get("PALMWISE_TEST_MODEL") or ROOT / "models")]
        self.database = database
        self._log = database.with_suffix(".log").open("w+")
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **OPENING, **(environment or {})},
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.address = self._await()

    def talk(self) -> CoachClient:
        """Open a new conversation."""
        talk = CoachClient(self.address)
        talk.open()
        return talk

    def kill(self) -> None:
        """Kill the server without warning."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._log.close()

    def stop(self, patience: float = 20.0) -> float:
        """Ask the server to end; return the seconds that it took."""
        began = time.monotonic()
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(patience)
        self._log.close()
        return time.monotonic() - began

    def _await(self) -> str:
        deadline = time.monotonic() + START
        while time.monotonic() < deadline:
            found = READY.search(self.output())
            if found:
                return found[1]
            if self.process.poll() is not None:
                self._log.close()
                raise RuntimeError(self.output())
            time.sleep(0.1)
        self.kill()
        raise RuntimeError("The server did not come up.")

    def output(self) -> str:
        """Everything that the server has printed."""
        return Path(self._log.name).read_text(encoding="utf-8")
