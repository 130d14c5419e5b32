"""Tokens of a message with their positions, and entity spans over them.

There is one tokenizer in the project: everything that matches words of a message takes what `tokenize` or `words_of`
gives.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

FRACTIONS = {"\u00bd": 0.5, "\u00bc": 0.25, "\u00be": 0.75, "1/2": 0.5, "1/4": 0.25, "3/4": 0.75}
"""Fractions that are one token each, and their values."""
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u00b4": "'", "`": "'", "\u02bc": "'"})
_TOKEN = re.compile(
    r"(?<![\d.])\d{1,3}\.\d{1,2}(?![\d.])|(?<![\d/])(?:1/2|[13]/4)(?![\d/])|[\u00bc-\u00be]"
    r"|\d+|[^\W\d_]+(?:'[^\W\d_]+)*|[\U0001F300-\U0001FAFF\u2600-\u27BF]"
)


@dataclass(frozen=True)
class Token:
    """One lower-case word. A repaired token keeps the position of what was typed."""

    text: str
    start: int
    """Offset of its first character in the message."""
    end: int
    """Offset after its last character."""


Tokens = tuple[Token, ...]


@dataclass(frozen=True)
class EntitySpan:
    """An entity value and the tokens that it was read from."""

    entity: str
    value: str
    """Normalised: an id of the content, or a number as text."""
    first: int
    """Index of its first token."""
    size: int
    """Number of tokens."""

    @property
    def indices(self) -> frozenset[int]:
        """Indices of its tokens."""
        return frozenset(range(self.first, self.first + self.size))


def tokenize(message: str) -> Tokens:
    """Split a message into lower-case tokens without punctuation; "5min" is two tokens, "7.5" is one."""
    text = message.translate(_APOSTROPHES)
    plain = text.lower() if text.isascii() else "".join(_fold(letter) for letter in text)
    return tuple(Token(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(plain))


def words_of(message: str) -> list[str]:
    """The texts of the tokens of a message."""
    return [token.text for token in tokenize(message)]


def join(tokens: Iterable[Token]) -> str:
    """The tokens as one sentence with single spaces."""
    return " ".join(token.text for token in tokens)


def begins_with(words: Iterable[str], phrases: Iterable[str]) -> bool:
    """Whether a message begins with one of the phrases, and goes on."""
    return " ".join(words).startswith(tuple(f"{phrase} " for phrase in phrases))


def has_all_of(words: Iterable[str], phrases: Iterable[str]) -> bool:
    """Whether a message has all words of one of the phrases, in any order."""
    said = set(words)
    return any(said.issuperset(phrase.split()) for phrase in phrases)


def _fold(letter: str) -> str:
    """Lower case without accents. One character for one, so that offsets into the message stay valid."""
    if letter in FRACTIONS:
        return letter
    base = unicodedata.normalize("NFKD", letter)[:1].lower()
    return base if len(base) == 1 else letter
