"""Notices in whatever was understood the words that are never talk in the room: of danger, or to be forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from palmwise.speech.vocabulary import content, spoken

DANGERS = Path("content/en/safety/phrases_red_flag.yml")
WISHES = Path("content/en/forgetting.yml")
NEAR = 8
"""Words from the first to the last group of a rule, unless it says otherwise."""
ANY_LENGTH = 1000
"""Words of a message that no rule calls too long."""


@dataclass(frozen=True)
class Rule:
    """One way of saying it: of each group a phrase, near each other, without any that calls it off."""

    groups: Sequence[Sequence[str]]
    """Phrases as they sound; the last word may end in a star, which stands for any ending."""
    unless: Sequence[str]
    within: int = NEAR
    """Words."""
    most: int = ANY_LENGTH
    """Words of all that was said."""
    only: Sequence[str] = ()
    """Where there are any: the words that may stand beside."""

    def holds(self, words: Sequence[str]) -> bool:
        """Whether the words say it."""
        if len(words) > self.most:
            return False
        places: list[list[tuple[int, int]]] = []
        for group in self.groups:
            found = _places(group, words)
            if not found:
                return False
            places.append(found)
        if _places(self.unless, words) or not self._alone(words, places):
            return False
        starts = {first for found in places for first, _ in found}
        return any(_all_within(places, start, start + self.within) for start in starts)

    def _alone(self, words: Sequence[str], places: Sequence[Sequence[tuple[int, int]]]) -> bool:
        own = {at for found in places for first, end in found for at in range(first, end)}
        return not self.only or all(at in own or word in self.only for at, word in enumerate(words))


class Alarms:
    """What must reach the server whatever is going on. It judges again; this only sees to it that it may."""

    def __init__(self, rules: Iterable[Mapping[str, Any]]) -> None:
        """`rules` as `rules` below gives them."""
        self._rules = tuple(Rule(**rule) for rule in rules)

    def heard(self, text: str) -> bool:
        """Whether the text, as it sounds, may say it."""
        words = text.split()
        return any(rule.holds(words) for rule in self._rules)


def rules(root: Path, file: Path) -> list[dict[str, Any]]:
    """The rules of a file of the content under `root`, none where it has no such list. Raises `LanguageError`."""
    if not (root / file).exists():
        return []
    told = content(root / file)
    sets: Mapping[str, list[Any]] = told.get("sets") or {}
    return [_rule(rule, sets) for flag in told.get("flags") or () for rule in flag["rules"]]


def _rule(told: Mapping[str, Any], sets: Mapping[str, list[Any]]) -> dict[str, Any]:
    return {
        "groups": [_phrases(group, sets) for group in told["all"]],
        "unless": _phrases(told.get("unless") or (), sets),
        "within": int(told.get("within", NEAR)),
        "most": int(told.get("most", ANY_LENGTH)),
        "only": _phrases(told.get("only") or (), sets),
    }


def _phrases(told: Iterable[Any], sets: Mapping[str, list[Any]]) -> list[str]:
    """As they sound; one that begins with "@" stands for all of that set."""
    found: list[str] = []
    for phrase in map(str, told):
        if phrase.startswith("@"):
            found += _phrases(sets[phrase[1:]], sets)
        elif words := spoken(phrase):
            found.append(words + ("*" if phrase.endswith("*") else ""))
    return found


def _places(phrases: Iterable[str], words: Sequence[str]) -> list[tuple[int, int]]:
    """Where one of the phrases stands: its first word, and after its last."""
    found = []
    for phrase in phrases:
        wanted = phrase.split()
        for first in range(len(words) - len(wanted) + 1):
            end = first + len(wanted)
            if all(_is(word, pattern) for word, pattern in zip(words[first:end], wanted, strict=True)):
                found.append((first, end))
    return found


def _is(word: str, pattern: str) -> bool:
    return word.startswith(pattern[:-1]) if pattern[-1] == "*" else word in (pattern, f"{pattern}'s")


def _all_within(places: Sequence[Sequence[tuple[int, int]]], first: int, last: int) -> bool:
    return all(any(first <= start and end <= last for start, end in found) for found in places)
