"""Takes the coach's own voice out of the microphone's sound, and finds out whether that works here.

What is played is recorded from the sound server's monitor, whoever plays it; WebRTC's canceller subtracts what of it
comes back through the room, also what the sound server's own canceller has left of it. While the coach greets, it is
measured what is left: only if that is little does the coach listen while it speaks.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from palmwise.speech.endpointing import PIECE, PIECE_SECONDS, RATE, loudness
from palmwise.speech.events import AudioSource

log = logging.getLogger(__name__)
PROGRAM = "parec"
"""Records from PulseAudio and PipeWire."""
COMMAND = ("--device=@DEFAULT_MONITOR@", f"--rate={RATE}", "--channels=1", "--format=s16le", "--latency-msec=15")
MOST_WAITING = 0.25
"""Seconds of played sound that may wait to be compared; older sound is dropped, as the canceller needs it in time."""
PLAYING = 200.0
"""Root mean square from which on something is played..."""
AUDIBLE = 60.0
"""...and from which on it is heard in the microphone at all: with headphones it is not."""
TEST_SECONDS = 2.5
"""Of played sound that are measured."""
ROOM_SECONDS = 4.0
"""In which nothing is played, whose quieter quarter is the room itself, without the echo of what was played before."""
OVER_ROOM = 1.5
"""How many times the room's own level what is heard may have for no echo to be in it."""
ENOUGH = 12.0
"""Decibels by which the echo must be lowered: the louder voice of a person stands out then (`Thresholds.louder`)."""


class Reference(Protocol):
    """What the loudspeaker plays."""

    def take(self, count: int) -> bytes:
        """Return the next bytes, zeros where there are none yet."""
        ...

    def close(self) -> None:
        """Stop recording."""
        ...


class MonitorReference:
    """What the sound server plays on its default output."""

    def __init__(self, program: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603 -- one fixed program
            [program, *COMMAND], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        self._waiting = bytearray()
        self._lock = threading.Lock()
        self._reader = threading.Thread(target=self._read, daemon=True, name="played sound")
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 -- it was started with a pipe
        most = 2 * round(MOST_WAITING * RATE)
        while sound := self._process.stdout.read(2 * PIECE):
            with self._lock:
                self._waiting += sound
                del self._waiting[: max(0, len(self._waiting) - most) // 2 * 2]

    def take(self, count: int) -> bytes:
        """Return the next bytes, zeros where there are none yet."""
        with self._lock:
            found = bytes(self._waiting[:count])
            del self._waiting[:count]
        return found.ljust(count, b"\0")

    def close(self) -> None:
        """Stop recording."""
        self._process.terminate()
        self._process.wait()
        self._reader.join(1)
        if self._process.stdout is not None:
            self._process.stdout.close()


class EchoTest:
    """Compares, while something is played, the microphone's sound before and after the echo is taken out."""

    def __init__(self) -> None:
        self._raw: list[float] = []
        self._left: list[float] = []
        self._room: deque[float] = deque(maxlen=round(ROOM_SECONDS / PIECE_SECONDS))
        self.passed: bool | None = None
        """None until enough was measured; then it is measured anew, as long as it is not passed."""

    def add(self, played: bytes, raw: bytes, left: bytes) -> bool:
        """Add a piece of each; return whether the test has just been passed."""
        if self.passed:
            return False
        if loudness(played) < PLAYING:
            self._room.append(loudness(raw))
            return False
        self._raw.append(loudness(raw))
        self._left.append(loudness(left))
        if len(self._raw) * PIECE_SECONDS < TEST_SECONDS:
            return False
        # The first half is what the canceller learns from.
        half = len(self._raw) // 2
        before, after = (float(np.sqrt(np.mean(np.square(each[half:])))) for each in (self._raw, self._left))
        room = float(np.percentile(list(self._room), 25)) if self._room else 0.0
        self.passed = before < max(AUDIBLE, OVER_ROOM * room) or bool(20 * np.log10(before / max(after, 1.0)) >= ENOUGH)
        log.debug("echo: %.0f before, %.0f after", before, after)
        self._raw, self._left = [], []
        return self.passed


class CancelledSource:
    """A microphone without the coach's own voice."""

    def __init__(
        self, source: AudioSource, reference: Reference, cancel: Callable[[Any, Any], Any], passed: Callable[[], None]
    ) -> None:
        """`cancel` takes samples of microphone and loudspeaker; `passed` is called when it is known to work."""
        self._source = source
        self._reference = reference
        self._cancel = cancel
        self._passed = passed
        self._test = EchoTest()

    def read(self) -> bytes:
        """Return the next 32 ms. Raises `MicrophoneError`."""
        raw = self._source.read()
        played = self._reference.take(len(raw))
        found = self._cancel(np.frombuffer(raw, np.int16), np.frombuffer(played, np.int16))
        left = np.asarray(found, np.int16).tobytes()
        if self._test.add(played, raw, left):
            self._passed()
        return left.ljust(len(raw), b"\0")[: len(raw)]

    def close(self) -> None:
        """Release the devices."""
        self._reference.close()
        self._source.close()


def cancelled(source: AudioSource, passed: Callable[[], None]) -> AudioSource:
    """Return the source without echo; the same where the canceller or the monitor is missing."""
    program = shutil.which(PROGRAM)
    if program is None:
        return source
    try:
        from pywebrtc_audio import EchoCanceller  # noqa: PLC0415 -- not needed everywhere

        return CancelledSource(source, MonitorReference(program), EchoCanceller(sample_rate=RATE).process, passed)
    except (ImportError, OSError) as error:
        log.debug("no echo cancelling: %s", error)
        return source
