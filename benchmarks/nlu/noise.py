"""Noisy copies of test sentences: slips of the fingers, and words that sound alike, as a recogniser writes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from random import Random

from palmwise.nlu.training_data import slip

SEED = 7
FILLERS = ("um", "uh", "er", "like", "so", "well", "you know", "i mean")
_FILLED, _DROPPED = 0.2, 0.35
"""Below the first a slip of the recogniser is a filler, below the second a lost word, else another word."""
_CODES = {
    letter: code for code, letters in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), 1) for letter in letters
}


def typed(text: str, slips: int) -> str:
    """The sentence with so many slips of the fingers."""
    random = _random(text, "typed")
    words = text.split()
    for _ in range(slips):
        at = random.randrange(len(words))
        words[at] = slip(words[at], random) or words[at]
    return " ".join(words)


def heard(text: str, slips: int, alike: Mapping[str, tuple[str, ...]]) -> str:
    """The sentence in lower case, without punctuation, with so many slips of a recogniser."""
    random = _random(text, "heard")
    words = "".join(letter for letter in text.lower() if letter.isalnum() or letter in " '").split() or text.split()
    for _ in range(slips):
        words = _misheard(words, alike, random)
    return " ".join(words)


def sounding_alike(sentences: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The words that occur more than once, so that no misspelt one is among them, by their sound."""
    counts = Counter(word for sentence in sentences for word in sentence.lower().split() if word.isalpha())
    groups: dict[str, list[str]] = {}
    for word in sorted(word for word, seen in counts.items() if seen > 1):
        groups.setdefault(sound(word), []).append(word)
    return {each: tuple(group) for each, group in groups.items() if len(group) > 1}


def sound(word: str) -> str:
    """Soundex (Russell, 1918) with its digits uncut, the number of syllables behind: "wrist" is "W623 1".

    The training and the repair know nothing of it, so that it favours no pipeline.
    """
    letters = [letter for letter in word.lower() if letter.isalpha()]
    if not letters:
        return word
    digits, last = "", _CODES.get(letters[0])
    for letter in letters[1:]:
        code = _CODES.get(letter)
        if code is not None and code != last:
            digits += str(code)
        last = last if letter in "hw" else code
    vowels = "".join("v" if letter in "aeiouy" else " " for letter in letters)
    return f"{letters[0].upper()}{digits} {len(vowels.split())}"


def _misheard(words: list[str], alike: Mapping[str, tuple[str, ...]], random: Random) -> list[str]:
    chance = random.random()
    if chance < _FILLED:
        at = random.randrange(len(words) + 1)
        return [*words[:at], random.choice(FILLERS), *words[at:]]
    if chance < _DROPPED and len(words) > 2:
        at = random.randrange(len(words))
        return [*words[:at], *words[at + 1 :]]
    places = [at for at, word in enumerate(words) if _others(word, alike)]
    if not places:
        return words
    at = random.choice(places)
    return [*words[:at], random.choice(_others(words[at], alike)), *words[at + 1 :]]


def _others(word: str, alike: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [other for other in alike.get(sound(word), ()) if other != word]


def _random(text: str, kind: str) -> Random:
    return Random(f"{SEED} {kind} {text}")  # noqa: S311 - no secret
