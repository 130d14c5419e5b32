"""Question forms: what is asked about a topic, as far as single words show it ("how often", "without", "where")."""

from __future__ import annotations

import re

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


def form_of(sentence: str) -> str | None:
    """The form of a question in lower case without punctuation, or None if no word shows it."""
    return next((form for form, pattern in _FORMS if pattern.search(sentence)), None)


def is_question(sentence: str) -> bool:
    """Whether a sentence in lower case without punctuation is built like a question."""
    opening = sentence.split()[:_OPENING_WORDS]
    return bool(_OPENINGS.intersection(opening)) or bool(_TAGS.search(sentence)) or form_of(sentence) is not None
