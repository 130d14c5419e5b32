"""Asking: whether a message is a question, and what it asks of its topic ("how often", "without", "where").

`asks` tells questions from requests for something to be done ("can we go on"); `is_question` takes both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

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
"""These may as well begin a command: \"have another go\"."""
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
        ("which", r"\bwhich\b"),
        ("need", r"\b(need|must|have to|necessary|required|got to)\b"),
        ("how", r"^how (do|should|would|am|are|is|to|can)\b"),
    )
)
"""In this order; the first that is found is the form."""
FORMS = tuple(form for form, _ in _FORMS)
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
