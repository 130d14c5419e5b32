"""Marking: times, clock times, numbers and sides of a message become one word each, for phrase lists to name.

"Shave two minutes off the left hand" becomes "shave <minutes> off <side>".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from palmwise.language.numbers import MORE_OR_LESS, may_begin_amount, read_cardinal, read_number, read_time, word_at

MINUTES_MARK, NUMBER_MARK, CLOCK_MARK, SIDE_MARK = "<minutes>", "<minutes?>", "<clock>", "<side>"
"""A bare number is `<minutes?>`, so that "<minutes*" stands for both."""
_SIDES = {"left": "left", "right": "right", "lefty": "left", "righty": "right", "leftie": "left", "rightie": "right"}
_NOUNS = frozenset({"hand", "one", "side", "hand's", "hands"})
_AFTER_RIGHT = frozenset(
    "that's that then ok okay i i'm i've so let's lets what how next well got you it it's and away now there "
    "she's he's they're they've we've we're she he they we where who".split()
)
_BEFORE_RIGHT = frozenset(
    "just all alright about exactly quite it's that's ok okay oh is feels sounds looks i'm".split()
)
_BEFORE_A_SIDE = frozenset({"the", "my", "his", "her", "your", "their", "our", "mum's", "mom's", "dad's", "me"})
_NOT_BEFORE_A_SIDE = frozenset({MINUTES_MARK, NUMBER_MARK, "time", "much", "many", "all", "steps", "alright"})
"""After one of these "left" is what remains."""
_SHORT_FORMS = frozenset("it's that's what's how's he's she's there's here's let's who's where's when's this's".split())
_PAST = frozenset({"past", "to", "of", "till", "before", "after"})
_TOLD_TIME = re.compile(r"\d{1,2}\.\d{2}")
_BEFORE_A_CLOCK_TIME = frozenset({"until", "till", "til", "by", "at", "before", "than", "after", "around", "about"})
_UNIT_AFTER_MORE = frozenset({"another", "extra", "additional", "more", "further"})


@dataclass(frozen=True)
class MarkedWords:
    """The words of a message with marks, and the value of each mark."""

    words: tuple[str, ...]
    values: tuple[str, ...]
    """As many: minutes, a number, "left"; empty for a plain word."""

    def first(self, mark: str, first: int = 0, end: int | None = None) -> str | None:
        """Value of the first such mark from index `first` to before `end`; a mark may end in a star."""
        found = (
            value
            for word, value in zip(self.words[first:end], self.values[first:end], strict=True)
            if word == mark or (mark.endswith("*") and word.startswith(mark[:-1]))
        )
        return next(found, None)


def mark(words: Sequence[str]) -> MarkedWords:
    """Mark the words of a message; "more" in "five more minutes" stays as a word before the mark."""
    marked: list[tuple[str, str]] = []
    at = 0
    while at < len(words):
        found, size = _marks_at(words, at)
        at += size
        if found[0][0] == SIDE_MARK:
            before = marked[-1][0] if marked else ""
            if before in _NOT_BEFORE_A_SIDE:
                found = [(words[at - 1], "")]
            else:
                marked = marked[:-1] if before in _BEFORE_A_SIDE else marked
                is_told = word_at(words, at) in {"hand's", "one's"}
                at += is_told or word_at(words, at) in _NOUNS
                found += [("is", "")] if is_told else []
        marked += found
    return MarkedWords(tuple(word for word, _ in marked), tuple(value for _, value in marked))


def _marks_at(words: Sequence[str], at: int) -> tuple[list[tuple[str, str]], int]:
    """The marked words that stand for those from `at` on, and how many these are."""
    word = words[at]
    if may_begin_amount(word) and (amount := _amount_mark(words, at)):
        return amount
    single = read_time(["a", *words[at:]], 0) if at and words[at - 1] in _UNIT_AFTER_MORE else None
    if single and not word.endswith("s"):
        return [(MINUTES_MARK, f"{single.value:g}")], single.size - 1
    if word in {"right", "left"} and _is_no_side(words, at):
        return [(word, "")], 1
    plain = word if word in _SHORT_FORMS or word_at(words, at + 1) in _SIDES else word.removesuffix("'s")
    is_short = [("is", "")] if plain != word else []
    return [(SIDE_MARK, _SIDES[plain]) if plain in _SIDES else (plain, ""), *is_short], 1


def _amount_mark(words: Sequence[str], at: int) -> tuple[list[tuple[str, str]], int] | None:
    """What stands for a clock time, a time or a number that begins here; None if none does."""
    if size := _clock_time(words, at):
        return [(CLOCK_MARK, " ".join(words[at : at + size]))], size
    if time := read_time(words, at):
        kept = [(each, "") for each in words[at : at + time.size] if each in MORE_OR_LESS]
        return [*kept, (MINUTES_MARK, f"{round(time.value, 3):g}")], time.size
    number = read_number(words, at)
    return ([(NUMBER_MARK, f"{number.value:g}")], number.size) if number and words[at] != "one" else None


def _is_no_side(words: Sequence[str], at: int) -> bool:
    """Whether "right" or "left" is only a word: "right, that's clear", "just right", "all right then"."""
    before, after = words[at - 1] if at else "", word_at(words, at + 1)
    if after in _NOUNS or before in _BEFORE_A_SIDE:
        return False
    opens = not at and after in _AFTER_RIGHT and word_at(words, at + 2) not in _SIDES
    return words[at] == "right" and (opens or before in _BEFORE_RIGHT)


def _clock_time(words: Sequence[str], at: int) -> int:
    """Number of words of the clock time that begins here: "half past two", "6 o'clock"; 0 if none does."""
    word, after = words[at], word_at(words, at + 1)
    hour = read_cardinal(words, at)
    if hour and word_at(words, at + hour.size) in {"o'clock", "oclock", "clock", "uhr", "am", "pm"}:
        return hour.size + 1
    if word in {"half", "quarter"} or hour:
        past = at + (hour.size if hour else 1)
        if word_at(words, past) in _PAST or (word == "half" and read_cardinal(words, past)):
            told = past + (word_at(words, past) in _PAST)
            named = read_cardinal(words, told)
            if named and not read_time(words, told) and not read_time(words, at):
                return told + named.size - at
            if word != "half" and hour is None and after in {"past", "to"} and not named:
                return 2
            if word == "half" and after == "past":
                return 2
    is_told = bool(_TOLD_TIME.fullmatch(word)) and at and words[at - 1] in _BEFORE_A_CLOCK_TIME
    return 1 if is_told and not read_time(words, at) else 0
