"""Measures what each ear makes of commands, questions, other people's talk."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from speech_recognition import AudioData

from benchmarks.voice.phrases import COMMANDS, OTHER, QUESTIONS
from palmwise.errors import ModelError
from palmwise.resources import ROOT
from palmwise.speech import recognizers
from palmwise.speech.recognizers import CoachRecognizer
from palmwise.speech.sphinx import own_language
from palmwise.speech.vocabulary import spoken as in_words
from palmwise.speech.vocabulary import word_errors
from tests.voice.room import RATE, spoken

log = logging.getLogger(__name__)
NOISES: tuple[float | None, ...] = (None, 20.0, 10.0)
"""Decibels of the voice above the noise; None is clean."""
VOICES = ("slt", "rms")
EARS = ("sphinx", "moonshine", "vosk", "whisper")


@dataclass(frozen=True)
class Score:
    """Of one ear at one noise; shares from 0 to 1."""

    ear: str
    noise: float | None
    exact: float
    """Commands heard word by word."""
    meant: float
    """Commands heard so that the training data give them the same intent."""
    word_errors: float
    """Of questions, by their words."""
    false: float
    """Other talk that was heard as a known command."""
    passed: float
    """Other talk of which anything would have gone to the server."""
    other_minutes: float
    """Of other talk listened to."""
    seconds: float
    """Median for a clip."""

    @property
    def false_an_hour(self) -> float:
        """False commands in an hour of nothing but other talk."""
        return self.false * len(OTHER) * len(VOICES) / (self.other_minutes / 60)


def measure(names: Sequence[str] = EARS) -> list[Score]:
    """All ears whose models are here."""
    scores = []
    for name in names:
        ear = _ear(name)
        if ear is not None:
            scores += [_score(ear, noise) for noise in NOISES]
    return scores


def _ear(name: str) -> CoachRecognizer | None:
    try:
        return recognizers.ear(name, None, ROOT)
    except ModelError as error:
        log.warning("%s: %s", name, error)
        return None


def _score(ear: CoachRecognizer, noise: float | None) -> Score:
    known = own_language(ROOT).commands()
    times: list[float] = []
    exact = meant = said = wrong = false = passed = 0
    minutes = 0.0
    for voice in VOICES:
        for text in COMMANDS:
            heard, _ = _heard(ear, text, voice, noise, times)
            exact += heard == in_words(text)
            meant += heard == in_words(text) or (heard in known and known.get(in_words(text)) == known[heard])
        for text in QUESTIONS:
            heard, _ = _heard(ear, text, voice, noise, times)
            wrong += word_errors(in_words(text), heard)
            said += len(text.split())
        for text in OTHER:
            heard, seconds = _heard(ear, text, voice, noise, times)
            false += heard in known
            passed += bool(heard)
            minutes += seconds / 60
    count, others = len(COMMANDS) * len(VOICES), len(OTHER) * len(VOICES)
    name = f"{ear.name}"
    result = Score(
        name, noise, exact / count, meant / count, wrong / said, false / others, passed / others, minutes,
        float(np.median(times)),
    )  # fmt: skip
    log.warning("%s", result)
    return result


def _heard(ear: CoachRecognizer, text: str, voice: str, noise: float | None, times: list[float]) -> tuple[str, float]:
    cache = Path(tempfile.gettempdir()) / "palmwise-test-voices"
    cache.mkdir(exist_ok=True)
    # What is called clean has the noise of a good microphone: perfect silence is found nowhere.
    sound, seconds = spoken(text, voice, cache, 45.0 if noise is None else noise)
    clip = AudioData(np.clip(sound, -32_768, 32_767).astype(np.int16).tobytes(), RATE, 2)
    began = time.perf_counter()
    heard = ear.hear(clip)
    times.append(time.perf_counter() - began)
    return heard.text, seconds
