"""Voices that make samples of a text: the coach's own natural one, and the protocol that all of them follow."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from palmwise.errors import LoudspeakerError
from palmwise.language.reading_aloud import read_aloud
from palmwise.speech.delivery import parts
from palmwise.speech.pronunciations import FOR_NATURAL, Respelling

Samples = NDArray[np.float32]
NATURAL_RATE = 171
"""Words a minute of the natural voice at its own speed, measured on the coach's sentences."""
SLOWEST, FASTEST = 0.5, 2.0
"""Its speeds, as factors."""
GAIN = 1.6
"""Makes the natural voice about as loud as the system's."""
QUIET = 0.01
"""Level, of 1, below which a sentence has not begun or is over."""
LEAD_IN, TAIL = 0.02, 0.08
"""Seconds of silence that are kept before and after a sentence; the voice makes 0.3 and 0.45 of its own."""


@dataclass(frozen=True)
class Sound:
    """A stretch of sound, 16 bit mono."""

    pcm: bytes
    rate: int
    """Samples a second."""


class Voice(Protocol):
    """Makes sound of a text, sentence by sentence, so that the first can be heard while the next is made."""

    name: str

    def speak(self, text: str, rate: int) -> Iterator[Sound]:
        """Yield the sound of a text with marks for pauses, at `rate` words a minute. Raises `LoudspeakerError`."""
        ...


class NaturalVoice:
    """The neural voice of hibari-tts, whose weights are in its wheel. The same text gives the same sound."""

    name = "natural"

    def __init__(self) -> None:
        """Load it: some 0.9 s and 200 MB. Raises `LoudspeakerError` where it is not installed."""
        try:
            from hibari import Hibari  # noqa: PLC0415 -- slow to load
        except ImportError as error:
            raise LoudspeakerError(f"The natural voice is not installed ({error}).") from error
        self._synthesizer: Any = Hibari(threads=1)
        self._synthesizer("Ready.")
        self._respelling = Respelling(FOR_NATURAL)

    @staticmethod
    def version() -> str | None:
        """The release of the synthesis, None where it is not installed."""
        if importlib.util.find_spec("hibari") is None:
            return None
        return importlib.metadata.version("hibari-tts")

    def speak(self, text: str, rate: int) -> Iterator[Sound]:
        """Yield a sound for each sentence and each pause."""
        speed = min(FASTEST, max(SLOWEST, rate / NATURAL_RATE))
        for part in parts(text):
            if isinstance(part, float):
                yield silence(part, self._synthesizer.sample_rate)
                continue
            text = self._respelling.respell(read_aloud(part))
            for samples in self._synthesizer.stream(text, speed=speed, seed=0):
                yield _sound(trimmed(samples, self._synthesizer.sample_rate) * GAIN, self._synthesizer.sample_rate)


def silence(seconds: float, rate: int) -> Sound:
    """A stretch without sound."""
    return Sound(bytes(2 * round(seconds * rate)), rate)


def trimmed(samples: Samples, rate: int) -> Samples:
    """The samples from just before the first that can be heard to just after the last."""
    heard = np.flatnonzero(np.abs(samples) > QUIET)
    if not heard.size:
        return samples[:0]
    return samples[max(0, heard[0] - round(LEAD_IN * rate)) : heard[-1] + round(TAIL * rate)]


def with_volume(sound: Sound, volume: float) -> Sound:
    """The sound at a volume of 0 to 1."""
    if volume >= 1:
        return sound
    samples = np.frombuffer(sound.pcm, "<i2") * max(0.0, volume)
    return Sound(samples.astype("<i2").tobytes(), sound.rate)


def _sound(samples: Samples, rate: int) -> Sound:
    return Sound((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes(), rate)
