"""Reads numbers in words: cardinals, ordinals, and parts of an hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"

ONES = {word: at for at, word in enumerate(_ONES.split(), 1)}
TENS = {word: 10 * at for at, word in enumerate(_TENS.split(), 2)} | {"fourty": 40}
ORDINALS = {word: at for at, word in enumerate(_ORDINALS.split(), 1)}
ENDINGS = frozenset({"st", "nd", "rd", "th"})


@dataclass(frozen=True)
class Number:
    """A number that was read."""

    value: int
    size: int
    """How many words it took."""


def cardinal(words: Sequence[str], at: int) -> Number | None:
    """The number that begins at this word: "5", "five", "twenty five", "a hundred and twenty"; not "4th"."""
    word = words[at] if at < len(words) else ""
    if word.isdigit() and word.isascii() and len(word) <= 4:
        return None if _at(words, at + 1) in ENDINGS else Number(int(word), 1)
    if word in {"a", "one"} and _at(words, at + 1) == "hundred":
        and_ = 3 if _at(words, at + 2) == "and" else 2
        more = cardinal(words, at + and_)
        return Number(100 + more.value, and_ + more.size) if more and more.value < 100 else Number(100, 2)
    if word in TENS:
        rest = ONES.get(_at(words, at + 1), 10)
        return Number(TENS[word] + rest, 2) if rest < 10 else Number(TENS[word], 1)
    return Number(ONES[word], 1) if word in ONES else None


def ordinal(words: Sequence[str], at: int) -> Number | None:
    """The ordinal that begins at this word: "fourth", "4th"."""
    word = _at(words, at)
    if word.isdigit() and word.isascii() and len(word) <= 2 and _at(words, at + 1) in ENDINGS:
        return Number(int(word), 2)
    return Number(ORDINALS[word], 1) if word in ORDINALS else None


def _at(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""
