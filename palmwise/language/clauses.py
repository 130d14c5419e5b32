"""Clauses: the parts of a message that may be asked for on their own ("done, how long is the next one").

These are proposals: whether a message means several things is decided by what the classifier makes of its clauses.
"""

from __future__ import annotations

from collections.abc import Sequence

from palmwise.language.negation import Span
from palmwise.language.tokens import Tokens

MOST = 3
"""A message is split into so many clauses at most; the last one has the rest."""
_OPENERS = frozenset(
    "done finished ok okay yes yeah yep yup sure no nope ready thanks thank cheers ta nice lovely great perfect right "
    "alright fine good sorry stop wait next back hi hello hey please brilliant that's".split()
)
"""Words after which a new clause may begin without a punctuation mark: "done how long is the next one"."""
_OPENING_PHRASES = (
    "thank you", "all right", "all done", "i'm done", "im done", "i'm ready", "im ready", "i'm back", "im back",
    "yes please", "no thanks", "no thank you", "go on", "go on then", "that's nice", "that's good", "that's better",
    "that was nice", "back again", "got it", "right then", "ok then", "okay then", "yes ok", "yes okay",
    "nothing like that", "none of them", "none of those", "none of that", "no none of those", "no none of them",
    "nope nothing like that", "no nothing like that", "no nothing", "none of these", "no none of these",
)  # fmt: skip
_CONJUNCTIONS = (
    "and then", "but then", "and also", "and after that", "after that", "and", "but", "then", "also", "plus",
    "before that", "meanwhile",
)  # fmt: skip
_CLAUSE_STARTS = frozenset(
    "i i'm im i've ive i'll i'd what what's whats how how's why where when which who is are was do does did can could "
    "should would will may might shall have has it it's its that's there there's my we we'll let let's lets go skip "
    "pause stop start begin continue carry tell show give make slow slower faster repeat say explain anything got "
    "just only please bye see goodbye turn talk wait keep leave put lower take switch change next back help any not "
    "don't louder quieter softer speak".split()
)
"""Words with which a clause begins: a conjunction joins clauses only before one of these ("hands and wrists")."""


_EMPTY = frozenset(
    "please pls plz so then um uh er erm well"
    " too though ta i think you know dear love lol haha would could will can if".split()
)
"""Words that make no clause by themselves."""


def split_clauses(tokens: Tokens, text: str) -> list[Span]:
    """The clauses of a message as spans of its tokens, without the conjunctions between them."""
    words = [token.text for token in tokens]
    cuts: list[tuple[int, int]] = []
    for at in range(1, len(words)):
        mark = text[tokens[at - 1].end : tokens[at].start]
        if any(sign in ".!?;:\n" for sign in mark) or ("," in mark and _begins_clause(words, at)):
            cuts.append((at, at + _conjunction(words, at)))
        elif size := _conjunction(words, at):
            if at + size < len(words) and _begins_clause(words, at + size):
                cuts.append((at, at + size))
        elif " ".join(words[:at]) in _OPENINGS_ALL and (_begins_clause(words, at) or _goes_on(words, at)):
            cuts.append((at, at))
    return [span for span in _spans(cuts, len(words)) if not _EMPTY.issuperset(words[slice(*span)])]


def breaks_of(tokens: Tokens, text: str) -> list[int]:
    """Indices of the tokens that follow a punctuation mark."""
    return [
        at
        for at in range(1, len(tokens))
        if any(sign in ".,!?;:-" for sign in text[tokens[at - 1].end : tokens[at].start])
    ]


_OPENINGS_ALL = frozenset(_OPENERS | set(_OPENING_PHRASES))


def _begins_clause(words: Sequence[str], at: int) -> bool:
    return words[at] in _CLAUSE_STARTS or words[at] in _OPENERS or _conjunction(words, at) > 0


def _goes_on(words: Sequence[str], at: int) -> bool:
    """Whether a thing stands after a bare no: "no the whole thing"."""
    return at == 1 and words[0] in {"no", "nope", "nah"} and words[at] in {"the", "all", "both", "only", "just"}


def _conjunction(words: Sequence[str], at: int) -> int:
    """Number of words of the conjunction that begins here; 0 if there is none."""
    found = (len(each.split()) for each in _CONJUNCTIONS if words[at : at + len(each.split())] == each.split())
    return next(found, 0)


def _spans(cuts: Sequence[tuple[int, int]], count: int) -> list[Span]:
    spans: list[Span] = []
    begin = 0
    for end, following in cuts:
        if end > begin and len(spans) < MOST - 1:
            spans.append((begin, end))
            begin = following
    return [*spans, (begin, count)] if begin < count else spans
