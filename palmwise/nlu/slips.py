"""How far a typed word is from the word that was meant, when some slips of the fingers are likelier than others.

The weights were chosen on sentences of the training data with slips; all that matters of them is their order.
"""

from __future__ import annotations

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
