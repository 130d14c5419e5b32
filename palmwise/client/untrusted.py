"""What a server sends, made harmless: another program may answer at its address, or one that is broken."""

from __future__ import annotations

import unicodedata
from typing import Any

MAX_BYTES = 1_000_000
"""Largest answer; the coach's own have some 10 kB."""
MAX_CHARACTERS = 5000
"""Longer texts are cut."""
MAX_ITEMS = 500
"""Longer lists and objects are refused."""
MAX_DEPTH = 10
MAX_NUMBER = 1e12
_KEPT = frozenset("\n\t")
_UNSEEN = frozenset({"Cc", "Cs", "Co", "Cn"})
"""Unicode's categories of controls, which a terminal obeys, and of what is no character."""
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")
"""Marks that have a text shown in another order than it is read, or in other lines."""


def clean_text(text: str, most: int = MAX_CHARACTERS) -> str:
    """The text without control characters and the like, cut to `most` characters."""
    return "".join(sign for sign in text[:most] if _is_shown(sign))


def clean_json(value: Any, depth: int = 0) -> Any:
    """The value of a JSON text with all its texts clean.

    Raises `ValueError` for one that is nested too deeply, has too many items, or numbers that cannot be meant.
    """
    if isinstance(value, str):
        return clean_text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        if not -MAX_NUMBER <= value <= MAX_NUMBER:  # neither for NaN
            raise ValueError("a number that cannot be meant")
        return value
    if depth >= MAX_DEPTH or len(value) > MAX_ITEMS:
        raise ValueError("more than the coach would send")
    if isinstance(value, dict):
        return {clean_text(key): clean_json(each, depth + 1) for key, each in value.items()}
    return [clean_json(each, depth + 1) for each in value]


def _is_shown(sign: str) -> bool:
    return sign in _KEPT or (unicodedata.category(sign) not in _UNSEEN and sign not in _TURNING)
