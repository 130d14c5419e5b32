"""Sentences: whether a message is a question and what kind, or a yes, and the clauses that it can be split into.

`asks` tells questions from requests ("can we go on"); `is_question` takes both. `form_of` tells what is asked of a
topic ("how often", "without", "where"). Clauses are proposals: whether a message means several things ("done, how long
is the next one") is decided by what the classifier makes of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from palmwise.language.phrase_matching import NOES, Span
from palmwise.language.tokens import Tokens

_ASIDES = frozenset(
    (
        "and so but ok okay well um uh er hm hmm wait hang hold on sorry oh please now then yes no yeah right "
        "excuse me great done thanks thank you nice coach palmwise hey just out of interest tell wondering quick "
        "question dear actually also "
    ).split()
)
"""Words that may stand before a question."""
_ASKING = frozenset(
    (
        "how what which when where why who whose what's whats how's hows when's where's who's which's is are am "
        "was were isn't aren't wasn't does did should will must doesn't didn't shouldn't won't wont ain't "
    ).split()
)
_WITH_A_SUBJECT = frozenset({"do", "have", "has", "had", "don't", "haven't"})
"""These may also begin a command: \"have another go\"."""
_SUBJECTS = frozenset({"i", "we", "you", "they", "it", "he", "she", "these", "those"})
_SUGGESTING = (("how", "about"), ("what", "about"), ("why", "not"), ("why", "don't"), ("will", "you"))
_LATE = frozenset({("what's", "that"), ("what", "happens"), ("what", "that"), ("what's", "it"), ("what", "does")})
"""Wherever they stand."""
_INDIRECT = (
    ("to", "know"),
    ("want", "know"),
    ("wonder", "if"),
    ("wonder", "how"),
    ("tell", "me"),
    ("any", "idea"),
    ("no", "idea"),
    ("not", "sure"),
    ("only", "ask"),
    ("i", "ask"),
    ("i", "asked"),
    ("only", "asked"),
    ("just", "asking"),
    ("only", "asking"),
)
_FORMS = tuple(
    (form, re.compile(pattern))
    for form, pattern in (
        ("without", r"\bwithout\b|\b(leave|skip|miss)\b.* out\b"),
        ("instead", r"\b(instead|substitute|alternative|replaces?|in place of)\b"),
        ("how_long", r"\bhow long\b|\bhow many (seconds|minutes)\b|\bfor how\b"),
        ("how_often", r"\bhow (often|frequently|many times)\b"),
        ("how_hard", r"\bhow (hard|firm|strong|deep)(ly)?\b"),
        ("how_much", r"\bhow (much|many)\b"),
        ("why", r"\bwhy\b"),
        ("when", r"^(and )?when\b"),
        ("where", r"\bwhere\b"),
        ("which", r"\bwhich\b|\bwhat (kind|sort|type)\b"),
        ("need", r"\b(need|must|have to|necessary|required|got to)\b"),
        ("how", r"^how (do|should|would|am|are|is|to|can)\b"),
    )
)
"""In this order; the first that is found is the form."""
FORMS = tuple(form for form, _ in _FORMS)
_LAST_WORDS = frozenset({"what", "which", "why"})
"""A message of more than two words that ends with one of these asks: "and the next is what"."""
_OPENINGS = frozenset(
    "can could may might shall should would will is isn't are aren't am was do does don't doesn't did has have what "
    "what's when where which who who's whom how how's why any anything must ought".split()
)
_OPENING_WORDS = 3
_TAGS = re.compile(r"\b(okay|ok|alright|right|good idea|safe|allowed|possible|fine)$|\bor not$")


def asks(words: Sequence[str]) -> bool:
    """Whether a message asks something rather than wishes for it: "do we do both"; not "can we do both"."""
    rest = list(words)
    while len(rest) > 2 and rest[0] in _ASIDES and tuple(rest[:2]) not in _SUGGESTING and not _opens(rest):
        rest.pop(0)
    return (
        _opens(rest)
        or (len(words) > 2 and words[-1] in _LAST_WORDS)
        or any(pair in _LATE for pair in pairwise(words))
        or any(
            pair in _INDIRECT and len(words) > at + 3 and words[at + 2] in _ASKING
            for at, pair in enumerate(pairwise(words))
        )
    )


def _opens(words: Sequence[str]) -> bool:
    """Whether the words begin like a question."""
    if not words or tuple(words[:2]) in _SUGGESTING:
        return False
    if words[0] in _WITH_A_SUBJECT:
        return len(words) > 1 and words[1] in _SUBJECTS
    return words[0] in _ASKING


def form_of(sentence: str) -> str | None:
    """The form of a question in lower case without punctuation, or None if no word shows it."""
    return next((form for form, pattern in _FORMS if pattern.search(sentence)), None)


def is_question(sentence: str) -> bool:
    """Whether a sentence in lower case without punctuation is built like a question."""
    opening = sentence.split()[:_OPENING_WORDS]
    return bool(_OPENINGS.intersection(opening)) or bool(_TAGS.search(sentence)) or form_of(sentence) is not None


# Yes and no


YESES = frozenset({"yes", "yeah", "yep", "yup", "yea", "aye"})
_HEDGES = frozenset({"maybe", "perhaps", "possibly", "unsure", "dunno"})


def says_yes(words: Iterable[str]) -> bool:
    """Whether a message has a plain yes in it, wherever: "no, yes"."""
    return not YESES.isdisjoint(words)


def is_hedged(words: Iterable[str]) -> bool:
    """Whether a message that may be a yes or a no is not meant as one: "maybe"."""
    return not _HEDGES.isdisjoint(words)


# Clauses


MOST_CLAUSES = 3
"""A message is split into at most this many clauses; the last one takes the rest."""


@dataclass(frozen=True)
class ClauseWords:
    """Words by which a message is parted: `clauses.yml` of the content."""

    openers: tuple[str, ...]
    """A new clause may begin after one of these without a punctuation mark."""
    opening_phrases: tuple[str, ...]
    taking: tuple[str, ...]
    """Openers that may go on with what they are about..."""
    things: tuple[str, ...]
    """...which begins with one of these: "finished my shift"."""
    conjunctions: tuple[str, ...]
    """Of two that fit, the first one counts."""
    starts: tuple[str, ...]
    """Words with which a clause begins: a conjunction joins clauses only before one of these."""
    after_no: tuple[str, ...]
    """Words with which a thing begins that is named after a bare no: "no the whole thing"."""
    comparing: tuple[str, ...]
    """With one of these a question needs all that is named in it, so that it is not split."""
    following: tuple[str, ...]
    """With one of these the end of a massage is meant for later, after what is asked for before it."""
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
            elif self._opens(words[:at], words[at]) and (self._begins_clause(words, at) or self._goes_on(words, at)):
                cuts.append((at, at))
        return [span for span in _spans(cuts, len(words)) if not set(words[slice(*span)]) <= set(self.empty)]

    def _opens(self, words: Sequence[str], following: str) -> bool:
        opening = " ".join(words)
        if opening in self.taking and following in self.things:
            return False
        return opening in self.openers or self._has_opening_phrase(words)

    def _has_opening_phrase(self, words: Sequence[str]) -> bool:
        """Whether the words are an opening phrase, perhaps between openers: "right, that's me done, ta"."""
        leading = next((at for at, word in enumerate(words) if word not in self.openers), len(words))
        trailing = next((at for at, word in enumerate(reversed(words)) if word not in self.openers), len(words))
        bounds = ((first, len(words) - last) for first in range(leading + 1) for last in range(trailing + 1))
        return any(" ".join(words[first:end]) in self.opening_phrases for first, end in bounds if first < end)

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
        if end > begin and len(spans) < MOST_CLAUSES - 1:
            spans.append((begin, end))
            begin = following
    return [*spans, (begin, count)] if begin < count else spans
