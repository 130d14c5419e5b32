"""Asking: whether a message is a question, by how it begins; requests such as "can we go on" are none."""

from __future__ import annotations

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
