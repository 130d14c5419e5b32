"""Spelling repair towards the words of the coach; correct English is left alone.

Also its building blocks: edit distance, the cost of likely slips on a keyboard, and a phonetic key.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import log

MIN_LETTERS = 4
"""Shorter words are not repaired: too many of them are one letter apart."""
TWO_EDITS_LETTERS = 7
"""From this length on, two edits are repaired instead of one."""
MAX_LETTERS = 30
"""Longer strings are not words; searching for what was meant would take time quadratic in their length."""
MIN_COUNT = 3
"""A word must occur this often in training to be a target of repairs."""
MIN_COUNT_OF_GUESS = 30
"""The same for `Speller.guess_short`."""

_FREQUENCY_BONUS = 0.1
"""Edit cost that a target is spared for each factor of e in its frequency."""
_SOUND_BONUS = 0.2
"""Edit cost that a target is spared for sounding the same: "lowder" is "louder", not "lower"."""

_HISSING = ("s", "x", "z", "ch", "sh", "o")
"""Only after these an ending is "es"."""
_ENDINGS = ("s", "es", "ed", "ing", "ings", "er", "ers", "ly", "ness", "less", "ful")
_Y_ENDINGS = ("ies", "ied", "ier", "iest", "ily", "iness")

NEIGHBOUR_KEYS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl",
    "p": "ol", "a": "qsz", "s": "adwx", "d": "sfec", "f": "dgrv", "g": "fhtb", "h": "gjyn", "j": "hkum", "k": "jlim",
    "l": "kop", "z": "xas", "x": "zcsd", "c": "xvd", "v": "cbf", "b": "vng", "n": "bmh", "m": "njk",
}  # fmt: skip
"""Letter -> its neighbours on an English keyboard."""

_DOUBLED, _SWAPPED, _MISSED, _NEIGHBOUR, _ADDED, _OTHER = 0.6, 0.8, 0.9, 0.9, 1.0, 1.1
_FIRST_LETTER = 0.3
"""Additional cost of a wrong first letter: these are rare."""
_VOWELS = frozenset("aeiou")

# Spelling -> sound, applied in this order. Voiced and unvoiced are one sound, since recognizers mix them up.
_SOUNDS = tuple(
    (re.compile(spelling), sound)
    for spelling, sound in (
        (r"wh", "w"), (r"wr", "r"), (r"kn", "n"), (r"gn", "n"), (r"ph|gh(?=t?\b)", "f"), (r"ough", "o"),
        (r"igh", "i"), (r"mb\b", "m"), (r"tch|ch|sh|j|dge|ti(?=on)|si(?=on)", "J"), (r"c(?=[eiy])|z", "s"),
        (r"ck|c|q|g|x", "k"), (r"th", "t"), (r"d", "t"), (r"v", "f"), (r"b", "p"), (r"[aeiouyw']", ""), (r"h", ""),
    )
)  # fmt: skip


@dataclass(frozen=True)
class Speller:
    """Which words are well spelt, and which of them a misspelt one may have been."""

    known: frozenset[str]
    """Words that stay as they are."""
    targets: Mapping[str, int]
    """Words that others may be repaired to -> how often each occurs in training."""
    _deletions: Mapping[str, tuple[str, ...]] = field(repr=False, default_factory=dict)
    """Targets by what is left of them with one or two letters deleted."""

    @staticmethod
    def train(sentences: Iterable[str], names: Iterable[str], english: frozenset[str]) -> Speller:
        """Build a speller from training sentences, the names of the content and ordinary English words."""
        counts = Counter(word for sentence in sentences for word in sentence.split())
        in_names = {word for name in names for word in name.split()}
        for word in in_names:
            counts[word] += MIN_COUNT
        repairable = {word: count for word, count in counts.items() if _is_repairable(word)}
        targets = {word: count for word, count in repairable.items() if _is_target(word, count, in_names, english)}
        return Speller.build(english | {word for word, count in counts.items() if count >= MIN_COUNT}, targets)

    @staticmethod
    def build(known: frozenset[str], targets: Mapping[str, int]) -> Speller:
        """Build a speller with its search table."""
        table: dict[str, list[str]] = {}
        for word in targets:
            for key in _deletions(word, _max_edits(word)):
                table.setdefault(key, []).append(word)
        return Speller(known, dict(targets), {key: tuple(words) for key, words in table.items()})

    def repair(self, word: str) -> tuple[str, ...]:
        """The word itself, the word that was meant, or two words that were written as one."""
        if not word.isalpha() or self.knows(word):
            return (word,)
        squeezed = _squeeze(word)
        if len(squeezed) > MAX_LETTERS:
            return (word,)
        plainer = [each for each in (squeezed, *_with_single_letters(squeezed)) if each in self.known]
        if plainer:
            return (max(plainer, key=lambda each: self.targets.get(each, 0)),)
        if not _is_repairable(word):
            return (word,)
        best = self._nearest(squeezed)
        if best is not None:
            return (best,)
        return self._split(word) or (word,)

    def knows(self, word: str) -> bool:
        """Whether a word is well spelt, or an inflection of such a word."""
        return word in self.known or word in self.targets or not self.known.isdisjoint(_bases(word))

    def guess_short(self, word: str) -> str:
        """The frequent word that a short one may have been, for messages in which no word is known."""
        if len(word) > MIN_LETTERS or not word.isalpha() or self.knows(word):
            return word
        nearest = [self._nearest(each) for each in (word, *_with_single_letters(word)) if 1 < len(each) < MIN_LETTERS]
        return next((target for target in nearest if target and self.targets[target] >= MIN_COUNT_OF_GUESS), word)

    def _nearest(self, word: str) -> str | None:
        most = _max_edits(word)
        if len(word) > self._longest + most:
            return None
        candidates = {target for key in _deletions(word, most) for target in self._deletions.get(key, ())}
        ranked = []
        for target in candidates:
            if edit_distance(word, target) <= min(most, _max_edits(target)) and _plausible_start(word, target):
                bonus = _FREQUENCY_BONUS * log(self.targets[target])
                bonus += _SOUND_BONUS * (phonetic_key(word) == phonetic_key(target))
                ranked.append((edit_cost(word, target) - bonus, target))
        return min(ranked)[1] if ranked else None

    @cached_property
    def _longest(self) -> int:
        """Letters of the longest target."""
        return max(map(len, self.targets), default=0)

    def _split(self, word: str) -> tuple[str, str] | None:
        pairs = [(word[:at], word[at:]) for at in range(2, len(word) - 1)]
        likely = [(first, second) for first, second in pairs if first in self.known and second in self.targets]
        return max(likely, key=lambda pair: self.targets[pair[1]] * len(pair[1])) if likely else None


def edit_distance(first: str, second: str) -> int:
    """Damerau-Levenshtein distance with adjacent transpositions: letters to add, drop, change or swap."""
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


def edit_cost(typed: str, meant: str) -> float:
    """The least cost of slips that turn `meant` into `typed`: about 1 for each, likely slips cost less."""
    before: list[float] = []
    row = [_FIRST_LETTER * (typed[:1] != meant[:1]) + _MISSED * size for size in range(len(meant) + 1)]
    for at, letter in enumerate(typed, 1):
        before, last, row = row, before, [row[0] + _ADDED]
        for to, other in enumerate(meant, 1):
            added = _DOUBLED if at > 1 and letter == typed[at - 2] else _ADDED
            missed = _DOUBLED if to > 1 and other == meant[to - 2] else _MISSED
            cost = min(before[to] + added, row[to - 1] + missed, before[to - 1] + _substitution_cost(letter, other))
            if at > 1 and to > 1 and letter == meant[to - 2] and typed[at - 2] == other:
                cost = min(cost, last[to - 2] + _SWAPPED)
            row.append(cost)
    return row[-1]


def phonetic_key(text: str) -> str:
    """The consonant sounds of a text as one word: "ladder please" and "louder please" are both "ltrpls"."""
    sound = text.lower()
    for spelling, letter in _SOUNDS:
        sound = spelling.sub(letter, sound)
    return re.sub(r"(.)\1+", r"\1", sound.replace(" ", ""))


def _substitution_cost(letter: str, meant: str) -> float:
    if letter == meant:
        return 0.0
    # A neighbouring key, or one vowel for another by those who do not know the spelling.
    return _NEIGHBOUR if letter in NEIGHBOUR_KEYS.get(meant, "") or {letter, meant} <= _VOWELS else _OTHER


def _is_target(word: str, count: int, names: set[str], english: frozenset[str]) -> bool:
    # A word that is in no dictionary may be a typo in the training data.
    return word in names or (count >= MIN_COUNT and word in english) or count >= 4 * MIN_COUNT


def _is_repairable(word: str) -> bool:
    return len(word) >= MIN_LETTERS and word.isalpha()


def _max_edits(word: str) -> int:
    return 2 if len(word) >= TWO_EDITS_LETTERS else 1


def _deletions(word: str, most: int) -> set[str]:
    """The word, and what is left of it with up to `most` letters deleted."""
    keys = {word}
    edge = {word}
    for _ in range(most):
        edge = {each[:at] + each[at + 1 :] for each in edge for at in range(len(each))}
        keys |= edge
    return keys


def _plausible_start(word: str, target: str) -> bool:
    # The first letter may be missing, doubled, swapped or a neighbouring key; other slips are rare there.
    return word[0] in (target[0], target[1]) or word[1] == target[0] or word[0] in NEIGHBOUR_KEYS.get(target[0], "")


def _bases(word: str) -> set[str]:
    """Words that this may be an inflection of ("beeping", "fainter"), since the English list has base forms."""
    bases = {word.removesuffix(ending) + "y" for ending in _Y_ENDINGS if word.endswith(ending)}
    for ending in _ENDINGS:
        base = word.removesuffix(ending)
        odd = (ending == "es" and not base.endswith(_HISSING)) or (ending == "s" and base.endswith("s"))
        if base != word and len(base) >= MIN_LETTERS - 1 and not odd:
            bases |= {base, base + "e"} | ({base[:-1]} if base[-1] == base[-2] else set())
    return bases


def _with_single_letters(word: str) -> list[str]:
    """The word with each of its double letters written once."""
    return [word[:at] + word[at + 1 :] for at in range(1, len(word)) if word[at] == word[at - 1]]


def _squeeze(word: str) -> str:
    """The word without letters repeated three times or more: "nooooo" is "no", "stopppp" is "stop"."""
    result = ""
    for letter in word:
        if not (len(result) >= 2 and result[-1] == letter == result[-2]):
            result += letter
    if result != word and result[-1:] == result[-2:-1]:
        result = result[:-1]
    return result
