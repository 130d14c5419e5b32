"""Spelling repair for the words of this skill, which leaves good English alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log

from palmwise.language.sound import sound_of

SHORTEST = 4
"""Letters below which a word is never repaired: too many short words are one letter apart."""

FAR = 7
"""Letters from which on two mistakes are forgiven instead of one."""

OFTEN = 3
"""How often training must use a word before others are taken for it."""

USUAL = 30
"""How often training must use a word for which another is taken that would otherwise be none."""

_SPARED = 0.1
"""Cost that a word is spared for being said e times as often as another."""

_SOUND = 0.2
"""Cost that a word is spared for sounding the same: "lowder" is "louder", not "lower"."""

_HISSING = ("s", "x", "z", "ch", "sh", "o")
"""Only after these an ending has "es"."""

_INSTEAD_OF_Y = ("ies", "ied", "ier", "iest", "ily", "iness")


@dataclass(frozen=True)
class Speller:
    """Knows which words are good, and which of them a bad one may have been."""

    good: frozenset[str]
    """Words that stay as they are."""
    wanted: Mapping[str, int]
    """Words that others may be repaired to, and how often each is said in training."""
    _deletes: Mapping[str, tuple[str, ...]] = field(repr=False, default_factory=dict)

    @staticmethod
    def taught(sentences: Iterable[str], domain: Iterable[str], english: frozenset[str]) -> Speller:
        """A speller out of training sentences, the skill's own names, and ordinary English words."""
        counts = Counter(word for sentence in sentences for word in sentence.split())
        names = {word for name in domain for word in name.split()}
        for word in names:
            counts[word] += OFTEN
        able = {word: seen for word, seen in counts.items() if _repairable(word)}
        wanted = {word: seen for word, seen in able.items() if _trusted(word, seen, names, english)}
        return Speller.of(english | frozenset(word for word, seen in counts.items() if seen >= OFTEN), wanted)

    @staticmethod
    def of(good: frozenset[str], wanted: Mapping[str, int]) -> Speller:
        """A speller with its search table: every wanted word under itself with up to two letters left out."""
        table: dict[str, list[str]] = {}
        for word in wanted:
            for key in _shortened(word, _reach(word)):
                table.setdefault(key, []).append(word)
        return Speller(good, dict(wanted), {key: tuple(words) for key, words in table.items()})

    def repaired(self, word: str) -> tuple[str, ...]:
        """The word itself, the word that was meant, or two words that were written as one."""
        if not word.isalpha() or self.knows(word):
            return (word,)
        squeezed = _squeezed(word)
        plainer = [each for each in (squeezed, *_singled(squeezed)) if each in self.good]
        if plainer:
            return (max(plainer, key=lambda each: self.wanted.get(each, 0)),)
        if not _repairable(word):
            return (word,)
        best = self._nearest(squeezed)
        if best is not None:
            return (best,)
        return self._split(word) or (word,)

    def knows(self, word: str) -> bool:
        """Whether it is a good word, or a form of one."""
        if word in self.good or word in self.wanted:
            return True
        return any(base in self.good for base in _bases(word))

    def guessed(self, word: str) -> str:
        """The usual word that was meant by a short one, which in company would be left alone."""
        if not word.isalpha() or self.knows(word):
            return word
        found = [self._nearest(each) for each in (word, *_singled(word)) if 1 < len(each) < SHORTEST]
        return next((meant for meant in found if meant and self.wanted[meant] >= USUAL), word)

    def _nearest(self, word: str) -> str | None:
        reach = _reach(word)
        found = {meant for key in _shortened(word, reach) for meant in self._deletes.get(key, ())}
        ranked = []
        for meant in found:
            far = distance(word, meant)
            if far <= min(reach, _reach(meant)) and _alike_at_first(word, meant):
                spared = _SPARED * log(self.wanted[meant]) + _SOUND * (sound_of(word) == sound_of(meant))
                ranked.append((cost_of(word, meant) - spared, meant))
        return min(ranked)[1] if ranked else None

    def _split(self, word: str) -> tuple[str, str] | None:
        pairs = [(word[:at], word[at:]) for at in range(2, len(word) - 1)]
        chances = [(first, second) for first, second in pairs if first in self.good and second in self.wanted]
        return max(chances, key=lambda pair: self.wanted[pair[1]] * len(pair[1])) if chances else None


def distance(first: str, second: str) -> int:
    """Letters to add, drop, change, or swap with their neighbour to get from one word to the other."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for at, letter in enumerate(first, 1):
        before, last, row = row, before, [at]
        for to, other in enumerate(second, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != other))
            if at > 1 and to > 1 and letter == second[to - 2] and first[at - 2] == other:
                cost = min(cost, last[to - 2] + 1)
            row.append(cost)
    return row[-1]


def _trusted(word: str, seen: int, names: set[str], english: frozenset[str]) -> bool:
    # A word that no dictionary knows may be a typo that somebody wrote into the training data.
    return word in names or (seen >= OFTEN and word in english) or seen >= 4 * OFTEN


def _repairable(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha()


def _reach(word: str) -> int:
    return 2 if len(word) >= FAR else 1


def _shortened(word: str, reach: int) -> set[str]:
    keys = {word}
    edge = {word}
    for _ in range(reach):
        edge = {each[:at] + each[at + 1 :] for each in edge for at in range(len(each))}
        keys |= edge
    return keys


def _alike_at_first(word: str, meant: str) -> bool:
    # The first letter may be missing, doubled, swapped or beside the right key; else people seldom mistake it.
    return word[0] in (meant[0], meant[1]) or word[1] == meant[0] or word[0] in NEAR.get(meant[0], "")


def _bases(word: str) -> set[str]:
    # "beeping", "fainter", "injections": forms of words that the encoder's list has only once.
    bases = {word.removesuffix(ending) + "y" for ending in _INSTEAD_OF_Y if word.endswith(ending)}
    for ending in ("s", "es", "ed", "ing", "ings", "er", "ers", "ly", "ness", "less", "ful"):
        base = word.removesuffix(ending)
        odd = (ending == "es" and not base.endswith(_HISSING)) or (ending == "s" and base.endswith("s"))
        if base != word and len(base) >= SHORTEST - 1 and not odd:
            bases |= {base, base + "e"} | ({base[:-1]} if base[-1] == base[-2] else set())
    return bases


def _singled(word: str) -> list[str]:
    """The word with one of its double letters written once."""
    return [word[:at] + word[at + 1 :] for at in range(1, len(word)) if word[at] == word[at - 1]]


def _squeezed(word: str) -> str:
    # "nooooo", "stopppp": nobody writes a letter three times in a good word.
    result = ""
    for letter in word:
        if not (len(result) >= 2 and result[-1] == letter == result[-2]):
            result += letter
    if result != word and result[-1:] == result[-2:-1]:
        result = result[:-1]
    return result


NEAR = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl",
    "p": "ol", "a": "qsz", "s": "adwx", "d": "sfec", "f": "dgrv", "g": "fhtb", "h": "gjyn", "j": "hkum", "k": "jlim",
    "l": "kop", "z": "xas", "x": "zcsd", "c": "xvd", "v": "cbf", "b": "vng", "n": "bmh", "m": "njk",
}  # fmt: skip
"""Letter -> those beside it on an English keyboard."""

_DOUBLED, _SWAPPED, _MISSED, _BESIDE, _ADDED, _OTHER = 0.6, 0.8, 0.9, 0.9, 1.0, 1.1
_FIRST = 0.3
"""More for a wrong first letter, which people seldom mistake."""
_VOWELS = frozenset("aeiou")


def cost_of(typed: str, meant: str) -> float:
    """The least cost of slips that make `typed` out of `meant`; about as much as there are slips."""
    before: list[float] = []
    row = [_FIRST * (typed[:1] != meant[:1]) + _MISSED * size for size in range(len(meant) + 1)]
    for at, letter in enumerate(typed, 1):
        before, last, row = row, before, [row[0] + _ADDED]
        for to, other in enumerate(meant, 1):
            added = _DOUBLED if at > 1 and letter == typed[at - 2] else _ADDED
            missed = _DOUBLED if to > 1 and other == meant[to - 2] else _MISSED
            cost = min(before[to] + added, row[to - 1] + missed, before[to - 1] + _instead(letter, other))
            if at > 1 and to > 1 and letter == meant[to - 2] and typed[at - 2] == other:
                cost = min(cost, last[to - 2] + _SWAPPED)
            row.append(cost)
    return row[-1]


def _instead(letter: str, meant: str) -> float:
    if letter == meant:
        return 0.0
    # Who does not know how a word is spelt mistakes one vowel for another.
    return _BESIDE if letter in NEAR.get(meant, "") or {letter, meant} <= _VOWELS else _OTHER
