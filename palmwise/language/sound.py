"""Finds the known short sentence that sounds like what a recogniser wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MOST = 6
"""Words of a sentence that is worth remembering by its sound; longer ones survive one wrong word anyway."""
LEAST = 3
"""Letters of a sound that are enough to tell sentences apart."""

# Spellings to sounds, in this order; voiced and unvoiced are one sound, since recognisers mix them up.
_RULES = (
    (r"wh", "w"), (r"wr", "r"), (r"kn", "n"), (r"gn", "n"), (r"ph|gh(?=t?\b)", "f"), (r"ough", "o"), (r"igh", "i"),
    (r"mb\b", "m"),
    (r"tch|ch|sh|j|dge|ti(?=on)|si(?=on)", "J"), (r"c(?=[eiy])|z", "s"), (r"ck|c|q|g|x", "k"), (r"th", "t"),
    (r"d", "t"),
    (r"v", "f"), (r"b", "p"), (r"[aeiouyw']", ""), (r"h", ""),
)  # fmt: skip
_COMPILED = tuple((re.compile(spelling), sound) for spelling, sound in _RULES)


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
                found.setdefault(sound_of(sentence), set()).add(label)
        alone = {sound: next(iter(labels)) for sound, labels in found.items() if len(labels) == 1}
        return Echoes({sound: label for sound, label in alone.items() if len(sound) >= LEAST})

    def label(self, sentence: str) -> str | None:
        """The label of the known sentence that sounds like this one, whatever its words."""
        return self.labels.get(sound_of(sentence)) if len(sentence.split()) <= MOST + 2 else None


def sound_of(sentence: str) -> str:
    """Its consonants as one word: "ladder please" and "louder please" are both "ltrpls"."""
    sound = sentence.lower()
    for spelling, letter in _COMPILED:
        sound = spelling.sub(letter, sound)
    sound = sound.replace(" ", "")
    return re.sub(r"(.)\1+", r"\1", sound)
