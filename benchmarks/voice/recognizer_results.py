"""Measures what each recognizer makes of commands, questions, words of alarm and other people's talk.

`measure` compares recognizers in noise; `measure_unseen` uses voices that nothing was tuned on, in quiet, noise, an
echoing room and babble.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import yaml

from benchmarks.tables import percent, table
from benchmarks.voice.room import VOICES, spoken_clip
from benchmarks.voice.speakers import CONDITIONS, REPORT_VOICES, clip_in
from palmwise.errors import ModelError
from palmwise.speech.events import Recognizer, Transcript
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
ALARMS = ("ouch", "ow", "stop", "stop it", "that hurts", "it hurts", "wait", "hold on")
HALTING_INTENTS = frozenset({"stop", "pause", "report_pain", "goodbye"})
UNSEEN_HEAD = (
    "ear", "condition", "commands", "exact, %", "same intent, %", "wrong command obeyed, %", "doubtful pauses, %",
    "other talk", "taken for a command", "words of alarm", "that halt at once, %", "within two tries, %",
)  # fmt: skip
Scores = Callable[[Recognizer, str, Mapping[str, str]], Iterator[object]]
"""(recognizer, condition, intents of its commands) -> the cells of a row."""


def measure(names: Sequence[str] = RECOGNIZERS) -> str:
    """Measure all recognizers of these names whose models are installed."""
    return table(HEAD, _rows(names, NOISES, _scores_in_noise), "Recognizers")


def measure_unseen(names: Sequence[str], conditions: Sequence[str] = CONDITIONS, every: int = 3) -> str:
    """The same by unseen voices; each says every so many-eth phrase, another voice the others."""

    def scores(recognizer: Recognizer, condition: str, intents: Mapping[str, str]) -> Iterator[object]:
        return _scores_of_trials(list(_trials(recognizer, condition, every)), intents)

    voices = ", ".join(REPORT_VOICES)
    return table(UNSEEN_HEAD, _rows(names, conditions, scores), f"Ears, by voices that nothing was tuned on: {voices}")


def _rows(names: Sequence[str], conditions: Iterable[str], scores: Scores) -> list[list[object]]:
    """A row for each recognizer that is installed and each condition."""
    from palmwise.speech.recognizers import create_recognizer  # noqa: PLC0415 -- only the voice environment has it
    from palmwise.speech.sphinx import sphinx_words  # noqa: PLC0415 -- the same

    intents, rows = sphinx_words().commands, []
    for name in names:
        try:
            recognizer = create_recognizer(name)
        except ModelError as error:
            log.warning("%s: %s", name, error)
            continue
        for condition in conditions:
            rows.append([name, condition, *scores(recognizer, condition, intents)])
            log.warning("%s", rows[-1])
    return rows


# Recognizers in noise


def _scores_in_noise(recognizer: Recognizer, noise: str, intents: Mapping[str, str]) -> Iterator[object]:
    heard, times = {}, []
    for kind, texts in PHRASES.items():
        for text, voice in ((text, voice) for text in texts for voice in VOICES):
            clip = spoken_clip(text, voice, NOISES[noise])
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


# Voices that nothing was tuned on


@dataclass(frozen=True)
class Trial:
    """One clip and what was made of it."""

    kind: str
    """`commands`, `other_talk` or `alarms`."""
    voice: str
    text: str
    heard: Transcript


def _trials(recognizer: Recognizer, condition: str, every: int) -> Iterator[Trial]:
    for number, voice in enumerate(REPORT_VOICES):
        for kind, texts in (
            ("alarms", ALARMS),
            ("commands", PHRASES["commands"]),
            ("other_talk", PHRASES["other_talk"]),
        ):
            chosen = texts if kind == "alarms" else texts[number % every :: every]
            for text in chosen:
                yield Trial(kind, voice, text, recognizer.transcribe(clip_in(condition, voice, text)))


def _scores_of_trials(trials: Sequence[Trial], intents: Mapping[str, str]) -> Iterator[object]:
    by_kind: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        by_kind[trial.kind].append(trial)
    commands, other, alarms = by_kind["commands"], by_kind["other_talk"], by_kind["alarms"]
    exact = [trial.heard.text == spoken_form(trial.text) for trial in commands]
    meant = [
        right or trial.heard.intent == intents.get(spoken_form(trial.text), "")
        for right, trial in zip(exact, commands, strict=True)
    ]
    wrong = [
        not right and trial.heard.intent is not None and not trial.heard.doubtful
        for right, trial in zip(meant, commands, strict=True)
    ]
    yield len(commands)
    yield _share(exact)
    yield _share(meant)
    yield _share(wrong)
    yield _share([trial.heard.doubtful for trial in commands])
    yield len(other)
    yield sum(trial.heard.intent is not None for trial in other)
    halted = [trial.heard.intent in HALTING_INTENTS for trial in alarms]
    yield len(alarms)
    yield _share(halted)
    yield _share(_within_two(alarms, halted))


def _within_two(alarms: Sequence[Trial], halted: Sequence[bool]) -> list[bool]:
    """Return whether a voice is heard that says another word of alarm of the list where one was not."""
    by_voice: dict[str, list[bool]] = defaultdict(list)
    for trial, right in zip(alarms, halted, strict=True):
        by_voice[trial.voice].append(right)
    return [first or rights[(at + 1) % len(rights)] for rights in by_voice.values() for at, first in enumerate(rights)]


def _share(values: Sequence[bool]) -> str:
    return percent(sum(values) / max(1, len(values)))
