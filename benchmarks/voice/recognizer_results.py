"""Measures what each recognizer makes of commands, questions and other people's talk."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

import yaml

from benchmarks.tables import percent, table
from benchmarks.voice.room import VOICES, spoken_clip
from palmwise.errors import ModelError
from palmwise.speech.events import Recognizer
from palmwise.speech.vocabulary import spoken_form

log = logging.getLogger(__name__)
NOISES = {"clean": 45.0, "20 dB": 20.0, "10 dB": 10.0}
"""Decibels of the voice above the noise. Clean is a good microphone: perfect silence is found nowhere."""
RECOGNIZERS = ("sphinx", "moonshine")
PHRASES: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "phrases.yml").read_text(encoding="utf-8"))
HALTING = ("stop", "stop the massage", "pause", "pause please", "hold on", "ouch", "that hurts", "too much pressure")
"""Commands that matter most; the report names those that were missed."""
HEAD = (
    "recognizer", "noise", "commands exact, %", "same intent, %", "word errors in questions, %",
    "false commands in other talk, %", "other talk let through, %", "a clip, ms", "halting commands missed",
)  # fmt: skip


def measure(names: Sequence[str] = RECOGNIZERS) -> str:
    """Measure all recognizers of these names whose models are installed."""
    from palmwise.speech.recognizers import create_recognizer  # noqa: PLC0415 -- only the voice environment has it
    from palmwise.speech.sphinx import sphinx_words  # noqa: PLC0415 -- the same

    intents, rows = sphinx_words().commands, []
    for name in names:
        try:
            recognizer = create_recognizer(name)
        except ModelError as error:
            log.warning("%s: %s", name, error)
            continue
        for noise, decibels in NOISES.items():
            rows.append([name, noise, *_scores(recognizer, decibels, intents)])
            log.warning("%s", rows[-1])
    return table(HEAD, rows, "Recognizers")


def _scores(recognizer: Recognizer, decibels: float, intents: Mapping[str, str]) -> Iterator[object]:
    heard, times = {}, []
    for kind, texts in PHRASES.items():
        for text, voice in ((text, voice) for text in texts for voice in VOICES):
            clip = spoken_clip(text, voice, decibels)
            began = time.perf_counter()
            heard[kind, text, voice] = recognizer.transcribe(clip)
            times.append(1000 * (time.perf_counter() - began))
    commands = {(text, voice): found for (kind, text, voice), found in heard.items() if kind == "commands"}
    exact = [found.text == spoken_form(text) for (text, _), found in commands.items()]
    meant = [right or (found.intent is not None and intents.get(spoken_form(text)) == found.intent)
             for right, ((text, _), found) in zip(exact, commands.items(), strict=True)]  # fmt: skip
    yield percent(sum(exact) / len(exact))
    yield percent(sum(meant) / len(meant))
    questions = [(spoken_form(text), found.text) for (kind, text, _), found in heard.items() if kind == "questions"]
    words = sum(len(said.split()) for said, _ in questions)
    yield percent(sum(word_errors(said, found) for said, found in questions) / words)
    other = [found.text for (kind, *_), found in heard.items() if kind == "other_talk"]
    yield percent(sum(text in intents for text in other) / len(other))
    yield percent(sum(map(bool, other)) / len(other))
    yield round(median(times))
    missed = [" by ".join(said) for right, said in zip(meant, commands, strict=True) if not right]
    yield ", ".join(each for each in missed if each.split(" by ")[0] in HALTING) or "none"


def word_errors(said: str, heard: str) -> int:
    """Return the least number of words inserted, deleted or replaced between what was said and what was heard."""
    wanted, got = said.split(), heard.split()
    row = list(range(len(got) + 1))
    for i, word in enumerate(wanted, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(got, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != other))
    return row[-1]
