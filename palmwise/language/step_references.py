"""References to a step of a routine: reading them from the words of a message, and resolving them to a number.

A reference is text, since it is the value of the entity `step_number`: "4", "last", "last-1", "-2" (two back), "+1".
"""

from __future__ import annotations

from collections.abc import Sequence

from palmwise.language.numbers import HOURS, MINUTES, NUMBER_WORDS, Number, read_cardinal, read_ordinal, word_at
from palmwise.language.tokens import EntitySpan

GO_TO = "go_to_step"
"""The intent with which a bare number or ordinal means a step."""
_STEP = frozenset({"step", "steps", "stage", "part", "bit", "movement", "move", "exercise", "technique", "section"})
_STEP_OR_ONE = _STEP | {"one", "thing"}
_BEFORE_NUMBER = frozenset({"step", "steps", "number", "no", "nr", "stage", "part"})
_LAST = frozenset({"last", "final", "end", "closing", "finishing", "ending"})
_NOT_AFTER_LAST = frozenset({"time", "night", "week"})
_NEARLY_LAST = {
    ("second", "last"): 1,
    ("next", "to", "last"): 1,
    ("last", "but", "one"): 1,
    ("one", "before", "last"): 1,
    ("one", "before", "the", "last"): 1,
    ("penultimate",): 1,
    ("third", "last"): 2,
    ("last", "but", "two"): 2,
}
"""Phrase -> steps before the last."""
_BEGINNINGS = NUMBER_WORDS | _LAST | {"next"} | {phrase[0] for phrase in _NEARLY_LAST}
"""First words of a reference, beside digits."""
_BACK = frozenset({"back", "backwards", "earlier", "ago", "previous"})
_AHEAD = frozenset({"ahead", "forward", "forwards", "further"})
_OTHER_UNITS = MINUTES | HOURS | {"time", "times", "second", "seconds", "sec", "secs", "hand", "more"}
_MOST_STEPS = 20
"""A larger number of steps back or ahead is not meant as one."""

_Reading = tuple[str, int, int]
"""Reference, index of its first word, number of words."""


def find_steps(words: Sequence[str], intent: str) -> list[EntitySpan]:
    """The step that is meant, if any. A bare "one" is no number.

    `intent` is that of the message: it decides whether a bare number or ordinal means a step.
    """
    places = [at for at, word in enumerate(words) if word in _BEGINNINGS or word.isdigit()]
    for read in (_before_last, _relative, _next, _numbered, _ordinal, _final, _bare_number):
        for at in places:
            if reading := read(words, at, intent):
                return [EntitySpan("step_number", *reading)]
    return []


def resolve_step(reference: str, current: int, count: int) -> int | None:
    """Number of the step that is meant, not clamped to 1 to `count`; None if `reference` is none.

    `current` is the number of the current step, from 1; `count` the number of steps.
    """
    try:
        if reference.startswith("last"):
            return count + int(reference.removeprefix("last") or 0)
        value = int(reference)
    except ValueError:
        return None
    return current + value if reference[0] in "+-" else value


def _numbered(words: Sequence[str], at: int, intent: str) -> _Reading | None:
    """As in "step four", "number 4", "step no 5"."""
    number = read_cardinal(words, at)
    if number is None or at == 0 or words[at - 1] not in _BEFORE_NUMBER or _counts_something_else(words, at, number):
        return None
    if words[at - 1] in {"no", "part"} and intent != GO_TO and (at < 2 or words[at - 2] != "step"):
        return None
    return str(number.value), at, number.size


def _ordinal(words: Sequence[str], at: int, intent: str) -> _Reading | None:
    """As in "the fourth step", "the 3rd one"; "the second" alone only where a step is asked for ("wait a second")."""
    number = read_ordinal(words, at)
    if number is None:
        return None
    after = word_at(words, at + number.size)
    before = words[at - 1] if at else ""
    if after in _STEP_OR_ONE or (intent == GO_TO and before not in {"a", "do"} and after not in {"hand", "then"}):
        return None if after in {"to", "from"} else (str(number.value), at, number.size)
    return None


def _final(words: Sequence[str], at: int, intent: str) -> _Reading | None:
    """As in "the last step"; "the last one" only where a step is asked for, since it may be what was just said."""
    if words[at] not in _LAST:
        return None
    after = word_at(words, at + 1)
    return ("last", at, 1) if after in _STEP or (intent == GO_TO and after not in _NOT_AFTER_LAST) else None


def _before_last(words: Sequence[str], at: int, intent: str) -> _Reading | None:
    """As in "the second last", "last but one", "third from the last"."""
    begun = ((phrase, before) for phrase, before in _NEARLY_LAST.items() if phrase[0] == words[at])
    phrases = [(before, len(phrase)) for phrase, before in begun if _stands(phrase, words, at)]
    for before, size in [*phrases, *_counted_from_last(words, at)]:
        if intent == GO_TO or word_at(words, at + size) in _STEP_OR_ONE:
            return f"last-{before}", at, size
    return None


def _counted_from_last(words: Sequence[str], at: int) -> list[tuple[int, int]]:
    number = read_ordinal(words, at)
    if number is None or number.value < 2 or word_at(words, at + number.size) not in {"to", "from", "before"}:
        return []
    end = at + number.size + (2 if word_at(words, at + number.size + 1) == "the" else 1)
    return [(number.value - 1, end + 1 - at)] if word_at(words, end) in {"last", "end"} else []


def _next(words: Sequence[str], at: int, intent: str) -> _Reading | None:
    """As in "how long is the next one"; going there is an intent of its own."""
    if intent == "how_long" and words[at] == "next" and word_at(words, at + 1) in _STEP_OR_ONE:
        return "+1", at, 2
    return None


def _relative(words: Sequence[str], at: int, intent: str) -> _Reading | None:
    """As in "two back", "back two steps", "two steps ago", "skip ahead two"."""
    number = read_cardinal(words, at)
    if number is None or number.value > _MOST_STEPS or _counts_something_else(words, at, number):
        return None
    end = at + number.size
    counts_steps = word_at(words, end) in _STEP
    after = word_at(words, end + counts_steps)
    before = _direction_before(words, at)
    back = after in _BACK or (before in _BACK and (counts_steps or intent in {GO_TO, "previous_step"}))
    skips = before == "skip" and (counts_steps or end == len(words)) and word_at(words, end) != "step"
    ahead = after in _AHEAD or (before in _AHEAD and counts_steps) or skips
    if not back and not ahead:
        return None
    return f"{'-' if back else '+'}{number.value}", at, number.size + counts_steps


def _direction_before(words: Sequence[str], at: int) -> str:
    """The word before a number, without the "by" or "up" of "back by two", "back up two"."""
    before = words[at - 1] if at else ""
    if before == "by":
        before = words[at - 2] if at > 1 else ""
    return "back" if before == "up" and at > 1 and words[at - 2] == "back" else before


def _bare_number(words: Sequence[str], at: int, intent: str) -> _Reading | None:
    """As in "take me to four", only where a step is asked for."""
    number = read_cardinal(words, at) if intent == GO_TO else None
    if number is None or _counts_something_else(words, at, number):
        return None
    before = words[at - 1] if at else ""
    if words[at] == "one" and before not in {"to", "number", "step"}:
        return None
    return str(number.value), at, number.size


def _stands(phrase: Sequence[str], words: Sequence[str], at: int) -> bool:
    return tuple(words[at : at + len(phrase)]) == phrase


def _counts_something_else(words: Sequence[str], at: int, number: Number) -> bool:
    return word_at(words, at + number.size) in _OTHER_UNITS
