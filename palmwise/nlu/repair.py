"""Message repair: shorthand, recognition errors, typos and fillers, word by word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from palmwise.language.spelling import Speller
from palmwise.language.tokens import Token, Tokens, join, tokenize

_FILE = Path(__file__).with_name("repairs.yml")
_LONGEST = 4
"""Tokens of the longest phrase in the file."""


@dataclass(frozen=True)
class Confusion:
    """What is heard for what was meant, in the company of certain words only."""

    heard: tuple[str, ...]
    meant: tuple[str, ...]
    any: frozenset[str]
    """One of these must be in the message beside it."""
    but: frozenset[str]
    """None of these may be."""

    def fits(self, words: Sequence[Token], at: int) -> bool:
        """Whether the phrase stands at this word, in fitting company."""
        size = len(self.heard)
        if tuple(word.text for word in words[at : at + size]) != self.heard:
            return False
        company = {word.text for word in (*words[:at], *words[at + size :])}
        return bool(self.any & (company | set(self.heard[:-1]))) and not self.but & company


@dataclass(frozen=True)
class Phrases:
    """The content of `repairs.yml`."""

    always: Mapping[tuple[str, ...], tuple[str, ...]]
    near: Mapping[str, tuple[Confusion, ...]]
    """By the first word that is heard."""
    fillers: frozenset[str]

    @cached_property
    def starts(self) -> frozenset[str]:
        """The first words of all that is listed."""
        return frozenset(phrase[0] for phrase in self.always) | frozenset(self.near)

    def replaced(self, words: Tokens) -> Tokens:
        """The words with every phrase of `always` made what it stands for; the longest first."""
        texts = tuple(word.text for word in words)
        result: list[Token] = []
        at = 0
        while at < len(words):
            # Few words begin a phrase, and a training looks at some hundred thousand.
            sizes = range(min(_LONGEST, len(words) - at), 0, -1) if texts[at] in self.starts else ()
            size = next((size for size in sizes if texts[at : at + size] in self.always), 0)
            if size:
                result.extend(_placed(self.always[texts[at : at + size]], words[at : at + size]))
            else:
                result.append(words[at])
            at += size or 1
        return tuple(result)


@dataclass(frozen=True)
class Repairer:
    """Makes the words that were meant out of a message; never fails, and leaves good sentences alone."""

    phrases: Phrases
    speller: Speller

    def words(self, message: str) -> Tokens:
        """The repaired words; each keeps the place of what was typed."""
        words = self._spelt(tokenize(message))
        words = self.phrases.replaced(words)
        words = self._reheard(words)
        if self.strange(words):
            words = tuple(replace(word, text=self.speller.guess_short(word.text)) for word in words)
        kept = tuple(word for word in words if word.text not in self.phrases.fillers)
        return kept or words

    def sentence(self, message: str) -> str:
        """The repaired words as one sentence."""
        return join(self.words(message))

    def strange(self, words: Tokens) -> bool:
        """Whether none of these repaired words is known: "asdf jkl", or no word at all."""
        return not any(self.speller.knows(word.text) or not word.text.isalpha() for word in words)

    def _spelt(self, words: Tokens) -> Tokens:
        # A word that begins a listed mishearing is left to that list.
        starts = self.phrases.starts
        result: list[Token] = []
        for word in words:
            parts = (word.text,) if word.text in starts else self.speller.repair(word.text)
            if parts == (word.text,):
                result.append(word)
            else:
                result.extend(Token(part, word.start, word.end) for part in parts)
        return tuple(result)

    def _reheard(self, words: Tokens) -> Tokens:
        found = list(words)
        at = 0
        while at < len(found):
            for confusion in self.phrases.near.get(found[at].text, ()):
                if confusion.fits(found, at):
                    end = at + len(confusion.heard)
                    found[at:end] = _placed(confusion.meant, found[at:end])
                    break
            at += 1
        return tuple(found)


@lru_cache(maxsize=1)
def load_phrases() -> Phrases:
    """The phrases of `repairs.yml`, which lies beside this module."""
    raw: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    always = {_split(heard): _split(meant) for heard, meant in {**raw["shorthand"], **raw["always"]}.items()}
    near: dict[str, list[Confusion]] = {}
    for entry in raw["near"]:
        company = (frozenset(entry["any"]), frozenset(entry.get("but", ())))
        confusion = Confusion(_split(entry["heard"]), _split(entry["meant"]), *company)
        near.setdefault(confusion.heard[0], []).append(confusion)
    return Phrases(always, {first: tuple(each) for first, each in near.items()}, frozenset(raw["fillers"]))


def build_repairer(sentences: Iterable[str], domain: Iterable[str], english: frozenset[str]) -> Repairer:
    """A repairer out of training sentences, the names of the content, and ordinary English words."""
    phrases = load_phrases()
    plain = [join(phrases.replaced(tokenize(sentence))) for sentence in sentences]
    names = [join(tokenize(name)) for name in domain]
    return Repairer(phrases, Speller.train(plain, names, english))


def _placed(meant: tuple[str, ...], heard: Sequence[Token]) -> tuple[Token, ...]:
    if len(meant) == len(heard):
        return tuple(Token(text, word.start, word.end) for text, word in zip(meant, heard, strict=True))
    return tuple(Token(text, heard[0].start, heard[-1].end) for text in meant)


def _split(phrase: str) -> tuple[str, ...]:
    return tuple(phrase.split())
