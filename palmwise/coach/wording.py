"""The coach's own sentences with their placeholders, and lists, numbers and times in words."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence

from palmwise.coach.model import Spoken
from palmwise.errors import PhraseError


class Phrases:
    """Sentences by key; several variants a key take turns, so that nothing is said three times running."""

    def __init__(self, lines: Mapping[str, tuple[Spoken, ...]]) -> None:
        """`lines`: the variants of each key."""
        self.lines = lines

    def line(self, key: str, turn: int, **values: object) -> Spoken:
        """The variant of `key` whose turn it is, filled in.

        A value that is a `Spoken` fills the text with its text, what is said with what it says.
        Raises `PhraseError` for an unknown key or a missing value.
        """
        variants = self.lines.get(key)
        if not variants:
            raise PhraseError(f'content/phrases.yml has no "{key}"')
        line = variants[turn % len(variants)]
        eye = {name: value.text if isinstance(value, Spoken) else value for name, value in values.items()}
        ear = {name: value.say if isinstance(value, Spoken) else value for name, value in values.items()}
        try:
            return Spoken(line.text.format_map(eye), line.say.format_map(ear))
        except KeyError as error:
            raise PhraseError(f'the phrase "{key}" wants {error}, which is not known there') from error


def places(line: Spoken) -> frozenset[str]:
    """The names between braces in a line."""
    parts = (*string.Formatter().parse(line.text), *string.Formatter().parse(line.say))
    return frozenset(name for _, name, _, _ in parts if name)


_SMALL = (
    "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty".split()


def number(count: int) -> str:
    """A whole number: 0 to 59 in words, others in digits."""
    if 0 <= count < 20:
        return _SMALL[count]
    if 20 <= count < 60:
        tens, ones = divmod(count, 10)
        return _TENS[tens - 2] + (f"-{_SMALL[ones]}" if ones else "")
    return str(count)


def spoken_seconds(seconds: float) -> str:
    """A length of time for the ear: "twenty seconds", "a minute and a half"; coarser the longer it is."""
    whole = round(seconds)
    if whole < 15:
        return f"{number(max(1, whole))} second{'s' * (whole > 1)}"
    whole = 5 * round(whole / 5)
    if whole < 60:
        return "half a minute" if whole == 30 else f"{number(whole)} seconds"
    minutes, rest = divmod(15 * round(whole / 15), 60)
    if minutes >= 5:
        return f"{number(round(whole / 60))} minutes"
    plain = "a minute" if minutes == 1 else f"{number(minutes)} minutes"
    return plain + {0: "", 15: " and a quarter", 30: " and a half", 45: " and three quarters"}[rest]


def shown_seconds(seconds: float) -> str:
    """A length of time for the eye: "48 s", "1:42 min", "10 min"; of two minutes and more 3 s either way are let go."""
    whole = round(seconds)
    if whole >= 120 and abs(whole - 60 * round(whole / 60)) <= 3:
        whole = 60 * round(whole / 60)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes}:{rest:02d} min" if rest else f"{minutes} min"


def brief(text: str, most: int = 50) -> str:
    """As many of the first sentences as have `most` words together, the first in any case; for the ear."""
    kept: list[str] = []
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        if kept and len(" ".join([*kept, sentence]).split()) > most:
            break
        kept.append(sentence)
    return " ".join(kept)


def listed(items: Sequence[str], last: str = "and") -> str:
    """Items in a sentence: "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def shown_minutes(minutes: float) -> str:
    """Minutes without a needless fraction: "10", "7.5"."""
    return f"{round(minutes, 1):g}"
