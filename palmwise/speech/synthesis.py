"""Speech synthesis: cuts texts into lines, and speaks each through a child process that can be silenced at once."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from palmwise.resources import ROOT
from palmwise.speech.delivery import SENTENCE_END
from palmwise.speech.events import Event, LineFailed, LineSpoken
from palmwise.speech.speaker_process import AUTO, CHANGED, DONE, FAILED, READY, STOPPED

LATENCY_VARIABLE = "PULSE_LATENCY_MSEC"
"""Tells PulseAudio and PipeWire how soon to hand over what they recorded, in milliseconds."""
LONGEST_LINE = 160
"""Characters: about ten seconds. A line that is interrupted is spoken again from its start."""
LONGEST_LOAD = 30.0
"""Seconds: the natural voice takes one to load, ten on a busy Raspberry Pi."""
LONGEST_STOP = 0.05
"""Seconds. A child that takes longer to fall silent is ended as a whole, and started anew."""
LONGEST_START = 3.0
SLOWEST_WORD = 1.8
"""Seconds. With more than the start and all words may take, the child is given up."""
log = logging.getLogger(__name__)
_MARKUP = re.compile(r"[*_`#]+")


def split_lines(text: str) -> tuple[str, ...]:
    """Return the sentences of a text without markup; long ones are cut at a comma."""
    found: list[str] = []
    for sentence in SENTENCE_END.split(_MARKUP.sub("", text).strip()):
        rest = sentence.strip()
        while len(rest) > LONGEST_LINE and (comma := rest.rfind(", ", 0, LONGEST_LINE)) >= 0:
            found.append(rest[: comma + 1])
            rest = rest[comma + 2 :]
        found.append(rest)
    return tuple(line for line in found if re.search(r"\w", line))


class Speaker:
    """Speaks one line at a time, in a child process with a process group and a temporary folder of its own."""

    def __init__(self, post: Callable[[Event], None], voice: str | None = None, mouth: str = AUTO) -> None:
        """`post` takes the events, from another thread.

        `voice` is an id or a part of a name of the system's voices; `mouth` as in `speaker_process.mouths`.
        """
        self._post = post
        self._choice = json.dumps([mouth, voice])
        self._lock = threading.RLock()
        self._folder = Path(tempfile.mkdtemp(prefix="palmwise-voice-"))
        self._speaking: int | None = None
        self._timeout: threading.Timer | None = None
        self._closed = False
        self._ready = False
        self._stoppable = False
        self._stopped = threading.Event()
        self._child = self._start()

    def say(self, number: int, text: str, *, rate: int, volume: float, pause: float = 0.0) -> None:
        """Begin to speak at `rate` words a minute and a volume of 0 to 1, with `pause` seconds of silence behind.

        `LineSpoken` or `LineFailed` follows.
        """
        with self._lock:
            if self._child.poll() is not None:
                self._restart()
            self._speaking = number
            seconds = (LONGEST_START if self._ready else LONGEST_LOAD) + SLOWEST_WORD * (1 + len(text.split()))
            self._timeout = threading.Timer(seconds, self._give_up, (number,))
            self._timeout.daemon = True
            self._timeout.start()
            order = {"number": number, "text": text, "rate": rate, "volume": volume, "pause": pause}
            if not self._write(order):
                self._end(number, "the voice could not be started.")

    def stop(self) -> None:
        """Fall silent within some 20 ms, by ending the player only where the voice can be kept.

        No event follows for the line.
        """
        with self._lock:
            number, child = self._speaking, self._child
            if number is None:
                return
            self._forget()
            self._stopped.clear()
            asked = self._stoppable and self._write({"stop": number})
        # Not under the lock, which the reader of the answer may want first.
        if asked and self._stopped.wait(LONGEST_STOP):
            return
        with self._lock:
            if child is self._child and not self._closed:
                self._restart()

    def close(self) -> None:
        """End the child and remove its files."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._forget()
            self._kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self) -> subprocess.Popen[str]:
        self._ready = self._stoppable = False
        # A group of its own, so that the player is killed with it; a folder of its own, for what that leaves behind.
        child = subprocess.Popen(  # noqa: S603 -- our own module
            [sys.executable, "-m", "palmwise.speech.speaker_process", self._choice],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            cwd=ROOT,
            # With the latency that is set for the microphone, the player would stutter on a busy machine.
            env={
                **{name: value for name, value in os.environ.items() if name != LATENCY_VARIABLE},
                "TMPDIR": str(self._folder),
            },
        )
        threading.Thread(target=self._read, args=(child,), daemon=True, name="speaker").start()
        return child

    def _restart(self) -> None:
        self._kill()
        for left in self._folder.iterdir():
            # The client of a sound server keeps a folder there.
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
        self._child = self._start()

    def _write(self, order: Mapping[str, Any]) -> bool:
        """Hand the child an order; return whether it took it."""
        try:
            stdin = _pipe(self._child.stdin)
            stdin.write(json.dumps(order) + "\n")
            stdin.flush()
        except (OSError, ValueError):
            return False
        return True

    def _kill(self) -> None:
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGKILL)
        else:
            # On Windows the child itself speaks.
            self._child.kill()
        with contextlib.suppress(OSError):
            _pipe(self._child.stdin).close()
        self._child.wait()

    def _read(self, child: subprocess.Popen[str]) -> None:
        reason = "the voice ended by itself."
        with _pipe(child.stdout) as answers:
            for line in answers:
                answer: dict[str, Any] = json.loads(line)
                if answer["event"] == STOPPED:
                    self._stopped.set()
                elif answer["event"] == DONE:
                    self._end(answer["number"], None)
                elif answer["event"] == FAILED:
                    reason = answer["reason"]
                    if answer["number"]:
                        self._end(answer["number"], reason)
                else:
                    self._take_mouth(child, answer)
        with self._lock:
            number = self._speaking if child is self._child else None
        if number is not None:
            self._end(number, reason)

    def _take_mouth(self, child: subprocess.Popen[str], answer: Mapping[str, Any]) -> None:
        """Note which mouth speaks, and say so where it is not the chosen one."""
        if answer["event"] == CHANGED:
            log.warning("%s Speaking with another voice: %s.", answer["reason"], answer["mouth"])
        elif answer["event"] == READY:
            with self._lock:
                if child is self._child:
                    self._ready, self._stoppable = True, bool(answer["stops"])

    def _end(self, number: int, reason: str | None) -> None:
        with self._lock:
            if self._speaking != number or self._closed:
                return
            self._forget()
        self._post(LineSpoken(number) if reason is None else LineFailed(number, reason))

    def _give_up(self, number: int) -> None:
        with self._lock:
            if self._speaking != number or self._closed:
                return
            self._restart()
        self._end(number, "the voice did not come to an end.")

    def _forget(self) -> None:
        self._speaking = None
        if self._timeout is not None:
            self._timeout.cancel()
            self._timeout = None


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None  # noqa: S101 -- the child was started with pipes
    return stream
