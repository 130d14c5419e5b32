"""Numbers, ordinals and durations: reading them from the words of a message, and writing them to be said or shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from palmwise.language.tokens import FRACTIONS, EntitySpan

_SMALL = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()

_SMALL_VALUES = {word: value for value, word in enumerate(_SMALL, 1)}
_TENS_VALUES = {word: 10 * value for value, word in enumerate(_TENS, 2)} | {"fourty": 40}
_ORDINAL_VALUES = {word: value for value, word in enumerate(_ORDINALS, 1)}
NUMBER_WORDS = frozenset({*_SMALL_VALUES, *_TENS_VALUES, *_ORDINAL_VALUES, "a"})
"""First words of cardinals and ordinals in words: "a" begins "a hundred"."""
_SUFFIXES = {1: "st", 2: "nd", 3: "rd"}
_ORDINAL_SUFFIXES = frozenset({*_SUFFIXES.values(), "th"})


@dataclass(frozen=True)
class Number:
    """A number that was read."""

    value: int
    size: int
    """Number of words that it takes."""


def may_begin_amount(word: str) -> bool:
    """Whether a number or a time may begin with this word, as with few of a message."""
    return word in _AMOUNT_BEGINNINGS or word[:1].isdigit()


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


# Durations


SECONDS = frozenset({"second", "seconds", "sec", "secs"})
MINUTES = frozenset({"minute", "minutes", "min", "mins", "minuets", "minits", "minet", "minets"})
HOURS = frozenset({"hour", "hours", "hr", "hrs"})

DURATION_INTENT = "set_duration"
"""Only with this intent a bare number counts minutes, and seconds are those of the whole massage, not of a hold."""
_FRACTION_WORDS = {"half": 0.5, "quarter": 0.25}
_VAGUE = {"couple": 2, "few": 3}
""""A few" is three: the lowest reading, which suits somebody in a hurry."""
MORE_OR_LESS = frozenset({"more", "extra", "additional", "further", "fewer", "less"})
"""Words between a number and its unit that say how the minutes are meant."""
_BEFORE_MINUTES = MORE_OR_LESS | {"short", "quick", "spare", "full", "soft", "whole", "little", "good", "solid"}
_CLOCK_TIME = frozenset({"o'clock", "pm", "am"})
_DECIMAL = re.compile(r"\d+\.\d+")


_AMOUNT_BEGINNINGS = frozenset(
    {*_SMALL_VALUES, *_TENS_VALUES, *FRACTIONS, *_FRACTION_WORDS, *_VAGUE, "a", "an"},
)


@dataclass(frozen=True)
class Amount:
    """A number of minutes, or of what its reader reads."""

    value: float
    size: int
    """Number of words that it takes."""


def find_minutes(words: Sequence[str], intent: str) -> list[EntitySpan]:
    """Every duration as `minutes`, such as "30" for half an hour; of alternatives ("five or ten") the shorter.

    `intent` is that of the message: it decides whether a bare number counts minutes.
    """
    found: list[EntitySpan] = []
    at = 0
    while at < len(words):
        begins = may_begin_amount(words[at])
        amount = (_read_hours(words, at) or _read_minutes(words, at)) if begins else None
        if begins and amount is None and intent == DURATION_INTENT:
            amount = _read_seconds(words, at)
        if amount is not None:
            found.append(_span(amount, at))
        at += amount.size if amount is not None else 1
    return found or (_find_bare_number(words) if intent == DURATION_INTENT else [])


def read_time(words: Sequence[str], at: int) -> Amount | None:
    """The minutes that a time which begins at this word makes: "ninety seconds", "a minute", "half an hour"."""
    if not may_begin_amount(word_at(words, at)):
        return None
    if word_at(words, at) in {"a", "an"} and word_at(words, at + 1) in MINUTES | SECONDS:
        fraction, size = _read_and_fraction(words, at + 2)
        return Amount((1 + fraction) / (1 if words[at + 1] in MINUTES else 60), 2 + size)
    if word_at(words, at) == "half" and word_at(words, at + 1) in {"a", "minute"}:
        end = at + 1 + (words[at + 1] == "a")
        return Amount(0.5, end + 1 - at) if word_at(words, end) in MINUTES else None
    return _read_hours(words, at) or _read_minutes(words, at) or _read_seconds(words, at)


def spoken_seconds(seconds: float) -> str:
    """A duration as it is said: "twenty seconds", "a minute and a half"; longer ones are rounded more."""
    whole = round(seconds)
    if whole < 15:
        return f"{write_cardinal(max(1, whole))} second{'s' * (whole > 1)}"
    whole = 5 * round(whole / 5)
    if whole < 60:
        return "half a minute" if whole == 30 else f"{write_cardinal(whole)} seconds"
    minutes, rest = divmod(15 * round(whole / 15), 60)
    if minutes >= 5:
        return f"{write_cardinal(round(whole / 60))} minutes"
    plain = "a minute" if minutes == 1 else f"{write_cardinal(minutes)} minutes"
    return plain + {0: "", 15: " and a quarter", 30: " and a half", 45: " and three quarters"}[rest]


def shown_seconds(seconds: float) -> str:
    """A duration as it is shown: "48 s", "1:42 min", "10 min".

    From two minutes on, 3 s either way are rounded off; from five minutes on, as when spoken, all seconds are.
    """
    whole = round(seconds)
    if whole >= 300:
        return f"{round(whole / 60)} min"
    if whole >= 120 and abs(whole - 60 * round(whole / 60)) <= 3:
        whole = 60 * round(whole / 60)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes}:{rest:02d} min" if rest else f"{minutes} min"


def shown_minutes(minutes: float) -> str:
    """Minutes without a needless fraction: "10", "7.5"."""
    return f"{round(minutes, 1):g}"


def _span(amount: Amount, at: int) -> EntitySpan:
    return EntitySpan("minutes", f"{round(amount.value, 2):g}", at, amount.size)


def _read_minutes(words: Sequence[str], at: int) -> Amount | None:
    amount = read_number(words, at) or _read_vague(words, at) or _read_a_minute_and(words, at)
    if amount is None:
        return None
    end = at + amount.size
    if word_at(words, end) in {"or", "to"}:
        other = read_number(words, end + 1)
        if other is not None and word_at(words, end + 1 + other.size) in MINUTES:
            return Amount(min(amount.value, other.value), amount.size + other.size + 2)
    if word_at(words, end) in _BEFORE_MINUTES:
        end += 1
    if word_at(words, end) not in MINUTES:
        return None
    fraction, size = _read_and_fraction(words, end + 1)
    return Amount(amount.value + fraction, end + 1 - at + size)


def _read_a_minute_and(words: Sequence[str], at: int) -> Amount | None:
    """The "a" of "a minute and a half"; "a minute" alone only means a moment."""
    if word_at(words, at) != "a" or word_at(words, at + 1) not in MINUTES:
        return None
    return Amount(1, 1) if _read_and_fraction(words, at + 2)[1] else None


def _read_seconds(words: Sequence[str], at: int) -> Amount | None:
    amount = read_number(words, at)
    if amount is None:
        return None
    end = at + amount.size
    end += word_at(words, end) in MORE_OR_LESS
    return Amount(amount.value / 60, end + 1 - at) if word_at(words, end) in SECONDS else None


def _read_hours(words: Sequence[str], at: int) -> Amount | None:
    number = read_number(words, at)
    if number is None and word_at(words, at) in {"a", "an"}:
        number = Amount(1, 1)
    if number is not None and word_at(words, at + number.size) in HOURS:
        end = at + number.size + 1
        fraction, size = _read_and_fraction(words, end)
        return Amount(60 * (number.value + fraction), end + size - at)
    if number is not None and word_at(words, at + number.size) == "quarters":
        return _read_of_an_hour(words, at, at + number.size, 15 * number.value)
    fraction = _FRACTION_WORDS.get(word_at(words, at), 0)
    return _read_of_an_hour(words, at, at, 60 * fraction) if fraction else None


def _read_of_an_hour(words: Sequence[str], at: int, last: int, minutes: float) -> Amount | None:
    end = last + 1
    while word_at(words, end) in {"of", "a", "an", "the"}:
        end += 1
    return Amount(minutes, end + 1 - at) if word_at(words, end) in HOURS and end - last <= 3 else None


def read_number(words: Sequence[str], at: int) -> Amount | None:
    """The number that begins at this word: "7", "7.5", "seven and a half", "7 1/2"."""
    word = word_at(words, at)
    if word in FRACTIONS:
        return Amount(FRACTIONS[word], 1)
    if _DECIMAL.fullmatch(word):
        return Amount(float(word), 1)
    whole = read_cardinal(words, at)
    if whole is None:
        return None
    end = at + whole.size
    if word_at(words, end) in FRACTIONS:
        return Amount(whole.value + FRACTIONS[word_at(words, end)], whole.size + 1)
    fraction, size = _read_and_fraction(words, end)
    return Amount(whole.value + fraction, whole.size + size)


def _read_and_fraction(words: Sequence[str], at: int) -> tuple[float, int]:
    """Value and number of words of "and a half"; zeros if there is none."""
    if word_at(words, at) != "and":
        return 0, 0
    end = at + 2 if word_at(words, at + 1) == "a" else at + 1
    fraction = _FRACTION_WORDS.get(word_at(words, end), 0)
    return (fraction, end + 1 - at) if fraction else (0, 0)


def _read_vague(words: Sequence[str], at: int) -> Amount | None:
    value = _VAGUE.get(word_at(words, at))
    if value is None:
        return None
    return Amount(value, 2 if word_at(words, at + 1) == "of" else 1)


def _find_bare_number(words: Sequence[str]) -> list[EntitySpan]:
    """The first number without a unit: "I need to be out of here in ten"."""
    for at, word in enumerate(words):
        amount = read_number(words, at)
        if amount is not None and word != "one" and word_at(words, at + amount.size) not in _CLOCK_TIME:
            return [_span(amount, at)]
    return []
