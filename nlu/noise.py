"""Noisy copies of training sentences: the slips of fingers and of speech recognisers, from a fixed seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

SEED = 20

_NEAR = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl",
    "p": "ol", "a": "qsz", "s": "adwx", "d": "sfec", "f": "dgrv", "g": "fhtb", "h": "gjyn", "j": "hkum", "k": "jlim",
    "l": "kop", "z": "xas", "x": "zcsd", "c": "xvd", "v": "cbf", "b": "vng", "n": "bmh", "m": "njk",
}  # fmt: skip

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


def noisy_copies(sentences: Sequence[str], copies: int) -> Iterator[tuple[int, str]]:
    """(number of the original, noisy sentence), `copies` for each; the same every time."""
    for at, sentence in enumerate(sentences):
        random = Random(f"{SEED} {sentence}")  # noqa: S311 - no secret
        for copy in range(copies):
            yield at, (_typed if (at + copy) % 2 else _heard)(sentence, random)


def _typed(sentence: str, random: Random) -> str:
    words = sentence.replace("'", "").split() if random.random() < 0.3 else sentence.split()
    for _ in range(1 if len(words) < 6 else 2):
        at = random.randrange(len(words))
        words[at] = slip(words[at], random)
    return " ".join(words)


def _heard(sentence: str, random: Random) -> str:
    words = sentence.lower().replace(",", "").replace(".", "").replace("?", "").replace("!", "").split() or [sentence]
    chance = random.random()
    if chance < 0.4:
        words.insert(random.choice((0, 0, random.randrange(len(words) + 1), len(words))), random.choice(_FILLERS))
    if chance > 0.3:
        words = _misheard(words, random)
    if chance > 0.85 and len(words) > 3:
        del words[random.randrange(len(words))]
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
    return word[:at] + random.choice(_NEAR.get(word[at].lower(), word[at])) + word[at + 1 :]


def _misheard(words: list[str], random: Random) -> list[str]:
    places = [(at, others) for at, word in enumerate(words) if (others := _CONFUSED.get(word))]
    if not places:
        return words
    at, others = random.choice(places)
    return [*words[:at], random.choice(others), *words[at + 1 :]]


def _confusions() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for group in _HEARD:
        words = group.split()
        for word in words:
            table[word] = (*table.get(word, ()), *(other for other in words if other != word))
    return table


_CONFUSED = _confusions()
