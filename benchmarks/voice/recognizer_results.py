"""Measures what each recognizer makes of commands, questions and other people's talk."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from benchmarks.voice.room import RATE, VOICES, synthesize
from palmwise.errors import ModelError
from palmwise.speech.events import Recognizer
from palmwise.speech.vocabulary import spoken_form

log = logging.getLogger(__name__)
NOISES: tuple[float | None, ...] = (None, 20.0, 10.0)
"""Decibels of the voice above the noise; None is clean."""
CLEAN = 45.0
"""Decibels of what is called clean: the noise of a good microphone. Perfect silence is found nowhere."""
RECOGNIZERS = ("sphinx", "moonshine", "vosk", "whisper")
PHRASES: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "phrases.yml").read_text(encoding="utf-8"))
HALTING = ("stop", "stop the massage", "pause", "pause please", "hold on", "ouch", "that hurts", "too much pressure")
"""Commands that matter most; the report names those that were missed."""


@dataclass(frozen=True)
class Score:
    """Of one recognizer in one noise. Shares are from 0 to 1."""

    recognizer: str
    noise: float | None
    exact: float
    """Share of commands that were recognized word by word."""
    meant: float
    """Share of commands that were recognized as one of the same intent."""
    missed: tuple[str, ...]
    """Each of `HALTING` that was not, with the voice that said it."""
    word_errors: float
    """Word error rate of the questions."""
    false: float
    """Share of other talk that was recognized as a command."""
    false_an_hour: float
    """The same in an hour of nothing but other talk."""
    passed: float
    """Share of other talk that would be sent to the server."""
    seconds: float
    """Median time for a clip."""


class Trial:
    """One recognizer in one noise."""

    def __init__(self, recognizer: Recognizer, noise: float | None) -> None:
        self._recognizer = recognizer
        self._noise = CLEAN if noise is None else noise
        self.times: list[float] = []
        self.speech_seconds = 0.0

    def hear(self, text: str, voice: str) -> tuple[str, str | None]:
        """Return the text that is recognized when a voice says something, and its intent."""
        from speech_recognition import AudioData  # noqa: PLC0415 -- only the environment of the voice client has it

        sound, seconds = synthesize(text, voice, Path(tempfile.gettempdir()) / "palmwise-test-voices", self._noise)
        clip = AudioData(np.clip(sound, -32_768, 32_767).astype(np.int16).tobytes(), RATE, 2)
        began = time.perf_counter()
        transcript = self._recognizer.transcribe(clip)
        self.times.append(time.perf_counter() - began)
        self.speech_seconds += seconds
        return transcript.text, transcript.intent


def measure(names: Sequence[str] = RECOGNIZERS) -> list[Score]:
    """Measure all recognizers of these names whose models are installed."""
    from palmwise.speech.recognizers import create_recognizer  # noqa: PLC0415 -- the same
    from palmwise.speech.sphinx import sphinx_files  # noqa: PLC0415 -- the same

    intents = sphinx_files().commands()
    scores = []
    for name in names:
        try:
            recognizer = create_recognizer(name)
        except ModelError as error:
            log.warning("%s: %s", name, error)
            continue
        for noise in NOISES:
            scores.append(_score(recognizer.name, Trial(recognizer, noise), noise, intents))
            log.warning("%s", scores[-1])
    return scores


def _score(name: str, trial: Trial, noise: float | None, intents: Mapping[str, str]) -> Score:
    said = {kind: [(text, voice) for text in texts for voice in VOICES] for kind, texts in PHRASES.items()}
    commands = [(text, voice, *trial.hear(text, voice)) for text, voice in said["commands"]]
    exact = [heard == spoken_form(text) for text, _, heard, _ in commands]
    meant = [
        right or (intent is not None and intents.get(spoken_form(text)) == intent)
        for right, (text, _, _, intent) in zip(exact, commands, strict=True)
    ]
    errors = words = 0
    for text, voice in said["questions"]:
        errors += word_errors(spoken_form(text), trial.hear(text, voice)[0])
        words += len(text.split())
    before = trial.speech_seconds
    other = [trial.hear(text, voice) for text, voice in said["other_talk"]]
    false = sum(text in intents for text, _ in other)
    return Score(
        name,
        noise,
        float(np.mean(exact)),
        float(np.mean(meant)),
        tuple(
            f"{text} ({voice})"
            for right, (text, voice, *_) in zip(meant, commands, strict=True)
            if text in HALTING and not right
        ),
        errors / words,
        false / len(other),
        false / ((trial.speech_seconds - before) / 3600),
        float(np.mean([bool(text) for text, _ in other])),
        float(np.median(trial.times)),
    )


def word_errors(said: str, heard: str) -> int:
    """Return the least number of words inserted, deleted or replaced between what was said and what was heard."""
    wanted, got = said.split(), heard.split()
    row = list(range(len(got) + 1))
    for i, word in enumerate(wanted, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(got, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != other))
    return row[-1]
