"""Counts how often in a row nothing was understood: told twice, then it is quiet."""

from __future__ import annotations

from voice import words
from voice.cards import Card

UNHELPFUL = ("note", "help")
"""Cards that may say no more than that nothing was understood."""


class Misses:
    """Of the ear here and of the server together."""

    def __init__(self) -> None:
        self._count = 0
        self._known = True

    def sent(self, *, known: bool) -> None:
        """Words went to the server; `known`: they are a phrase that the skill was taught."""
        self._known = known

    def mumbled(self) -> str:
        """What to say when no words could be made out; empty when that was said often enough."""
        self._count += 1
        return words.MUMBLED[self._count - 1] if self._count <= len(words.MUMBLED) else ""

    def worth_saying(self, card: Card, *, by_person: bool) -> bool:
        """Whether a card is to be spoken; `by_person`: it answers somebody's words."""
        if not by_person or self._known or card.kind not in UNHELPFUL:
            self._count = 0
            return True
        self._count += 1
        return self._count <= len(words.MUMBLED) or not card.at_a_step
