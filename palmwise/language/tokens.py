"""Tokens of a message, each with its place in what was typed, and spans of entities found among them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u00b4": "'", "`": "'", "\u02bc": "'"})
FRACTIONS = {"\u00bd": 0.5, "\u00bc": 0.25, "\u00be": 0.75, "1/2": 0.5, "1/4": 0.25, "3/4": 0.75}
"""What stays one word: one half, a quarter, three quarters."""
_WORD = re.compile(
    r"(?<![\d.])\d{1,3}\.\d{1,2}(?![\d.])|(?<![\d/])(?:1/2|[13]/4)(?![\d/])|[\u00bc-\u00be]"
    r"|\d+|[^\W\d_]+(?:'[^\W\d_]+)*|[\U0001F300-\U0001FAFF\u2600-\u27BF]"
)


@dataclass(frozen=True)
class Word:
    """One word, lower case, as it is understood; a repaired word keeps the place of what was typed."""

    text: str
    start: int
    """First character in the message, from 0."""
    end: int
    """Character after the last."""


Words = tuple[Word, ...]


def words_of(message: str) -> Words:
    """The words in order, lower case, without punctuation; "5min" is two words, "7.5" is one."""
    told = message.translate(_APOSTROPHES)
    plain = told.lower() if told.isascii() else "".join(_plain(letter) for letter in told)
    return tuple(Word(match.group(), match.start(), match.end()) for match in _WORD.finditer(plain))


def joined(words: Iterable[Word]) -> str:
    """The words as one sentence with single spaces."""
    return " ".join(word.text for word in words)


def _plain(letter: str) -> str:
    # One character for one character, so that places in the message stay true ("É" to "e").
    if letter in FRACTIONS:
        return letter
    base = unicodedata.normalize("NFKD", letter)[:1].lower()
    return base if len(base) == 1 else letter


@dataclass(frozen=True)
class Found:
    """A value in a message."""

    entity: str
    value: str
    """Normalised: an id of the content, or a number as text."""
    first: int
    """Index of its first word."""
    size: int
    """How many words."""

    @property
    def places(self) -> frozenset[int]:
        """Indices of its words."""
        return frozenset(range(self.first, self.first + self.size))
