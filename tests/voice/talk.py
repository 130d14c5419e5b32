"""A talk with the real client in the virtual room: what it writes, what it says, when."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from palmwise.resources import ROOT
from tests.voice.room import Room

PATIENCE = 40.0


class Talk:
    """One run of `python -m voice`."""

    def __init__(self, room: Room, server: str, *options: str, speed: float = 1.0) -> None:
        """`speed`: seconds of a step in one of the room's."""
        self.room = room
        self.lines: list[tuple[float, str]] = []
        self.began = time.monotonic()
        self._seen = 0
        command = [sys.executable, "-m", "voice", "--server", server, *options]
        environment = {**room.environment, "PALMWISE_VOICE_SPEED": str(speed), "TMPDIR": str(room.folder)}
        # A script that runs the tests in its background has them ignore Ctrl-C, and what they start with them.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._note(line.rstrip())

    def _note(self, line: str) -> None:
        self.lines.append((time.monotonic() - self.began, line))

    def say(self, text: str, voice: str = "slt", snr: float | None = 20.0) -> None:
        """The person speaks."""
        self._note(f"PERSON: {text}")
        self.room.say(text, voice, snr)

    def type(self, text: str) -> None:
        """The person types."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{text}\n")
        self.process.stdin.flush()

    def until(self, words: str | tuple[str, ...], within: float = PATIENCE) -> float:
        """Waits for a line with these words, later than all that was waited for before; its time."""
        end = time.monotonic() + within
        wanted = (words,) if isinstance(words, str) else words
        while time.monotonic() < end:
            for index in range(self._seen, len(self.lines)):
                if any(word.lower() in self.lines[index][1].lower() for word in wanted):
                    self._seen = index + 1
                    return self.lines[index][0]
            assert self.process.poll() is None, self.transcript
            time.sleep(0.05)
        raise AssertionError(f'"{words}" did not come in {within} s:\n{self.transcript}')

    def mumble(self) -> None:
        """The person says something that is no words: a greeting backwards."""
        self._note("PERSON: (mumbles)")
        self.room.say("good morning everybody", "rms", None, backwards=True)

    def ask(
        self, text: str, answer: str | tuple[str, ...], voice: str = "slt", times: int = 3, snr: float | None = 20.0
    ) -> None:
        """Says it, and again as people do when they were not understood, until the answer comes."""
        for attempt in range(times):
            self.say(text, voice, snr)
            try:
                self.until(answer, 8.0 if attempt < times - 1 else PATIENCE)
            except AssertionError:
                if attempt == times - 1:
                    raise
            else:
                return

    def count(self, words: str) -> int:
        """Lines with these words."""
        return sum(words.lower() in line.lower() for _, line in self.lines)

    @property
    def transcript(self) -> str:
        """All lines with their times."""
        return "\n".join(f"{at:7.2f}  {line}" for at, line in self.lines)

    def interrupt(self) -> float:
        """Ctrl-C; seconds until it was over."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(10)
        return time.monotonic() - began

    def close(self) -> None:
        """Whatever happened."""
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(3)
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()


@contextlib.contextmanager
def coach(model: Path | None = None) -> Iterator[str]:
    """The real server; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="palmwise-room-") as folder:
        command = [str(ROOT / ".venv" / "bin" / "python"), "-m", "palmwise.server", "--port", str(port)]
        command += ["--model", str(model or ROOT / "models" / "palmwise.tar.gz")]
        command += ["--database", str(Path(folder) / "conversations.db")]
        environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
        log = Path(folder) / "log"
        with log.open("wb") as out:
            server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
            try:
                _await(f"http://127.0.0.1:{port}", server, log)
                yield f"http://127.0.0.1:{port}"
            finally:
                server.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    server.wait(5)
                server.kill()
                server.wait()


def _await(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text()
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{address}/coach/health", timeout=5).status_code == 200:
                return
        time.sleep(0.3)
    raise AssertionError("the server does not come up: " + log.read_text())
