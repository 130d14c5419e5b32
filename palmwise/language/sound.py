"""Finds the known short sentence that sounds like what a recogniser wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from palmwise.language.spelling import phonetic_key

MOST = 6
"""Words of a sentence that is worth remembering by its sound; longer ones survive one wrong word anyway."""
LEAST = 3
"""Letters of a sound that are enough to tell sentences apart."""


@dataclass(frozen=True)
class Echoes:
    """Short sentences by their sound; only those whose sound belongs to one label."""

    labels: Mapping[str, str]
    """Sound -> label."""

    @staticmethod
    def of(examples: Iterable[tuple[str, str]]) -> Echoes:
        """Remembers (sentence, label) pairs."""
        found: dict[str, set[str]] = {}
        for sentence, label in examples:
            if len(sentence.split()) <= MOST:
                found.setdefault(phonetic_key(sentence), set()).add(label)
        alone = {sound: next(iter(labels)) for sound, labels in found.items() if len(labels) == 1}
        return Echoes({sound: label for sound, label in alone.items() if len(sound) >= LEAST})

    def label(self, sentence: str) -> str | None:
        """The label of the known sentence that sounds like this one, whatever its words."""
        return self.labels.get(phonetic_key(sentence)) if len(sentence.split()) <= MOST + 2 else None
