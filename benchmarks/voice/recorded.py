"""Finds when the person and the coach spoke in recordings of the room."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.voice.room import LEVEL, RATE, Sound

FRAME = RATE // 100
PAUSE = 0.35
"""Seconds of silence that end a stretch of the coach's speech; its own pauses within a sentence are shorter."""
COACH_LOUD = 30.0
"""Root mean square from which on the coach speaks: the recording of the loudspeaker has no noise."""
PERSON_LOUD = 0.1 * LEVEL
"""Root mean square, in the clip without noise, between the first and the last frame of the person's speech."""
EARLY, LATE = 0.3, 1.5
"""Seconds before and after the time it was asked for in which a clip begins to be played."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of speech, in seconds of the monotonic clock."""

    begin: float
    end: float


@dataclass(frozen=True)
class Recording:
    """A raw file of 16 bit at 16 kHz."""

    file: Path
    began: float

    @property
    def sound(self) -> Sound:
        """Its samples, -32,768 to 32,767."""
        raw = self.file.read_bytes()
        return np.frombuffer(raw[: len(raw) // 2 * 2], np.int16).astype(np.float64)

    def coach(self) -> list[Stretch]:
        """Return when the coach spoke."""
        return [stretch for stretch in _loud(self.sound, self.began, COACH_LOUD) if stretch.end - stretch.begin > 0.08]

    def person(self, clean: Sound, asked: float) -> Stretch:
        """Return when the person said what was to be played at `asked`; `clean` are its samples without noise.

        Noise hides where a voice begins, but the known samples can be found in it by correlation.
        """
        first = max(0, round((asked - self.began - EARLY) * RATE))
        window = self.sound[first : first + len(clean) + round((EARLY + LATE) * RATE)]
        size = len(window) + len(clean)
        alike = np.fft.irfft(np.fft.rfft(window, size) * np.conj(np.fft.rfft(clean, size)), size)
        start = self.began + (first + int(np.argmax(alike[: len(window)]))) / RATE
        voiced = np.flatnonzero(_levels(clean) > PERSON_LOUD)
        return Stretch(start + voiced[0] * FRAME / RATE, start + (voiced[-1] + 1) * FRAME / RATE)


def _loud(sound: Sound, began: float, loud: float) -> list[Stretch]:
    found: list[Stretch] = []
    for index in np.flatnonzero(_levels(sound) > loud):
        at = began + float(index) * FRAME / RATE
        if found and at - found[-1].end < PAUSE:
            found[-1] = Stretch(found[-1].begin, at + FRAME / RATE)
        else:
            found.append(Stretch(at, at + FRAME / RATE))
    return found


def _levels(sound: Sound) -> NDArray[np.float64]:
    """Return the root mean square of each hundredth of a second."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    return np.asarray(np.sqrt((frames**2).mean(axis=1)), np.float64)
