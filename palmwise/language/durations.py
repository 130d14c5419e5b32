"""Reads how many minutes somebody speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from palmwise.language.numbers import cardinal
from palmwise.language.tokens import FRACTIONS, EntitySpan

MINUTE = frozenset({"minute", "minutes", "min", "mins", "minuets", "minits", "minet", "minets"})
HOUR = frozenset({"hour", "hours", "hr", "hrs"})
SECOND = frozenset({"second", "seconds", "sec", "secs"})
WISH = "set_duration"
"""The intent that speaks of the time somebody has; elsewhere seconds are those of a hold."""
_SHARES = {"half": 0.5, "quarter": 0.25}
_DECIMAL = re.compile(r"\d+\.\d+")
_CLOCK = frozenset({"o'clock", "pm", "am"})
_VAGUE = {"couple": 2, "few": 3}
"""A few is three: short enough to be kept by somebody in a hurry."""


@dataclass(frozen=True)
class _Amount:
    value: float
    size: int
    """How many words it took."""


def find_minutes(words: Sequence[str], intent: str) -> list[EntitySpan]:
    """Every duration in minutes; where somebody gives two ("five or ten") the shorter, which both keep."""
    found: list[EntitySpan] = []
    at = 0
    while at < len(words):
        amount = _hours(words, at) or _minutes(words, at) or (_seconds(words, at) if intent == WISH else None)
        if amount is not None:
            found.append(_found(amount, at))
        at += amount.size if amount is not None else 1
    return found or (_bare(words) if intent == WISH else [])


def _found(amount: _Amount, at: int) -> EntitySpan:
    return EntitySpan("minutes", f"{round(amount.value, 2):g}", at, amount.size)


def _minutes(words: Sequence[str], at: int) -> _Amount | None:
    amount = _count(words, at) or _vague(words, at) or _one(words, at)
    if amount is None:
        return None
    end = at + amount.size
    if _word(words, end) in {"or", "to"}:
        other = _count(words, end + 1)
        if other is not None and _word(words, end + 1 + other.size) in MINUTE:
            return _Amount(min(amount.value, other.value), amount.size + other.size + 2)
    if _word(words, end) in {"more", "short", "quick", "spare", "full", "soft", "whole", "little"}:
        end += 1
    if _word(words, end) not in MINUTE:
        return None
    share, size = _and_share(words, end + 1)
    return _Amount(amount.value + share, end + 1 - at + size)


def _one(words: Sequence[str], at: int) -> _Amount | None:
    # "a minute and a half"; "a minute" alone is but a moment
    some = _word(words, at) == "a" and _word(words, at + 1) in MINUTE and _and_share(words, at + 2)[1]
    return _Amount(1, 1) if some else None


def _seconds(words: Sequence[str], at: int) -> _Amount | None:
    amount = _count(words, at)
    if amount is None or _word(words, at + amount.size) not in SECOND:
        return None
    return _Amount(amount.value / 60, amount.size + 1)


def _hours(words: Sequence[str], at: int) -> _Amount | None:
    count = _count(words, at)
    if count is None and _word(words, at) in {"a", "an"}:
        count = _Amount(1, 1)
    if count is not None and _word(words, at + count.size) in HOUR:
        end = at + count.size + 1
        share, size = _and_share(words, end)
        return _Amount(60 * (count.value + share), end + size - at)
    if count is not None and _word(words, at + count.size) == "quarters":
        return _share(words, at, at + count.size, 15 * count.value)
    share = _SHARES.get(_word(words, at), 0)
    return _share(words, at, at, 60 * share) if share else None


def _count(words: Sequence[str], at: int) -> _Amount | None:
    """The number that begins at this word: "7", "7.5", "seven and a half", "7 1/2"."""
    word = _word(words, at)
    if word in FRACTIONS:
        return _Amount(FRACTIONS[word], 1)
    if _DECIMAL.fullmatch(word):
        return _Amount(float(word), 1)
    whole = cardinal(words, at)
    if whole is None:
        return None
    end = at + whole.size
    if _word(words, end) in FRACTIONS:
        return _Amount(whole.value + FRACTIONS[_word(words, end)], whole.size + 1)
    share, size = _and_share(words, end)
    return _Amount(whole.value + share, whole.size + size)


def _and_share(words: Sequence[str], at: int) -> tuple[float, int]:
    """What "and a half" adds, and how many words it takes."""
    if _word(words, at) != "and":
        return 0, 0
    end = at + 2 if _word(words, at + 1) == "a" else at + 1
    share = _SHARES.get(_word(words, end), 0)
    return (share, end + 1 - at) if share else (0, 0)


def _share(words: Sequence[str], at: int, last: int, value: float) -> _Amount | None:
    end = last + 1
    while _word(words, end) in {"of", "a", "an", "the"}:
        end += 1
    return _Amount(value, end + 1 - at) if _word(words, end) in HOUR and end - last <= 3 else None


def _vague(words: Sequence[str], at: int) -> _Amount | None:
    value = _VAGUE.get(_word(words, at))
    if value is None:
        return None
    return _Amount(value, 2 if _word(words, at + 1) == "of" else 1)


def _bare(words: Sequence[str]) -> list[EntitySpan]:
    # "I need to be out of here in ten": a bare number is the time when time is what is spoken of.
    for at, word in enumerate(words):
        amount = _count(words, at)
        if amount is not None and word != "one" and _word(words, at + amount.size) not in _CLOCK:
            return [_found(amount, at)]
    return []


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""
