"""Test cases, none of which is trained on, and copies of them with slips of typing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from palmwise.language.tokens import words_of
from palmwise.nlu.training_data import slip

OWN = Path("tests/understanding")
OURS = "ours"
"""Name of the folder of the project's own pipeline, the only one that reads conversations."""
SLIPPED_SETS = ("typed", "spoken", "held_out")
"""The sets that copies are made of."""
SLIPPED = "typing slips"
SEED = 7
"""Not the seed of the noisy copies in training."""


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
    def is_own(self) -> bool:
        """Whether it belongs to the project's own sets."""
        return self.set != SLIPPED and "/" not in self.set


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


def with_slips(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Copies of the cases of `SLIPPED_SETS` with a slip of typing in each."""
    own = [case for case in cases if case.set in SLIPPED_SETS]
    return tuple(replace(case, set=SLIPPED, text=slipped(case.text), entities=None) for case in own)


def slipped(text: str) -> str:
    """The sentence with one slip of typing; the same every time."""
    random, words = Random(f"{SEED} {text}"), text.split()  # noqa: S311 - no secret
    at = random.randrange(len(words))
    words[at] = slip(words[at], random) or words[at]
    return " ".join(words)


def _case(name: str, raw: Mapping[str, Any]) -> Case:
    intents, entities = raw["intent"], raw.get("entities")
    judged = {e: tuple(v) if isinstance(v, list) else (v,) for e, v in entities.items()} if entities else None
    return Case(name, raw["text"], (intents,) if isinstance(intents, str) else tuple(intents), judged)
