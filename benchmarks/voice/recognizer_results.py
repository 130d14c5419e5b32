"""Measures what each ear makes of commands, questions, words of alarm and other people's talk.

By voices that nothing was tuned on, in quiet, in noise, in an echoing room and in babble.
"""

from __future__ import annotations

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import yaml

from benchmarks.tables import percent, table
from benchmarks.voice.speakers import CONDITIONS, REPORT_VOICES, clip_in
from palmwise.errors import ModelError
from palmwise.speech.events import Recognizer, Transcript
from palmwise.speech.vocabulary import spoken_form

log = logging.getLogger(__name__)
RECOGNIZERS = ("sphinx", "moonshine")
PHRASES: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "phrases.yml").read_text(encoding="utf-8"))
ALARMS = ("ouch", "stop", "stop it", "that hurts", "it hurts", "wait", "hold on")
"""Not "ow": most synthesizers say it as "oh"."""
TAKES = 3
"""How often a voice says each word of alarm, each time with another stretch of the noise."""
HALTING_INTENTS = frozenset({"stop", "pause", "report_pain", "goodbye"})
HEAD = (
    "ear", "condition", "commands", "exact, %", "same intent, %", "wrong command obeyed, %", "doubtful pauses, %",
    "word errors in questions, %", "other talk", "taken for a command", "words of alarm", "that halt at once, %",
    "within two tries, %", "processor time of a clip, ms",
)  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """One clip and what was made of it."""

    kind: str
    """`alarms`, or a key of `PHRASES`."""
    voice: str
    text: str
    heard: Transcript
    milliseconds: float
    """Of processor time."""

    @property
    def halts(self) -> bool:
        """Whether the coach stops or pauses for it."""
        return self.heard.intent in HALTING_INTENTS


def measure(names: Sequence[str] = RECOGNIZERS, conditions: Sequence[str] = CONDITIONS, every: int = 3) -> str:
    """Measure all recognizers of these names that are installed.

    Each voice says every so many-eth phrase, and another voice the others.
    """
    from palmwise.speech.recognizers import create_recognizer  # noqa: PLC0415 -- only the voice environment has it
    from palmwise.speech.sphinx import sphinx_words  # noqa: PLC0415 -- the same

    intents, rows, missed = sphinx_words().commands, [], []
    for name in names:
        try:
            recognizer = create_recognizer(name)
        except ModelError as error:
            log.warning("%s: %s", name, error)
            continue
        for condition in conditions:
            trials = list(_trials(recognizer, condition, every))
            rows.append([name, condition, *_scores(trials, intents)])
            missed.append(f"{name}, {condition}: {_missed(trials)}")
            log.warning("%s\n%s", rows[-1], missed[-1])
    title = f"Ears, by voices that nothing was tuned on: {', '.join(REPORT_VOICES)}"
    return "\n".join(
        [table(HEAD, rows, title), "Words of alarm that were missed at the first try:\n", *_listed(missed)]
    )


def _listed(lines: Sequence[str]) -> Iterator[str]:
    return (f"- {line}" for line in lines)


def _trials(recognizer: Recognizer, condition: str, every: int) -> Iterator[Trial]:
    for number, voice in enumerate(REPORT_VOICES):
        said = [("alarms", text, take) for take in range(TAKES) for text in ALARMS]
        said += [(kind, text, 0) for kind, texts in PHRASES.items() for text in texts[number % every :: every]]
        for kind, text, take in said:
            clip = clip_in(condition, voice, text, take)
            began = time.process_time()
            heard = recognizer.transcribe(clip)
            yield Trial(kind, voice, text, heard, 1000 * (time.process_time() - began))


def _scores(trials: Sequence[Trial], intents: Mapping[str, str]) -> Iterator[object]:
    by_kind: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        by_kind[trial.kind].append(trial)
    yield from _scores_of_commands(by_kind["commands"], intents)
    questions = [(spoken_form(trial.text), trial.heard.text) for trial in by_kind["questions"]]
    words = sum(len(said.split()) for said, _ in questions)
    yield percent(sum(word_errors(said, heard) for said, heard in questions) / max(1, words))
    other, alarms = by_kind["other_talk"], by_kind["alarms"]
    yield len(other)
    yield sum(trial.heard.intent is not None for trial in other)
    yield len(alarms)
    yield _share([trial.halts for trial in alarms])
    yield _share(_within_two(alarms))
    yield round(median(trial.milliseconds for trial in trials))


def _scores_of_commands(commands: Sequence[Trial], intents: Mapping[str, str]) -> Iterator[object]:
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


def _within_two(alarms: Sequence[Trial]) -> list[bool]:
    """Return whether a voice is heard that says another word of alarm of the list where one was not."""
    by_voice: dict[str, list[bool]] = defaultdict(list)
    for trial in alarms:
        by_voice[trial.voice].append(trial.halts)
    return [first or rights[(at + 1) % len(rights)] for rights in by_voice.values() for at, first in enumerate(rights)]


def _missed(alarms: Sequence[Trial]) -> str:
    """Return the words of alarm that did not halt at the first try, with the voice and how often."""
    missed = Counter(f"{trial.text} by {trial.voice}" for trial in alarms if trial.kind == "alarms" and not trial.halts)
    return ", ".join(f"{what} ({count} of {TAKES})" for what, count in missed.most_common()) or "none"


def _share(values: Sequence[bool]) -> str:
    return percent(sum(values) / max(1, len(values)))


def word_errors(said: str, heard: str) -> int:
    """Return the least number of words inserted, deleted or replaced between what was said and what was heard."""
    wanted, got = said.split(), heard.split()
    row = list(range(len(got) + 1))
    for i, word in enumerate(wanted, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(got, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != other))
    return row[-1]
