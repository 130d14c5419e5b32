"""Measures the coach's ear on voices that nothing was tuned on, in quiet, noise, an echoing room and babble."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.tables import percent, table
from benchmarks.voice.recognizer_results import PHRASES
from benchmarks.voice.speakers import CONDITIONS, REPORT_VOICES, clip_in
from palmwise.errors import ModelError
from palmwise.speech.events import Recognizer, Transcript
from palmwise.speech.vocabulary import spoken_form

log = logging.getLogger(__name__)
ALARMS = ("ouch", "ow", "stop", "stop it", "that hurts", "it hurts", "wait", "hold on")
HALTING = frozenset({"stop", "pause", "report_pain", "goodbye"})
HEAD = (
    "ear", "condition", "commands", "exact, %", "same intent, %", "wrong command obeyed, %", "doubtful pauses, %",
    "other talk", "taken for a command", "words of alarm", "that halt at once, %", "within two tries, %",
)  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """One clip and what was made of it."""

    kind: str
    """`commands`, `other_talk` or `alarms`."""
    voice: str
    text: str
    heard: Transcript


def measure(names: Sequence[str], conditions: Sequence[str] = CONDITIONS, every: int = 3) -> str:
    """Measure the ears of these names; each voice says every so many-eth phrase, another voice the others."""
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
            rows.append([name, condition, *_scores(list(_trials(recognizer, condition, every)), intents)])
            log.warning("%s", rows[-1])
    voices = ", ".join(REPORT_VOICES)
    return table(HEAD, rows, f"Ears, by voices that nothing was tuned on: {voices}")


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


def _scores(trials: Sequence[Trial], intents: Mapping[str, str]) -> Iterator[object]:
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
    halted = [trial.heard.intent in HALTING for trial in alarms]
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
