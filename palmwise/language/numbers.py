"""Whole numbers and ordinals: reading them from the words of a message and writing them as words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_SMALL = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()

_SMALL_VALUES = {word: value for value, word in enumerate(_SMALL, 1)}
_TENS_VALUES = {word: 10 * value for value, word in enumerate(_TENS, 2)} | {"fourty": 40}
_ORDINAL_VALUES = {word: value for value, word in enumerate(_ORDINALS, 1)}
_SUFFIXES = {1: "st", 2: "nd", 3: "rd"}
_ORDINAL_SUFFIXES = frozenset({*_SUFFIXES.values(), "th"})


@dataclass(frozen=True)
class Number:
    """A number that was read."""

    value: int
    size: int
    """Number of words that it takes."""


def read_cardinal(words: Sequence[str], at: int) -> Number | None:
    """The number that begins at this word: "5", "five", "twenty five", "a hundred and twenty"; not "4th"."""
    word = word_at(words, at)
    if word.isdigit() and word.isascii() and len(word) <= 4:
        return None if word_at(words, at + 1) in _ORDINAL_SUFFIXES else Number(int(word), 1)
    if word in {"a", "one"} and word_at(words, at + 1) == "hundred":
        size = 3 if word_at(words, at + 2) == "and" else 2
        rest = read_cardinal(words, at + size)
        return Number(100 + rest.value, size + rest.size) if rest and rest.value < 100 else Number(100, 2)
    if word in _TENS_VALUES:
        ones = _SMALL_VALUES.get(word_at(words, at + 1), 10)
        return Number(_TENS_VALUES[word] + ones, 2) if ones < 10 else Number(_TENS_VALUES[word], 1)
    return Number(_SMALL_VALUES[word], 1) if word in _SMALL_VALUES else None


def read_ordinal(words: Sequence[str], at: int) -> Number | None:
    """The ordinal that begins at this word: "fourth", "4th"."""
    word = word_at(words, at)
    if word.isdigit() and word.isascii() and len(word) <= 2 and word_at(words, at + 1) in _ORDINAL_SUFFIXES:
        return Number(int(word), 2)
    return Number(_ORDINAL_VALUES[word], 1) if word in _ORDINAL_VALUES else None


def write_cardinal(value: int, *, zero: str = "zero") -> str:
    """0 to 99 in words ("twenty-one"), other numbers in digits; `zero` is the word for 0."""
    if value == 0:
        return zero
    if 0 < value < 20:
        return _SMALL[value - 1]
    if 20 <= value < 100:
        tens, ones = divmod(value, 10)
        return _TENS[tens - 2] + (f"-{_SMALL[ones - 1]}" if ones else "")
    return str(value)


def write_ordinal(value: int) -> str:
    """1 to 12 in words ("third"), other ordinals in digits ("21st")."""
    if 1 <= value <= len(_ORDINALS):
        return _ORDINALS[value - 1]
    return f"{value}{'th' if value % 100 in (11, 12, 13) else _SUFFIXES.get(value % 10, 'th')}"


def word_at(words: Sequence[str], at: int) -> str:
    """The word at an index; empty after the last one."""
    return words[at] if at < len(words) else ""
