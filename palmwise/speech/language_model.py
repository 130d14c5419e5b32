"""Formats that recognizers read: ARPA language models, JSGF grammars, pronunciation dictionaries."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from palmwise.errors import LanguageError

Gram = tuple[str, ...]
DISCOUNT = 0.5
"""Taken off the count of each n-gram for those that were not seen (absolute discounting, Ney et al. 1994)."""
NEVER = -99.0
"""The format's logarithm of zero."""


def arpa(sentences: Mapping[str, int], order: int = 2) -> str:
    """Return the n-gram model of sentences in the ARPA format.

    `sentences` maps each sentence (words separated by spaces) to its count. Raises ValueError if there is none.
    """
    counts = _counted(sentences, order)
    if not counts[0]:
        raise ValueError("a language model needs sentences")
    head = [f"ngram {size}={len(table)}" for size, table in enumerate(counts, 1)]
    body: list[str] = []
    model = _Model(counts)
    for size, table in enumerate(counts, 1):
        body += ["", f"\\{size}-grams:"]
        body += [model.line(gram, last=size == order) for gram in sorted(table)]
    return "\n".join(["\\data\\", *head, *body, "", "\\end\\", ""])


def _counted(sentences: Mapping[str, int], order: int) -> list[Counter[Gram]]:
    counts: list[Counter[Gram]] = [Counter() for _ in range(order)]
    for sentence in sorted(sentences):
        words = ("<s>", *sentence.split(), "</s>")
        for size, table in enumerate(counts, 1):
            for start in range(len(words) - size + 1):
                table[words[start : start + size]] += sentences[sentence]
    return counts


class _Model:
    def __init__(self, counts: list[Counter[Gram]]) -> None:
        self._counts = counts
        self._total = sum(count for gram, count in counts[0].items() if gram != ("<s>",))
        self._followers: Mapping[Gram, list[Gram]] = defaultdict(list)
        for table in counts[1:]:
            for gram in table:
                self._followers[gram[:-1]].append(gram)
        self._times_followed = {
            before: sum(self._counts[len(before)][gram] for gram in grams) for before, grams in self._followers.items()
        }

    def line(self, gram: Gram, *, last: bool) -> str:
        probability = self._probability(gram)
        shown = f"{math.log10(probability) if probability > 0 else NEVER:.4f}\t{' '.join(gram)}"
        return shown if last else f"{shown}\t{math.log10(self._backoff(gram)):.4f}"

    def _probability(self, gram: Gram) -> float:
        if gram == ("<s>",):
            return 0.0
        if len(gram) == 1:
            return self._counts[0][gram] / self._total
        before = gram[:-1]
        own = (self._counts[len(gram) - 1][gram] - DISCOUNT) / self._times_followed[before]
        return own + self._discounted(before) * self._probability(gram[1:])

    def _discounted(self, before: Gram) -> float:
        return DISCOUNT * len(self._followers[before]) / self._times_followed[before]

    def _backoff(self, gram: Gram) -> float:
        """Return the weight of the lower order, which interpolation has put into the probabilities already."""
        return self._discounted(gram) if gram in self._followers else 1.0


@dataclass
class _Branch:
    """The words that can follow some first words."""

    after: dict[str, _Branch] = field(default_factory=dict)
    ends: bool = False


def jsgf(phrases: Iterable[str]) -> str:
    """Return a JSGF grammar of whole phrases (words separated by spaces). Raises ValueError if there is none.

    Phrases that begin alike share their beginning; otherwise thousands of them make a recognizer many times slower.
    """
    root = _Branch()
    for phrase in sorted(set(phrases)):
        branch = root
        for word in phrase.split():
            branch = branch.after.setdefault(word, _Branch())
        branch.ends = True
    if not root.after:
        raise ValueError("a grammar needs phrases")
    listed = "\n  | ".join(_written(word, branch) for word, branch in root.after.items())
    return f"#JSGF V1.0;\ngrammar coach;\npublic <said> =\n    {listed} ;\n"


def _written(word: str, branch: _Branch) -> str:
    if not branch.after:
        return word
    following = " | ".join(_written(*pair) for pair in branch.after.items())
    return f"{word} [ {following} ]" if branch.ends else f"{word} ( {following} )"


EXTRA_PRONUNCIATIONS = Path(__file__).parent / "data" / "pronunciations.txt"
_VARIANT = re.compile(r"\(\d+\)$")
_HISSING = ("S", "Z", "SH", "ZH", "CH", "JH")
_VOICELESS = ("P", "T", "K", "F", "TH")
Sounds = tuple[str, ...]


class Pronunciations:
    """Words and their phones; plurals and possessives of known words are made by rule."""

    def __init__(self, sounds: Mapping[str, tuple[Sounds, ...]]) -> None:
        """`sounds` maps each word to its pronunciations, each a row of phones."""
        self._sounds = sounds

    @staticmethod
    def read(dictionary: Path, extra: Path = EXTRA_PRONUNCIATIONS) -> Pronunciations:
        """Read a dictionary in the format of the CMU dictionary, and a file of extra words. Raises `LanguageError`."""
        found: dict[str, tuple[Sounds, ...]] = {}
        for path in (dictionary, extra):
            try:
                text = path.read_text(encoding="utf-8")
            except OSError as error:
                raise LanguageError(f"The dictionary {path} cannot be read.") from error
            for line in text.splitlines():
                word, _, sounds = line.partition(" ")
                if sounds and not word.startswith("#"):
                    name = _VARIANT.sub("", word)
                    found[name] = (*found.get(name, ()), tuple(sounds.split()))
        return Pronunciations(found)

    def of(self, word: str) -> tuple[Sounds, ...]:
        """Return the pronunciations of a word, empty if it is unknown."""
        if word in self._sounds:
            return self._sounds[word]
        stem = re.sub(r"('s|s'|s)$", "", word)
        return tuple(_with_s(sounds) for sounds in self._sounds.get(stem, ())) if stem != word else ()

    def known(self, text: str) -> bool:
        """Return whether every word of a text has a pronunciation."""
        return all(self.of(word) for word in text.split())

    def dictionary(self, words: Iterable[str]) -> str:
        """Return a dictionary file of these words. Words without a pronunciation are left out."""
        rows = []
        for word in sorted(set(words)):
            for number, sounds in enumerate(dict.fromkeys(self.of(word)), 1):
                name = word if number == 1 else f"{word}({number})"
                rows.append(f"{name} {' '.join(sounds)}")
        return "\n".join([*rows, ""])


def _with_s(sounds: Sounds) -> Sounds:
    if sounds[-1] in _HISSING:
        return (*sounds, "IH", "Z")
    return (*sounds, "S" if sounds[-1] in _VOICELESS else "Z")
