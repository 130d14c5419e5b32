"""Finds names of the content (techniques, routines, parts of the body, complaints, hands) in repaired words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from palmwise.language.tokens import EntitySpan, join, tokenize

REPORTS = frozenset({"report_symptom", "report_pain", "report_red_flag"})
_SIDES = {"left": "left", "right": "right", "both": "both"}
_NO_PART = frozenset({"massage", "massages", "rub", "routine", "reflexology", "cream", "lotion", "oil", "coach"})


@dataclass(frozen=True)
class Names:
    """What things are called: word stems -> entity -> value."""

    table: Mapping[tuple[str, ...], Mapping[str, str]]
    longest: int

    @staticmethod
    def of(entries: Iterable[tuple[str, str, str]]) -> Names:
        """A table out of (entity, name, value)."""
        table: dict[tuple[str, ...], dict[str, str]] = {}
        for entity, name, value in entries:
            key = tuple(stem(word) for word in join(tokenize(name)).split())
            if key:
                table.setdefault(key, {}).setdefault(entity, value)
        return Names(table, max((len(key) for key in table), default=0))

    def find(self, words: Sequence[str], intent: str) -> list[EntitySpan]:
        """Names in order; the longest wins, and what is said in a report is a complaint before it is a routine."""
        stems = [stem(word) for word in words]
        found = [each for at in range(len(stems)) for each in self._at(stems, at)]
        if intent in REPORTS:
            found = [each for each in found if each.entity not in {"routine", "technique"}]
        if intent == "report_pain":
            found = [each for each in found if each.entity != "symptom"]
        found = _longest(found)
        found = _outside(found, "body_part", {"technique", "routine"})
        found = _outside(found, "symptom", {"technique", "routine"})
        found += _sides(words, found)
        return [each for each in found if not _only_a_word(each, words, found, intent)]

    def _at(self, stems: Sequence[str], at: int) -> list[EntitySpan]:
        result = []
        for size in range(1, min(self.longest, len(stems) - at) + 1):
            for entity, value in self.table.get(tuple(stems[at : at + size]), {}).items():
                result.append(EntitySpan(entity, value, at, size))
        return result


def stem(word: str) -> str:
    """A word without its plural or possessive ending."""
    word = word.removesuffix("'s")
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _longest(found: Sequence[EntitySpan]) -> list[EntitySpan]:
    kept: list[EntitySpan] = []
    for each in sorted(found, key=lambda one: (-one.size, one.first)):
        if not any(each.entity == other.entity and each.indices & other.indices for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda one: one.first)


def _outside(found: Sequence[EntitySpan], entity: str, of: set[str]) -> list[EntitySpan]:
    larger = [other for other in found if other.entity in of]
    return [
        each for each in found if each.entity != entity or not any(each.indices <= other.indices for other in larger)
    ]


def _sides(words: Sequence[str], found: Sequence[EntitySpan]) -> list[EntitySpan]:
    # "my right thumb", "both wrists": the side before a part of the body.
    taken = frozenset[int]().union(*(each.indices for each in found if each.entity == "hand"))
    parts = {each.first for each in found if each.entity == "body_part"}
    return [
        EntitySpan("hand", _SIDES[word], at, 1)
        for at, word in enumerate(words)
        if word in _SIDES and at + 1 in parts and at not in taken
    ]


def _only_a_word(each: EntitySpan, words: Sequence[str], found: Sequence[EntitySpan], intent: str) -> bool:
    # "a hand massage" and "left hand please" speak of no part of the body.
    if each.entity != "body_part" or each.value != "hand" or intent in REPORTS:
        return False
    after = words[each.first + each.size] if each.first + each.size < len(words) else ""
    sides = [other.indices | {other.first + other.size} for other in found if other.entity == "hand"]
    return after in _NO_PART or any(each.first in side for side in sides)
