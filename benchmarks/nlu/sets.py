"""The sentences to measure on, none of which is trained on, and noisy copies of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.nlu.noise import heard, sounding_alike, typed
from palmwise.language.tokens import join, tokenize

OWN = Path("tests/understanding")
NOISED = ("typed", "spoken", "held_out")
"""The sets that noisy copies are made of."""
LEVELS = (1, 2, 3)
"""Slips in a noisy sentence."""
TYPOS, MISHEARD = "typos", "misheard"


@dataclass(frozen=True)
class Case:
    """A sentence with what counts as right."""

    set: str
    text: str
    intents: tuple[str, ...]
    entities: Mapping[str, tuple[str, ...]] | None = field(default=None, hash=False)
    """None where entities are not judged."""

    @property
    def noisy(self) -> bool:
        """Whether it is a copy with slips."""
        return self.set.startswith((TYPOS, MISHEARD))

    @property
    def own(self) -> bool:
        """Whether it belongs to the project's own sets."""
        return not self.noisy and "/" not in self.set


def load_cases(folders: Iterable[Path]) -> tuple[Case, ...]:
    """Every line of every `.jsonl` file; the file's name is the set's, behind the folder's if that is not `OWN`."""
    files = [(folder, path) for folder in folders for path in sorted(folder.glob("*.jsonl"))]
    return tuple(
        _case(path.stem if folder == OWN else f"{folder.name}/{path.stem}", json.loads(line))
        for folder, path in files
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    )


def unseen(cases: Iterable[Case], trained: Iterable[str]) -> tuple[Case, ...]:
    """The cases of which no training sentence has the same words in the same order."""
    known = {join(tokenize(text)) for text in trained}
    return tuple(case for case in cases if join(tokenize(case.text)) not in known)


def with_noise(cases: Iterable[Case]) -> tuple[Case, ...]:
    """The cases of `NOISED`, with slips of the fingers and of a recogniser, from a seed that training does not use."""
    own = [case for case in cases if case.own]
    alike = sounding_alike(case.text for case in own)
    return tuple(
        Case(
            f"{kind} {level}",
            typed(case.text, level) if kind == TYPOS else heard(case.text, level, alike),
            case.intents,
        )
        for kind in (TYPOS, MISHEARD)
        for level in LEVELS
        for case in own
        if case.set in NOISED
    )


def _case(name: str, raw: Mapping[str, Any]) -> Case:
    wanted = raw["intent"]
    entities = raw.get("entities")
    judged = {e: tuple(v) if isinstance(v, list) else (v,) for e, v in entities.items()} if entities else None
    return Case(name, raw["text"], (wanted,) if isinstance(wanted, str) else tuple(wanted), judged)
