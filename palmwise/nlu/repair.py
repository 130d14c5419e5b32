"""Repair of a message, word by word: shorthand, recognition errors, typos, fillers (phrases in `repairs.yml`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from palmwise.language.spelling import Speller
from palmwise.language.tokens import Token, Tokens, join, tokenize
from palmwise.training_files import read_yaml

_FILE = Path(__file__).with_name("repairs.yml")
MOST_REPEATS = 3
"""Of "stop stop stop stop stop" the first three say it all."""
MANY_TOKENS = 20
"""From here on a picture that was there already adds nothing."""
MOST_PICTURES = 100
"""Different pictures that are read; nobody means so many."""
_LONGEST_PHRASE = 4
"""Number of words of the longest phrase in the file."""

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Confusion:
    """A phrase that recognizers write for another one, repaired only in the company of certain words."""

    heard: Phrase
    meant: Phrase
    any: frozenset[str]
    """One of these words must be in the message too."""
    but: frozenset[str]
    """None of these words may be."""

    def matches(self, tokens: Sequence[Token], at: int, counts: Mapping[str, int]) -> bool:
        """Whether the phrase begins at this token, in fitting company; `counts` has the words of all tokens."""
        end = at + len(self.heard)
        if tuple(token.text for token in tokens[at:end]) != self.heard:
            return False

        def is_beside(word: str) -> bool:
            return counts.get(word, 0) > self.heard.count(word)

        own = self.heard[:-1]
        return any(word in own or is_beside(word) for word in self.any) and not any(map(is_beside, self.but))


@dataclass(frozen=True)
class RepairPhrases:
    """The content of `repairs.yml`."""

    always: Mapping[Phrase, Phrase]
    """Shorthand and recognition errors -> what they are replaced by in every message."""
    confusions: Mapping[str, tuple[Confusion, ...]]
    """By their first word."""
    fillers: frozenset[str]
    alike: tuple[Phrase, ...]
    """Words that recognizers write for each other, for noisy copies of the sentences to learn from."""
    interjections: tuple[str, ...]
    """Words that people put in, for the same."""

    @cached_property
    def first_words(self) -> frozenset[str]:
        """The first words of all phrases."""
        return frozenset(phrase[0] for phrase in self.always) | frozenset(self.confusions)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the phrases that are replaced."""
        return frozenset(word for phrase in self.always for word in phrase)

    def replace_always(self, tokens: Tokens) -> Tokens:
        """Replace every phrase of `always`, the longest first."""
        texts = tuple(token.text for token in tokens)
        result: list[Token] = []
        at = 0
        while at < len(tokens):
            # Few words begin a phrase, and a training has some hundred thousand words.
            sizes = range(min(_LONGEST_PHRASE, len(tokens) - at), 0, -1) if texts[at] in self.first_words else ()
            size = next((size for size in sizes if texts[at : at + size] in self.always), 0)
            if size:
                result.extend(_with_offsets(self.always[texts[at : at + size]], tokens[at : at + size]))
            else:
                result.append(tokens[at])
            at += size or 1
        return tuple(result)

    def replace_confusions(self, tokens: Tokens) -> Tokens:
        """Replace every confusion that is in fitting company."""
        result = list(tokens)
        counts = Counter(token.text for token in tokens)
        at = 0
        while at < len(result):
            for confusion in self.confusions.get(result[at].text, ()):
                if confusion.matches(result, at, counts):
                    end = at + len(confusion.heard)
                    result[at:end] = _with_offsets(confusion.meant, result[at:end])
                    counts.subtract(confusion.heard)
                    counts.update(confusion.meant)
                    break
            at += 1
        return tuple(result)


@dataclass(frozen=True)
class Repairer:
    """Finds the words that were meant; never fails, and leaves good sentences alone."""

    phrases: RepairPhrases
    speller: Speller

    def repair(self, text: str) -> Tokens:
        """The repaired tokens, each with the offsets of what was typed."""
        tokens = self._spell(_without_repeats(tokenize(text)))
        tokens = self.phrases.replace_always(tokens)
        tokens = self.phrases.replace_confusions(tokens)
        if self.knows_none(tokens):
            tokens = tuple(replace(token, text=self.speller.guess_short(token.text)) for token in tokens)
        kept = tuple(token for token in tokens if token.text not in self.phrases.fillers)
        return kept or tokens

    def repair_text(self, text: str) -> str:
        """The repaired tokens as one sentence."""
        return join(self.repair(text))

    def knows_none(self, tokens: Tokens) -> bool:
        """Whether none of the tokens is a known word or a number ("asdf jkl"), or there is no token."""
        return not any(self.speller.knows(token.text) or not token.text.isalpha() for token in tokens)

    def _spell(self, tokens: Tokens) -> Tokens:
        result: list[Token] = []
        repaired: dict[str, Phrase] = {}
        for token in tokens:
            # The first word of a phrase of `repairs.yml` is left to that phrase.
            is_listed = token.text in self.phrases.first_words
            if token.text not in repaired:
                repaired[token.text] = (token.text,) if is_listed else self.speller.repair(token.text)
            parts = repaired[token.text]
            result.extend([token] if parts == (token.text,) else [replace(token, text=part) for part in parts])
        return tuple(result)


@lru_cache(maxsize=1)
def load_repair_phrases() -> RepairPhrases:
    """Read `repairs.yml`, which lies beside this module."""
    raw: dict[str, Any] = read_yaml(_FILE)
    always = {_split(heard): _split(meant) for heard, meant in {**raw["shorthand"], **raw["always"]}.items()}
    confusions: dict[str, list[Confusion]] = {}
    for entry in raw["near"]:
        company = (frozenset(entry["any"]), frozenset(entry.get("but", ())))
        confusion = Confusion(_split(entry["heard"]), _split(entry["meant"]), *company)
        confusions.setdefault(confusion.heard[0], []).append(confusion)
    by_first_word = {word: tuple(each) for word, each in confusions.items()}
    alike, interjections = tuple(map(_split, raw["alike"])), tuple(raw["interjections"])
    return RepairPhrases(always, by_first_word, frozenset(raw["fillers"]), alike, interjections)


def build_repairer(sentences: Iterable[str], names: Iterable[str], english: frozenset[str]) -> Repairer:
    """Build a repairer from training sentences, the names of the content and ordinary English words."""
    phrases = load_repair_phrases()
    plain = [join(phrases.replace_always(tokenize(sentence))) for sentence in sentences]
    return Repairer(phrases, Speller.train(plain, [join(tokenize(name)) for name in names], english))


def _without_repeats(tokens: Tokens) -> Tokens:
    """The tokens with at most `MOST_REPEATS` of the same in a row, and of many pictures each once."""
    kept: list[Token] = []
    pictures: set[str] = set()
    for token in tokens:
        is_picture = not token.text[0].isalnum()
        is_repeated = len(kept) >= MOST_REPEATS and all(each.text == token.text for each in kept[-MOST_REPEATS:])
        adds_nothing = is_picture and token.text in pictures and len(kept) > MANY_TOKENS
        is_one_too_many = is_picture and token.text not in pictures and len(pictures) >= MOST_PICTURES
        if is_repeated or adds_nothing or is_one_too_many:
            continue
        if is_picture:
            pictures.add(token.text)
        kept.append(token)
    return tuple(kept)


def _with_offsets(meant: Phrase, heard: Sequence[Token]) -> tuple[Token, ...]:
    """Tokens of `meant` with the offsets of `heard`: word by word if there are equally many, else of the whole."""
    if len(meant) == len(heard):
        return tuple(replace(token, text=text) for text, token in zip(meant, heard, strict=True))
    return tuple(Token(text, heard[0].start, heard[-1].end) for text in meant)


def _split(phrase: str) -> Phrase:
    return tuple(phrase.split())
