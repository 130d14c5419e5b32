"""Negation: which words of a message are denied, as in "no numbness, nothing swollen"."""

from __future__ import annotations

import re
from collections.abc import Sequence

Span = tuple[int, int]
"""Index of the first word, index after the last."""

_REACH = 3
"""A negation denies a match that begins within this many words after it."""

_NEGATIONS = frozenset(
    {"no", "not", "never", "without", "isn't", "wasn't", "aren't", "hasn't", "haven't", "isnae", "nor", "nothing"}
)
_DOUBTS = frozenset({"sure", "know", "certain", "only", "just", "what", "idea", "because"})
"""A negation before one of these denies nothing: "not sure if it's broken"."""

_AUXILIARIES = frozenset({"don't", "doesn't", "didn't"})
_DENIED_VERBS = frozenset({"have", "has", "got", "fall", "break", "cut", "burn", "hit", "hurt", "injure", "bang"})
"""An auxiliary denies only before one of these verbs; otherwise it may be the symptom itself: "it doesn't bend"."""

NOES = frozenset({"no", "nope", "nah"})
"""A no as an answer."""
_STATEMENT_OPENINGS = frozenset(
    "i i'm im i've i'd my it it's its the there there's this that that's he he's she she's we they his her both one "
    "wait stop but actually because except though well sorry however only just".split()
)
"""A "no" as the first word before one of these is an answer: "no, I have chest pain" denies nothing."""

YESES = frozenset({"yes", "yeah", "yep", "yup", "yea", "aye"})
_HEDGES = frozenset({"maybe", "perhaps", "possibly", "unsure", "dunno"})
_LETTERS = re.compile(r"[a-z]+")


def says_yes(text: str) -> bool:
    """Whether a text has a plain yes in it, wherever: "no, yes"."""
    return bool(YESES & set(_LETTERS.findall(text.casefold())))


def is_hedged(text: str) -> bool:
    """Whether a text that may be a yes or a no is not meant as one: "maybe"."""
    return bool(_HEDGES & set(_LETTERS.findall(text.casefold())))


def is_negated(words: Sequence[str], span: Span) -> bool:
    """Whether a negation shortly before `span` denies it."""
    return any(_negates(words, at) for at in range(max(0, span[0] - _REACH), span[0]))


def _negates(words: Sequence[str], at: int) -> bool:
    following = words[at + 1] if at + 1 < len(words) else ""
    if at == 0 and words[at] in NOES and following in _STATEMENT_OPENINGS:
        return False
    return (words[at] in _NEGATIONS and following not in _DOUBTS) or (
        words[at] in _AUXILIARIES and following in _DENIED_VERBS
    )
