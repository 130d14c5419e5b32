"""Names of the content (techniques, routines, body parts, symptoms, hands) found in the words of a message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from palmwise.language.tokens import EntitySpan, words_of

REPORT_INTENTS = frozenset({"report_symptom", "report_pain", "report_red_flag"})
"""With these intents a name is that of a complaint, not of a routine or technique."""
_SIDES = frozenset({"left", "right", "both"})


@dataclass(frozen=True)
class NameTable:
    """Names of things, compared without plural and possessive endings."""

    values: Mapping[tuple[str, ...], Mapping[str, str]]
    """Stems of a name -> entity -> value."""
    longest: int
    """Number of words of the longest name."""
    not_before: Mapping[str, AbstractSet[str]]
    """Value -> words before which its name is only part of something else: "a hand massage"."""

    @staticmethod
    def build(
        entries: Iterable[tuple[str, str, str]], not_before: Mapping[str, AbstractSet[str]] = MappingProxyType({})
    ) -> NameTable:
        """Build a table from (entity, name, value)."""
        values: dict[tuple[str, ...], dict[str, str]] = {}
        for entity, name, value in entries:
            key = tuple(map(_stem, words_of(name)))
            if key:
                values.setdefault(key, {}).setdefault(entity, value)
        return NameTable(values, max(map(len, values), default=0), not_before)

    def find(self, words: Sequence[str], intent: str) -> list[EntitySpan]:
        """Names in order of mention; where names overlap, the longest. `intent` is that of the message."""
        stems = [_stem(word) for word in words]
        begun = (at for at, stem in enumerate(stems) if stem in self._first_stems)
        spans = [span for at in begun for span in self._spans_at(stems, at)]
        if intent in REPORT_INTENTS:
            spans = [span for span in spans if span.entity not in {"routine", "technique"}]
        if intent == "report_pain":
            spans = [span for span in spans if span.entity != "symptom"]
        spans = _without_overlaps(spans)
        spans = _not_inside(spans, "body_part", {"technique", "routine"})
        spans = _not_inside(spans, "symptom", {"technique", "routine"})
        spans += _sides(words, spans)
        if intent in REPORT_INTENTS:
            return spans
        sides = {at for span in spans if span.entity == "hand" for at in (*span.indices, span.first + span.size)}
        return [span for span in spans if not self._is_part_of_a_name(span, words, sides)]

    def _is_part_of_a_name(self, span: EntitySpan, words: Sequence[str], sides: AbstractSet[int]) -> bool:
        """Whether it names nothing by itself: "a hand massage", "left hand please".

        `sides` are the indices of words that name a side, and of the words after them.
        """
        not_before = self.not_before.get(span.value)
        if span.entity != "body_part" or not_before is None:
            return False
        end = span.first + span.size
        return (end < len(words) and words[end] in not_before) or span.first in sides

    @cached_property
    def _first_stems(self) -> frozenset[str]:
        return frozenset(stems[0] for stems in self.values)

    def _spans_at(self, stems: Sequence[str], at: int) -> list[EntitySpan]:
        return [
            EntitySpan(entity, value, at, size)
            for size in range(1, min(self.longest, len(stems) - at) + 1)
            for entity, value in self.values.get(tuple(stems[at : at + size]), {}).items()
        ]


def _stem(word: str) -> str:
    """A word without its plural or possessive ending."""
    word = word.removesuffix("'s")
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _without_overlaps(spans: Sequence[EntitySpan]) -> list[EntitySpan]:
    """The longest of overlapping spans of the same entity."""
    kept: list[EntitySpan] = []
    taken: dict[str, set[int]] = {}
    for span in sorted(spans, key=lambda each: (-each.size, each.first)):
        if taken.setdefault(span.entity, set()).isdisjoint(span.indices):
            taken[span.entity] |= span.indices
            kept.append(span)
    return sorted(kept, key=lambda each: each.first)


def _not_inside(spans: Sequence[EntitySpan], entity: str, containers: set[str]) -> list[EntitySpan]:
    """The spans without those of `entity` that lie within one of `containers`, of which those of a kind are apart."""
    around = {(other.entity, at): other for other in spans if other.entity in containers for at in other.indices}

    def is_inside(span: EntitySpan) -> bool:
        larger = (around.get((container, span.first)) for container in containers)
        return any(other is not None and span.indices <= other.indices for other in larger)

    return [span for span in spans if span.entity != entity or not is_inside(span)]


def _sides(words: Sequence[str], spans: Sequence[EntitySpan]) -> list[EntitySpan]:
    """The side before a body part: "my right thumb", "both wrists"."""
    taken = frozenset[int]().union(*(span.indices for span in spans if span.entity == "hand"))
    parts = {span.first for span in spans if span.entity == "body_part"}
    return [
        EntitySpan("hand", word, at, 1)
        for at, word in enumerate(words)
        if word in _SIDES and at + 1 in parts and at not in taken
    ]
