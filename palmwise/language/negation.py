"""Tells what a message denies: "no numbness, nothing swollen"."""

from __future__ import annotations

from collections.abc import Sequence

Span = tuple[int, int]
"""First word, word after the last."""

_REACH = 3
"""Words before a match in which a "no" denies it."""

_NOT = frozenset(
    {"no", "not", "never", "without", "isn't", "wasn't", "aren't", "hasn't", "haven't", "isnae", "nor", "nothing"}
)
_DOUBT = frozenset({"sure", "know", "certain", "only", "just", "what", "idea", "because"})
"""After a "not" these deny nothing: "not sure if it's broken"."""

_LACKING = frozenset({"don't", "doesn't", "didn't"})
_HAVING = frozenset({"have", "has", "got", "fall", "break", "cut", "burn", "hit", "hurt", "injure", "bang"})
"""Before one of these a word of `_LACKING` denies; alone it may be the danger: "it doesn't bend"."""

_ANSWER = frozenset({"no", "nope", "nah"})
_STATEMENT = frozenset(
    "i i'm im i've i'd my it it's its the there there's this that that's he he's she she's we they his her both one "
    "wait stop but actually because except though well sorry however only just".split()
)
"""After an answer as the first word these begin what is so: "no, I have chest pain" denies nothing."""

_NO = _ANSWER | {"none", "not", "nothing", "never"}


def says_no(words: Sequence[str]) -> bool:
    """Whether a message begins with a no."""
    return words[0] in _NO


def denied(words: Sequence[str], span: Span) -> bool:
    """Whether what stands in `span` is said not to be so."""
    return any(_denies(words, at) for at in range(max(0, span[0] - _REACH), span[0]))


def _denies(words: Sequence[str], at: int) -> bool:
    follows = words[at + 1] if at + 1 < len(words) else ""
    if at == 0 and words[at] in _ANSWER and follows in _STATEMENT:
        return False
    return (words[at] in _NOT and follows not in _DOUBT) or (words[at] in _LACKING and follows in _HAVING)
