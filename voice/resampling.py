"""Sound of a microphone that cannot deliver 16 kHz, at 16 kHz."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from palmwise.speech.endpointing import PIECE, RATE


class Resampler:
    """Turns 16 bit mono of one rate into pieces of 16 kHz. Each new sample is the mean of the old ones in its time,
    which keeps enough of the aliases away for speech; between slower samples it interpolates.
    """

    def __init__(self, rate: int) -> None:
        """`rate` is in samples a second."""
        self._step = rate / RATE
        self._left: NDArray[np.float64] = np.zeros(0)
        self._at = 0.0
        self._done: NDArray[np.int16] = np.zeros(0, np.int16)

    @property
    def needed(self) -> int:
        """How many samples to read for the next piece."""
        return max(1, round((PIECE - len(self._done)) * self._step))

    def add(self, raw: bytes) -> None:
        """Take samples."""
        sound = np.concatenate([self._left, np.frombuffer(raw[: len(raw) // 2 * 2], np.int16).astype(np.float64)])
        sums = np.concatenate([[0.0], np.cumsum(sound)])
        count = max(0, int((len(sound) - self._at) / self._step))
        edges = self._at + self._step * np.arange(count + 1)
        found = np.diff(np.interp(edges, np.arange(len(sums)), sums)) / self._step
        end = float(edges[-1])
        whole = int(end)
        self._left, self._at = sound[whole:], end - whole
        self._done = np.concatenate([self._done, np.clip(np.round(found), -32_768, 32_767).astype(np.int16)])

    def take(self) -> bytes | None:
        """Return the next 32 ms; None if more must be added first."""
        if len(self._done) < PIECE:
            return None
        piece, self._done = self._done[:PIECE], self._done[PIECE:]
        return piece.tobytes()
