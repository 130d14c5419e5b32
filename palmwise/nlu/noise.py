"""Noisy copies of training sentences: the slips of fingers and of speech recognisers, from a fixed seed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random

from palmwise.nlu.slips import NEAR
from palmwise.nlu.sound import sound_of

SEED = 20

_FINGERS = 0.5
"""Share of the copies that are typed; the others are spoken."""
_OFTEN = 4
"""How often sentences must use a word to be heard for another: rarer ones may be typos."""
_SHORT = 2
"""Letters of words that sound like too much else."""
_VOWELS = re.compile("[aeiouy]+")

_FILLERS = ("um", "uh", "so", "okay", "well", "please", "like", "just", "hey", "right", "erm", "now", "yeah")

# Words that recognisers write for others, both ways round. The words of this skill are in repairs.yml.
_HEARD = (
    "to two too", "for four", "their there", "your you're", "its it's", "know no", "right write", "here hear",
    "one won", "i'm am", "and an in", "the a", "can can't", "of off", "than then", "do you", "is it's", "me my",
    "hand and hands", "hands hens", "how who", "what but", "step stop", "this these", "that that's", "are our",
    "so sew", "again a gain", "this the", "next nest", "back bag", "hold old", "wait weight", "start star",
    "long along", "slow slower", "fast first", "hurt heart", "hurts hearts", "sore saw", "stiff stuff", "oil all",
    "last lost", "done down", "left lift",
)  # fmt: skip


@dataclass(frozen=True)
class Noise:
    """Knows which words a recogniser may write for others."""

    alike: Mapping[str, tuple[str, ...]]
    """Word -> words that sound like it."""

    @staticmethod
    def of(sentences: Iterable[str]) -> Noise:
        """Takes the words that these sentences often use, beside the confusions that are known of recognisers."""
        counts = Counter(word for sentence in sentences for word in sentence.lower().split() if word.isalpha())
        groups: dict[tuple[str, int], list[str]] = {}
        for word in sorted(word for word, seen in counts.items() if seen >= _OFTEN and len(word) > _SHORT):
            groups.setdefault((sound_of(word), len(_VOWELS.findall(word))), []).append(word)
        table = {word: group for group in groups.values() if len(group) > 1 for word in group}
        for known in _HEARD:
            for word in known.split():
                table[word] = [*table.get(word, ()), *known.split()]
        return Noise({word: tuple(other for other in others if other != word) for word, others in table.items()})

    def copy(self, sentence: str) -> str:
        """The sentence as hasty fingers or a recogniser would write it; the same every time."""
        random = Random(f"{SEED} {sentence}")  # noqa: S311 - no secret
        return _typed(sentence, random) if random.random() < _FINGERS else self._heard(sentence, random)

    def _heard(self, sentence: str, random: Random) -> str:
        words = "".join(letter for letter in sentence.lower() if letter not in ",.?!").split() or [sentence]
        chance = random.random()
        if chance < 0.4:
            words.insert(random.choice((0, 0, random.randrange(len(words) + 1), len(words))), random.choice(_FILLERS))
        if chance > 0.3:
            words = self._misheard(words, random)
        if chance > 0.85 and len(words) > 3:
            del words[random.randrange(len(words))]
        return " ".join(words)

    def _misheard(self, words: list[str], random: Random) -> list[str]:
        places = [(at, others) for at, word in enumerate(words) if (others := self.alike.get(word))]
        if not places:
            return words
        at, others = random.choice(places)
        return [*words[:at], random.choice(others), *words[at + 1 :]]


def _typed(sentence: str, random: Random) -> str:
    words = sentence.replace("'", "").split() if random.random() < 0.3 else sentence.split()
    for _ in range(1 if len(words) < 6 else 2):
        at = random.randrange(len(words))
        words[at] = slip(words[at], random)
    return " ".join(words)


def slip(word: str, random: Random) -> str:
    """A word with one slip of the fingers."""
    at = random.randrange(len(word))
    kind = random.random()
    if kind < 0.3 and len(word) > 2:
        return word[:at] + word[at + 1 :]
    if kind < 0.55 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind < 0.75:
        return word[:at] + word[at] + word[at:]
    return word[:at] + random.choice(NEAR.get(word[at].lower(), word[at])) + word[at + 1 :]
