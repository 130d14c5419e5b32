"""Numbers and times in words, as people say them."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
