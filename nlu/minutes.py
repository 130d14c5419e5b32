"""Reads how many minutes somebody speaks of."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.counting import Number, cardinal
from nlu.spans import Found

MINUTE = frozenset({"minute", "minutes", "min", "mins", "minuets", "minits", "minet", "minets"})
HOUR = frozenset({"hour", "hours", "hr", "hrs"})
_SHARES = {"half": 30, "quarter": 15}
_VAGUE = {("couple",): 2, ("few",): 3}
"""A few is three: short enough to be kept by somebody in a hurry."""


def find_minutes(words: Sequence[str], intent: str) -> list[Found]:
    """Every duration in minutes; where somebody gives two ("five or ten") the shorter, which both keep."""
    found: list[Found] = []
    at = 0
    while at < len(words):
        number = _hours(words, at) or _minutes(words, at)
        if number is not None:
            found.append(Found("minutes", str(number.value), at, number.size))
        at += number.size if number is not None else 1
    return found or (_bare(words) if intent == "set_duration" else [])


def _minutes(words: Sequence[str], at: int) -> Number | None:
    number = cardinal(words, at) or _vague(words, at)
    if number is None:
        return None
    end = at + number.size
    if _word(words, end) in {"or", "to"}:
        other = cardinal(words, end + 1)
        if other is not None and _word(words, end + 1 + other.size) in MINUTE:
            return Number(min(number.value, other.value), number.size + other.size + 2)
    if _word(words, end) in {"more", "short", "quick", "spare", "full", "soft", "whole", "little"}:
        end += 1
    if _word(words, end) in MINUTE:
        half = tuple(words[end + 1 : end + 4]) == ("and", "a", "half")
        return Number(number.value, end + 1 - at + (3 if half else 0))
    return None


def _hours(words: Sequence[str], at: int) -> Number | None:
    count = cardinal(words, at)
    if count is None and _word(words, at) in {"a", "an"}:
        count = Number(1, 1)
    if count is not None and _word(words, at + count.size) in HOUR:
        end = at + count.size + 1
        if tuple(words[end : end + 3]) == ("and", "a", "half"):
            return Number(60 * count.value + 30, end + 3 - at)
        if tuple(words[end : end + 3]) == ("and", "a", "quarter"):
            return Number(60 * count.value + 15, end + 3 - at)
        return Number(60 * count.value, end - at)
    if count is not None and _word(words, at + count.size) == "quarters":
        return _share(words, at, at + count.size, 15 * count.value)
    share = _SHARES.get(_word(words, at))
    return _share(words, at, at, share) if share is not None else None


def _share(words: Sequence[str], at: int, last: int, value: int) -> Number | None:
    end = last + 1
    while _word(words, end) in {"of", "a", "an", "the"}:
        end += 1
    return Number(value, end + 1 - at) if _word(words, end) in HOUR and end - last <= 3 else None


def _vague(words: Sequence[str], at: int) -> Number | None:
    value = _VAGUE.get((_word(words, at),))
    if value is None:
        return None
    return Number(value, 2 if _word(words, at + 1) == "of" else 1)


def _bare(words: Sequence[str]) -> list[Found]:
    # "I need to be out of here in ten": a bare number is the time when time is what is spoken of.
    numbers = [(at, number) for at in range(len(words)) if (number := cardinal(words, at)) and words[at] != "one"]
    return [Found("minutes", str(number.value), at, number.size) for at, number in numbers[:1]]


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""
