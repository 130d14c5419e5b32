"""Clauses: the parts of a message that may be asked for on their own ("done, how long is the next one").

These are proposals: whether a message means several things is decided by what the classifier makes of its clauses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from palmwise.language.negation import NOES, Span
from palmwise.language.tokens import Tokens

MOST = 3
"""A message is split into so many clauses at most; the last one has the rest."""


@dataclass(frozen=True)
class ClauseWords:
    """Words by which a message is parted: `clauses.yml` of the content."""

    openers: tuple[str, ...]
    """A new clause may begin after one of these without a punctuation mark."""
    opening_phrases: tuple[str, ...]
    conjunctions: tuple[str, ...]
    """Of two that fit, the first one counts."""
    starts: tuple[str, ...]
    """Words with which a clause begins: a conjunction joins clauses only before one of these."""
    after_no: tuple[str, ...]
    """Words with which a thing begins that is named after a bare no: "no the whole thing"."""
    empty: tuple[str, ...]
    """Words that make no clause by themselves."""

    def split(self, tokens: Tokens, text: str) -> list[Span]:
        """The clauses of a message as spans of its tokens, without the conjunctions between them."""
        words = [token.text for token in tokens]
        cuts: list[tuple[int, int]] = []
        for at in range(1, len(words)):
            mark = text[tokens[at - 1].end : tokens[at].start]
            if any(sign in ".!?;:\n" for sign in mark) or ("," in mark and self._begins_clause(words, at)):
                cuts.append((at, at + self._conjunction(words, at)))
            elif size := self._conjunction(words, at):
                if at + size < len(words) and self._begins_clause(words, at + size):
                    cuts.append((at, at + size))
            elif self._opens(words[:at]) and (self._begins_clause(words, at) or self._goes_on(words, at)):
                cuts.append((at, at))
        return [span for span in _spans(cuts, len(words)) if not set(words[slice(*span)]) <= set(self.empty)]

    def _opens(self, words: Sequence[str]) -> bool:
        opening = " ".join(words)
        return opening in self.openers or opening in self.opening_phrases

    def _begins_clause(self, words: Sequence[str], at: int) -> bool:
        return words[at] in self.starts or words[at] in self.openers or self._conjunction(words, at) > 0

    def _goes_on(self, words: Sequence[str], at: int) -> bool:
        """Whether a thing stands after a bare no: "no the whole thing"."""
        return at == 1 and words[0] in NOES and words[at] in self.after_no

    def _conjunction(self, words: Sequence[str], at: int) -> int:
        """Number of words of the conjunction that begins here; 0 if there is none."""
        found = (len(each.split()) for each in self.conjunctions if words[at : at + len(each.split())] == each.split())
        return next(found, 0)


def breaks_of(tokens: Tokens, text: str) -> list[int]:
    """Indices of the tokens that follow a punctuation mark."""
    return [
        at
        for at in range(1, len(tokens))
        if any(sign in ".,!?;:-" for sign in text[tokens[at - 1].end : tokens[at].start])
    ]


def _spans(cuts: Sequence[tuple[int, int]], count: int) -> list[Span]:
    spans: list[Span] = []
    begin = 0
    for end, following in cuts:
        if end > begin and len(spans) < MOST - 1:
            spans.append((begin, end))
            begin = following
    return [*spans, (begin, count)] if begin < count else spans
