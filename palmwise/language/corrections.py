"""Corrections: what a person takes back while speaking ("step six, no, five"), or of the turn before ("no, I meant").

These are proposals, made by rules over the words of a message. Whether what remains makes sense is for the classifier
to say.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from palmwise.language.numbers import read_cardinal, read_ordinal
from palmwise.language.phrase_matching import NOES
from palmwise.language.sentences import YESES
from palmwise.language.tokens import EntitySpan

Words = Sequence[str]


@dataclass(frozen=True)
class CorrectionWords:
    """Words by which people take something back: `corrections.yml` of the content."""

    cues: tuple[str, ...]
    """Between what is taken back and what is meant instead. At the beginning of a message they are an answer."""
    weak_cues: tuple[str, ...]
    """Cues that count only between two things of one kind: "four, er, five"."""
    trailing_cues: tuple[str, ...]
    """Cues at the end of a message, after what is meant: "skip it, pause it I meant"."""
    fillers: tuple[str, ...]
    no_cue_after: tuple[str, ...]
    """After one of these a "no" or "sorry" belongs to what stands before it: "there is no", "I said no"."""
    no_cue_before: tuple[str, ...]
    """Before one of these a "no" or "sorry" belongs to what follows it: "no longer", "sorry for that"."""
    opening_subjects: tuple[str, ...]
    """How a person corrects the turn before: one of these, one of the verbs, and what was meant."""
    opening_verbs: tuple[str, ...]
    sure_openings: tuple[str, ...]
    """Those that correct without a no before them."""
    asked_others: tuple[str, ...]
    """Before one of these an opening corrects nothing: "I asked her"."""
    denials: tuple[str, ...]
    """Openings that say what was not meant, before what was: "no, I didn't mean next, I meant what do I do"."""
    before_denials: tuple[str, ...]
    passive: tuple[str, ...]
    """After one of these "I meant" corrects nothing: "which hand am I meant to do"."""
    before_opening: tuple[str, ...]
    """What may stand before an opening, beside the fillers."""
    last_words: tuple[str, ...]
    """What corrects the turn before at the end of a message: "seven, I said"."""
    asking: tuple[str, ...]
    """With one of these before the cue, a name after it completes the question: "how long is this, no, the wrist"."""
    retracting: tuple[str, ...]
    """First words of a message that takes the turn before back: "no, stay on that one"."""
    denying: tuple[str, ...]
    """First words of a clause that says what is not meant."""
    support: tuple[str, ...]
    """Words that may accompany a name or number without adding a meaning."""
    wavering: tuple[str, ...]
    """Words that, beside the fillers, may stand between an answer and the one that replaces it."""
    left_before: tuple[str, ...]
    """First words that make no sense once what stood before them is taken back."""
    left_after: tuple[str, ...]
    """Last words that make no sense once what stood after them is taken back."""

    def is_duty(self, words: Words) -> bool:
        """Whether "meant" is of what somebody has to do: "I'm meant to swap", "what am I meant to do"."""
        passive = frozenset(self.passive)
        spots = (at for at, word in enumerate(words) if word in ("meant", "supposed"))
        return any(not passive.isdisjoint(words[max(0, at - 2) : at]) for at in spots)

    @cached_property
    def openings(self) -> tuple[str, ...]:
        """The openings, the longest first."""
        found = (f"{subject} {verb}" for subject in self.opening_subjects for verb in self.opening_verbs)
        return tuple(sorted(found, key=len, reverse=True))

    def read(self, words: Words, names: Iterable[EntitySpan], breaks: Iterable[int] = ()) -> Correction | None:
        """The correction that a message may contain.

        `names` are the names of the content in it, `breaks` the indices of words that follow a punctuation mark.
        """
        items = [*(_Item(span.entity, span.first, span.first + span.size) for span in names), *_numbers(words)]
        return _correction(_Said(self, words, items, frozenset(breaks)))


@dataclass(frozen=True)
class Correction:
    """What remains of a message when what was taken back is dropped."""

    kept: tuple[int, ...]
    """Indices of the words that are meant, in the order of the message that they make."""
    across: bool
    """Whether it corrects the turn before rather than something in the message itself."""


@dataclass(frozen=True)
class _Item:
    """A name or a number in a message."""

    kind: str
    first: int
    end: int


@dataclass(frozen=True)
class _Said:
    """A message, and what its words are."""

    lists: CorrectionWords
    words: Words
    items: Sequence[_Item]
    marks: frozenset[int]
    """Indices of the words that follow a punctuation mark."""

    def has(self, at: int, words: Container[str]) -> bool:
        """Whether the word at an index is one of these."""
        return self.words[at] in words


def _correction(said: _Said) -> Correction | None:
    words = said.words
    kept = _after_opening(said)
    across = len(kept) < len(words) or words[:1] == ["not"] or list(words[:2]) == ["no", "not"]
    if (answer := _changed_answer(said)) is not None:
        return Correction((answer,), across=False)
    kept = _before_trailing_cue(said, kept) or kept
    if not across and (fragment := _before_last_words(said)):
        return Correction(tuple(fragment), across=True)
    while (shorter := _reduced(said, kept)) is not None:
        kept = shorter
    return Correction(tuple(kept), across) if len(kept) < len(words) and kept else None


def _changed_answer(said: _Said) -> int | None:
    """The last word of "no wait yes" and the like; None if the message is anything else."""
    words, answers = said.words, YESES | NOES
    if len(words) < 2 or not {words[0], words[-1]} <= answers or (words[0] in YESES) == (words[-1] in YESES):
        return None
    between = set(words[1:-1]) - {*said.lists.fillers} - answers - {*said.lists.wavering}
    return len(words) - 1 if len(words) > 2 and not between else None


def _after_opening(said: _Said) -> list[int]:
    """The words after "no, I meant"; all of them if it does not stand there."""
    at, words, lists = 0, said.words, said.lists
    while at < len(words) and (words[at] in lists.before_opening or words[at] in lists.fillers):
        at += 1
    for phrase in _standing(lists.openings, words, at) if at < len(words) else ():
        end = at + len(phrase.split())
        if (at or phrase in lists.sure_openings) and end < len(words) and words[end] not in lists.asked_others:
            return list(range(end, len(words)))
    while at < len(words) and words[at] in lists.before_denials:
        at += 1
    if at < len(words) and next(_standing(lists.denials, words, at), None):
        return _after_denial(said, at)
    return list(range(len(words)))


def _after_denial(said: _Said, at: int) -> list[int]:
    """The words after "I meant" that follow a denial at an index; all of them if there are none."""
    words, lists = said.words, said.lists
    for begin in range(at + 1, len(words)):
        for phrase in _standing(lists.openings, words, begin):
            if (end := begin + len(phrase.split())) < len(words):
                return list(range(end, len(words)))
    return list(range(len(words)))


def _before_trailing_cue(said: _Said, kept: list[int]) -> list[int] | None:
    """What is meant by "X, Y I mean"; None if the message does not end so."""
    words = [said.words[at] for at in kept]
    cue = next((each for each in said.lists.trailing_cues if words[-len(each.split()) :] == each.split()), None)
    middle = [at for at in sorted(said.marks) if kept and kept[0] < at < kept[-1]]
    if cue is None or not middle:
        return None
    rest = kept[: -len(cue.split())]
    left, right = [at for at in rest if at < middle[-1]], [at for at in rest if at >= middle[-1]]
    return _replaced(said, left, right)


def _before_last_words(said: _Said) -> list[int]:
    """The name or number of "seven, I said", which corrects the turn before; empty if the message is not that."""
    for cue in said.lists.last_words:
        size = len(cue.split())
        rest = list(range(len(said.words) - size))
        if list(said.words[-size:]) == cue.split() and _only_item(said, rest):
            return rest
    return []


def _reduced(said: _Said, kept: list[int]) -> list[int] | None:
    """The words without the first thing that is taken back; None if nothing is."""
    words = [said.words[at] for at in kept]
    for at in range(1, len(words)):
        for cues, is_weak in ((said.lists.cues, False), (said.lists.weak_cues, True)):
            cue = None if words[at - 1] in said.lists.passive else next(_standing(cues, words, at), None)
            right = kept[at + len(cue.split()) :] if cue else []
            # A cue between punctuation marks leaves no doubt what it belongs to.
            is_apart = bool(right) and kept[at] in said.marks and right[0] in said.marks
            is_sure = is_apart or (cue is not None and " " in cue)
            if right and (is_sure or not _belongs_elsewhere(said, kept[at - 1], right)):
                found = _replaced(said, kept[:at], right, is_weak=is_weak)
                if found is not None:
                    return found
    return _without_denied(said, kept)


def _belongs_elsewhere(said: _Said, before: int, right: list[int]) -> bool:
    """Whether a cue is part of what stands around it: "there is no", "no problem"."""
    following = _without_fillers(said, right)
    return (
        said.has(before, said.lists.no_cue_after) or not following or said.has(following[0], said.lists.no_cue_before)
    )


def _without_fillers(said: _Said, right: list[int]) -> list[int]:
    while right and said.has(right[0], said.lists.fillers):
        right = right[1:]
    return right


def _without_cues(said: _Said, right: list[int]) -> list[int]:
    """What is meant, without more cues before it: "oops, I mean reflexology"."""
    right = _without_fillers(said, right)
    words = [said.words[at] for at in right]
    cues = _standing(said.lists.cues, words, 0) if words else ()
    cue = next((each for each in cues if len(words) > len(each.split())), None)
    return _without_cues(said, right[len(cue.split()) :]) if cue else right


def _replaced(said: _Said, left: list[int], right: list[int], *, is_weak: bool = False) -> list[int] | None:
    """`left` as corrected by `right`; None if it is no correction."""
    words, right = said.words, _without_cues(said, right)
    if not right:
        return None
    if words[right[0]] == "not" and len(right) > 2 and words[right[1]] in {"this", "that"}:
        right = right[2:]
    new = _only_item(said, right)
    old = [item for item in said.items if new and item.kind == new.kind and {item.first, item.end - 1} <= {*left}]
    if not old and new and not is_weak and any(said.has(at, said.lists.asking) for at in left):
        return [*left, *right]
    if not old or new is None:
        return None if is_weak else right
    before = [at for at in left if at < old[-1].first]
    while (
        before
        and said.has(before[-1], said.lists.support)
        and said.has(right[0], said.lists.support)
        and words[right[0]] != "to"
    ):
        before.pop()
    after = [at for at in left if at >= old[-1].end]
    tail = [at for at in right if at >= new.end and said.has(at, said.lists.support)]
    return [*before, *right, *([] if tail else after)]


def _without_denied(said: _Said, kept: list[int]) -> list[int] | None:
    """The words without "not X" beside an X of the same kind: "three, not two"."""
    for place, at in enumerate(kept):
        denied = next((item for item in said.items if at < item.first <= at + 3 and item.first in kept), None)
        if said.words[at] != "not" or denied is None:
            continue
        between = [word for word in said.words[at + 1 : denied.first] if word not in said.lists.support]
        others = [item for item in said.items if item.kind == denied.kind and item != denied and item.first in kept]
        if not between and others:
            end = denied.end
            while end in kept and said.has(end, said.lists.support) and others[-1].first < at:
                end += 1
            return _trimmed(said, [*kept[:place], *(index for index in kept if index >= end)])
    return None


def _trimmed(said: _Said, kept: list[int]) -> list[int]:
    """The words without a conjunction that has lost one of its sides."""
    while kept and said.has(kept[0], said.lists.left_before):
        kept = kept[1:]
    while kept and said.has(kept[-1], said.lists.left_after):
        kept = kept[:-1]
    return kept


def _only_item(said: _Said, indices: list[int]) -> _Item | None:
    """The name or number that these words consist of, apart from words that say nothing of their own."""
    inside = [item for item in said.items if item.first in indices]
    covered = {at for item in inside for at in range(item.first, item.end)}
    is_all = all(said.has(at, said.lists.support) for at in indices if at not in covered)
    return inside[0] if inside and is_all else None


def _numbers(words: Words) -> list[_Item]:
    """Cardinals and ordinals as items of one kind; "one" counts only where it is no pronoun."""
    found: list[_Item] = []
    at = 0
    while at < len(words):
        number = read_cardinal(words, at) or read_ordinal(words, at)
        size = number.size if number else int(words[at] in {"last", "final"})
        is_pronoun = words[at] == "one" and at > 0 and words[at - 1] not in {"step", "number", "to", "no", "mean"}
        if size and not is_pronoun:
            found.append(_Item("number", at, at + size))
        at += max(1, size)
    return found


def _standing(phrases: tuple[str, ...], words: Words, at: int) -> Iterator[str]:
    """Those of the phrases that begin at a word, in their order."""
    for phrase, parts in _by_first_word(phrases).get(words[at], ()):
        if list(words[at : at + len(parts)]) == parts:
            yield phrase


@cache
def _by_first_word(phrases: tuple[str, ...]) -> dict[str, list[tuple[str, list[str]]]]:
    """First word -> the phrases that begin with it, and their words."""
    index: dict[str, list[tuple[str, list[str]]]] = {}
    for phrase in phrases:
        parts = phrase.split()
        index.setdefault(parts[0], []).append((phrase, parts))
    return index
