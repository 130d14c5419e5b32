"""A run of the real voice client in the virtual room: what it writes, and when."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.voice.room import VOICES, Room
from palmwise.client.autostart import running_server
from palmwise.resources import ROOT

TIMEOUT = 40.0


class SessionLog:
    """What a voice client wrote and what the person said, each with its time since the start in seconds."""

    def __init__(self) -> None:
        self.lines: list[tuple[float, str]] = []
        self._seen = 0

    def finds(self, texts: Sequence[str]) -> bool:
        """Whether a line has one of these texts, after all lines that were found before; the search goes on there."""
        for index in range(self._seen, len(self.lines)):
            if any(text.lower() in self.lines[index][1].lower() for text in texts):
                self._seen = index + 1
                return True
        return False

    def count(self, text: str) -> int:
        """Return the number of lines with a text."""
        return sum(text.lower() in line.lower() for _, line in self.lines)

    @property
    def transcript(self) -> str:
        """All lines with their times."""
        return "\n".join(f"{at:7.2f}  {line}" for at, line in self.lines)


class VoiceSession(SessionLog):
    """One run of `python -m voice`."""

    def __init__(self, room: Room, server: str, *options: str, speed: float = 1.0) -> None:
        """Start it with some options; `speed` is in seconds of a step per second of the room."""
        super().__init__()
        self.room = room
        self.began = time.monotonic()
        # Programs that are started in the background of a script ignore Ctrl-C, and so would their children.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "voice", "--server", server, *options],
            cwd=ROOT,
            env={**room.environment, "PALMWISE_VOICE_SPEED": str(speed), "TMPDIR": str(room.folder)},
            text=True,
            bufsize=1,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self._note(line.rstrip())

    def _note(self, line: str) -> None:
        self.lines.append((time.monotonic() - self.began, line))

    def say(self, text: str, voice: str = VOICES[0], snr: float | None = 20.0) -> None:
        """Have the person say something, with some noise of their own."""
        self._note(f"PERSON: {text}")
        self.room.say(text, voice, snr)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)

    def mumble(self) -> None:
        """Have the person say something that is no words: a greeting backwards."""
        self._note("PERSON: (mumbles)")
        self.room.say("good morning everybody", VOICES[1], None, backwards=True)

    def type(self, text: str) -> None:
        """Have the person type a line."""
        if self.process.stdin is not None:
            self.process.stdin.write(f"{text}\n")
            self.process.stdin.flush()

    def wait_for(self, *texts: str, timeout: float = TIMEOUT) -> None:
        """Wait for a line with one of these texts, after all lines that were waited for before.

        Raises `TimeoutError`, or `RuntimeError` if the client has ended.
        """
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if self.finds(texts):
                return
            if self.process.poll() is not None:
                raise RuntimeError(f"The client ended:\n{self.transcript}")
            time.sleep(0.05)
        raise TimeoutError(f"{texts} did not come within {timeout} s:\n{self.transcript}")

    def interrupt(self) -> float:
        """Press Ctrl-C; return the seconds until it has ended."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(10)
        return time.monotonic() - began

    def close(self) -> None:
        """End it."""
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
def temporary_server(model: Path | None = None) -> Iterator[str]:
    """Run a server with an empty database while the context lasts; yield its address."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
    with tempfile.TemporaryDirectory(prefix="palmwise-room-") as folder:
        environment = {"PALMWISE_DATABASE": str(Path(folder) / "conversations.db")}
        if model is not None:
            environment["PALMWISE_MODEL"] = str(model)
        with running_server(address, environment):
            yield address
