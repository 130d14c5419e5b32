"""Speech synthesis: speaks lines through a child process that can be killed at once."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from palmwise.speech.events import LATENCY, Event, Spoken, Unspoken
from palmwise.speech.sentences import Respelling
from palmwise.speech.speaker_process import DONE, FAILED

log = logging.getLogger(__name__)
SLOWEST = 0.9
"""Seconds a word at most; with twice that and three more the child is given up."""


class ChildMouth:
    """A mouth in a process group of its own, with a temporary folder of its own."""

    def __init__(self, post: Callable[[Event], None], voice: str | None = None) -> None:
        """`post` gets the events, from another thread; `voice` is an id or a part of a name."""
        self._post = post
        self._voice = voice
        self._respelling = Respelling()
        self._lock = threading.RLock()
        self._folder = Path(tempfile.mkdtemp(prefix="palmwise-voice-"))
        self._speaking: int | None = None
        self._watch: threading.Timer | None = None
        self._closed = False
        self._child = self._start()

    def say(self, number: int, text: str, *, rate: int, volume: float) -> None:
        """Begins to speak; `Spoken` or `Unspoken` follows."""
        with self._lock:
            if self._child.poll() is not None:
                self._restart()
            self._speaking = number
            order = {"number": number, "text": self._respelling.of(text), "rate": rate, "volume": volume}
            self._watch = threading.Timer(3 + 2 * SLOWEST * (1 + len(text.split())), self._overdue, (number,))
            self._watch.daemon = True
            self._watch.start()
            try:
                _orders(self._child).write(json.dumps(order) + "\n")
                _orders(self._child).flush()
            except (OSError, ValueError):
                self._ended(number, "the voice could not be started.")

    def hush(self) -> None:
        """Silence within some 20 ms; nothing is reported of the line."""
        with self._lock:
            if self._speaking is not None:
                self._forget()
                self._restart()

    def close(self) -> None:
        """Ends the child and removes its files."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._forget()
            self._kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self) -> subprocess.Popen[str]:
        # Its own group, so that the player goes with it; its own folder, for what a killed player leaves behind.
        command = [sys.executable, "-m", "palmwise.speech.speaker_process", *([self._voice] if self._voice else [])]
        child = subprocess.Popen(  # noqa: S603 -- our own module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            cwd=Path(__file__).parents[2],
            # What the microphone is told about latency would make the player stutter on a busy machine.
            env={
                **{name: value for name, value in os.environ.items() if name != LATENCY},
                "TMPDIR": str(self._folder),
            },
        )
        threading.Thread(target=self._read, args=(child,), daemon=True, name="mouth").start()
        return child

    def _restart(self) -> None:
        self._kill()
        for left in self._folder.iterdir():
            # A sound server's client keeps a folder there.
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
        self._child = self._start()

    def _kill(self) -> None:
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGKILL)
        else:
            # Windows speaks within the child.
            self._child.kill()
        with contextlib.suppress(OSError):
            _orders(self._child).close()
        self._child.wait()

    def _read(self, child: subprocess.Popen[str]) -> None:
        reason = "the voice ended by itself."
        for line in _answers(child):
            answer: dict[str, Any] = json.loads(line)
            if answer["event"] == DONE:
                self._ended(answer["number"], None)
            elif answer["event"] == FAILED:
                reason = answer["reason"]
                if answer["number"]:
                    self._ended(answer["number"], reason)
        _answers(child).close()
        with self._lock:
            number = self._speaking if child is self._child else None
        if number is not None:
            self._ended(number, reason)

    def _ended(self, number: int, reason: str | None) -> None:
        with self._lock:
            if self._speaking != number or self._closed:
                return
            self._forget()
        self._post(Spoken(number) if reason is None else Unspoken(number, reason))

    def _overdue(self, number: int) -> None:
        with self._lock:
            if self._speaking != number or self._closed:
                return
            self._restart()
        self._ended(number, "the voice did not come to an end.")

    def _forget(self) -> None:
        self._speaking = None
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None


def _orders(child: subprocess.Popen[str]) -> Any:
    return child.stdin


def _answers(child: subprocess.Popen[str]) -> Any:
    return child.stdout
