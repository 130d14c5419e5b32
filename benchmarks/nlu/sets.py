"""The sentences to measure on, none of which is trained on, and noisy copies of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from nlu.noise import slip
from nlu.text import joined, words_of

OWN = Path("tests/understanding")
SEED = 7


@dataclass(frozen=True)
class Case:
    """A sentence with what counts as right."""

    set: str
    text: str
    intents: tuple[str, ...]
    entities: Mapping[str, tuple[str, ...]] | None = field(default=None, hash=False)
    """None where entities are not judged."""


def load_cases(folders: Iterable[Path]) -> tuple[Case, ...]:
    """Every line of every `.jsonl` file; the file's name is the set's."""
    files = [path for folder in folders for path in sorted(folder.glob("*.jsonl"))]
    return tuple(
        _case(path.stem, json.loads(line))
        for path in files
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    )


def unseen(cases: Iterable[Case], trained: Iterable[str]) -> tuple[tuple[Case, ...], int]:
    """The cases of which no training sentence has the same words in the same order, and how many were left out."""
    known = {joined(words_of(text)) for text in trained}
    every = tuple(cases)
    kept = tuple(case for case in every if joined(words_of(case.text)) not in known)
    return kept, len(every) - len(kept)


def with_typos(cases: Iterable[Case], edits: int) -> tuple[Case, ...]:
    """The cases with so many slips of the fingers each, from a seed that training does not use."""
    return tuple(Case(f"typos {edits}", _slipped(case.text, edits), case.intents) for case in cases)


def _slipped(text: str, edits: int) -> str:
    random = Random(f"{SEED} {text}")  # noqa: S311 - no secret
    words = text.split()
    for _ in range(edits):
        at = random.randrange(len(words))
        words[at] = slip(words[at], random) or words[at]
    return " ".join(words)


def _case(name: str, raw: Mapping[str, Any]) -> Case:
    wanted = raw["intent"]
    entities = raw.get("entities")
    judged = {e: tuple(v) if isinstance(v, list) else (v,) for e, v in entities.items()} if entities else None
    return Case(name, raw["text"], (wanted,) if isinstance(wanted, str) else tuple(wanted), judged)
