"""Test cases, none of which is trained on, and noisy copies of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from palmwise.language.tokens import words_of
from palmwise.nlu.training_data import slip

OWN = Path("tests/understanding")
NOISY_SETS = ("typed", "spoken", "held_out")
"""The sets that noisy copies are made of."""
LEVELS = (1, 2, 3)
"""Errors in a noisy sentence."""
TYPOS, MISHEARD = "typos", "misheard"
SEED = 7
"""Not the seed of the noisy copies in training."""

_FILLERS = ("um", "uh", "er", "like", "so", "well", "you know", "i mean")
_FILLER, _LOST_WORD = 0.2, 0.35
"""A recognition error is a filler below the first, a lost word below the second, else another word."""
_SOUNDEX = {
    letter: code for code, letters in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), 1) for letter in letters
}


@dataclass(frozen=True)
class Case:
    """A sentence with what counts as right."""

    set: str
    """Name of its set, with the folder before a slash if the set is not the project's own."""
    text: str
    intents: tuple[str, ...]
    """Each of them is right."""
    entities: Mapping[str, tuple[str, ...]] | None = field(default=None, hash=False)
    """Entity -> values; None if entities are not judged."""

    @property
    def is_noisy(self) -> bool:
        """Whether it is a noisy copy."""
        return self.set.startswith((TYPOS, MISHEARD))

    @property
    def is_own(self) -> bool:
        """Whether it belongs to the project's own sets."""
        return not self.is_noisy and "/" not in self.set


def load_cases(folders: Iterable[Path]) -> tuple[Case, ...]:
    """Every line of every `.jsonl` file: `text`, `intent` (one or a list) and optionally `entities`."""
    return tuple(
        _case(path.stem if folder == OWN else f"{folder.name}/{path.stem}", json.loads(line))
        for folder in folders
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    )


def unseen(cases: Iterable[Case], trained: Iterable[str]) -> tuple[Case, ...]:
    """The cases of which no training sentence has the same words in the same order."""
    known = {tuple(words_of(text)) for text in trained}
    return tuple(case for case in cases if tuple(words_of(case.text)) not in known)


def with_noise(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Copies of the cases of `NOISY_SETS` at each level, with typos and with recognition errors."""
    own = [case for case in cases if case.is_own]
    alike = words_by_sound(case.text for case in own)
    return tuple(
        Case(
            f"{kind} {level}",
            typed(case.text, level) if kind == TYPOS else misheard(case.text, level, alike),
            case.intents,
        )
        for kind in (TYPOS, MISHEARD)
        for level in LEVELS
        for case in own
        if case.set in NOISY_SETS
    )


def typed(text: str, slips: int) -> str:
    """The sentence with so many slips of typing."""
    random = _random(text, "typed")
    words = text.split()
    for _ in range(slips):
        at = random.randrange(len(words))
        words[at] = slip(words[at], random) or words[at]
    return " ".join(words)


def misheard(text: str, errors: int, alike: Mapping[str, tuple[str, ...]]) -> str:
    """The sentence as a recognizer writes it: lower case, no punctuation, with so many errors."""
    random = _random(text, "heard")
    words = "".join(letter for letter in text.lower() if letter.isalnum() or letter in " '").split() or text.split()
    for _ in range(errors):
        words = _with_error(words, alike, random)
    return " ".join(words)


def words_by_sound(sentences: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Words by their `soundex`; only those that occur more than once, which are not misspelt."""
    counts = Counter(word for sentence in sentences for word in sentence.lower().split() if word.isalpha())
    groups: dict[str, list[str]] = {}
    for word in sorted(word for word, count in counts.items() if count > 1):
        groups.setdefault(soundex(word), []).append(word)
    return {sound: tuple(group) for sound, group in groups.items() if len(group) > 1}


def soundex(word: str) -> str:
    """Soundex (Russell, 1918) with all its digits, and the number of syllables: "wrist" is "W623 1".

    Training and repair use another phonetic key, so that it favours no pipeline.
    """
    letters = [letter for letter in word.lower() if letter.isalpha()]
    if not letters:
        return word
    digits, last = "", _SOUNDEX.get(letters[0])
    for letter in letters[1:]:
        code = _SOUNDEX.get(letter)
        if code is not None and code != last:
            digits += str(code)
        last = last if letter in "hw" else code
    vowels = "".join("v" if letter in "aeiouy" else " " for letter in letters)
    return f"{letters[0].upper()}{digits} {len(vowels.split())}"


def _with_error(words: list[str], alike: Mapping[str, tuple[str, ...]], random: Random) -> list[str]:
    chance = random.random()
    if chance < _FILLER:
        at = random.randrange(len(words) + 1)
        return [*words[:at], random.choice(_FILLERS), *words[at:]]
    if chance < _LOST_WORD and len(words) > 2:
        at = random.randrange(len(words))
        return [*words[:at], *words[at + 1 :]]
    others = {at: [each for each in alike.get(soundex(word), ()) if each != word] for at, word in enumerate(words)}
    candidates = [at for at in others if others[at]]
    if not candidates:
        return words
    at = random.choice(candidates)
    return [*words[:at], random.choice(others[at]), *words[at + 1 :]]


def _random(text: str, kind: str) -> Random:
    return Random(f"{SEED} {kind} {text}")  # noqa: S311 - no secret


def _case(name: str, raw: Mapping[str, Any]) -> Case:
    intents, entities = raw["intent"], raw.get("entities")
    judged = {e: tuple(v) if isinstance(v, list) else (v,) for e, v in entities.items()} if entities else None
    return Case(name, raw["text"], (intents,) if isinstance(intents, str) else tuple(intents), judged)
