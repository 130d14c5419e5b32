"""Reads which step of a routine somebody means."""

from __future__ import annotations

from collections.abc import Sequence

from palmwise.language.durations import HOUR, MINUTE
from palmwise.language.numbers import Number, cardinal, ordinal
from palmwise.language.tokens import EntitySpan

STEP = frozenset({"step", "steps", "stage", "part", "bit", "movement", "move", "exercise", "technique", "section"})
_ONE = STEP | {"one", "thing"}
_BEFORE = frozenset({"step", "steps", "number", "no", "nr", "stage", "part"})
_LAST = frozenset({"last", "final", "end", "closing", "finishing", "ending"})
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
_BACK = frozenset({"back", "backwards", "earlier", "ago", "previous"})
_AHEAD = frozenset({"ahead", "forward", "forwards", "on", "further"})
_GO = frozenset({"to", "at", "on", "from", "do", "jump", "skip", "go", "the", "try", "hear", "start", "need", "want"})
_TIMES = frozenset({"time", "times", "second", "seconds", "sec", "secs", "hand", "more"})
MOVES = frozenset({"go_to_step"})


def find_steps(words: Sequence[str], intent: str) -> list[EntitySpan]:
    """The step that is meant: "4", "last", "last-1", or counted from here "-2", "+1". A bare "one" is no number."""
    for look in (_before_last, _relative, _next, _named, _placed, _final, _alone):
        for at in range(len(words)):
            value, first, size = look(words, at, intent) or ("", 0, 0)
            if value:
                return [EntitySpan("step_number", value, first, size)]
    return []


Spot = tuple[str, int, int]


def _named(words: Sequence[str], at: int, intent: str) -> Spot | None:
    # "step four", "number 4", "step no 5"
    number = cardinal(words, at)
    if number is None or at == 0 or words[at - 1] not in _BEFORE or _unit(words, at, number):
        return None
    if words[at - 1] in {"no", "part"} and intent not in MOVES and (at < 2 or words[at - 2] != "step"):
        return None
    return str(number.value), at, number.size


def _placed(words: Sequence[str], at: int, intent: str) -> Spot | None:
    # "the fourth step", "the 3rd one"; "the second" alone only where a step is asked for ("wait a second")
    number = ordinal(words, at)
    if number is None:
        return None
    after = _word(words, at + number.size)
    before = words[at - 1] if at else ""
    if after in _ONE or (intent in MOVES and before not in {"a", "do"} and after not in {"hand", "then"}):
        if _word(words, at + number.size) in {"to", "from"}:
            return None
        return str(number.value), at, number.size
    return None


def _final(words: Sequence[str], at: int, intent: str) -> Spot | None:
    # "the last step", "the final one"; "the last one" only where it is not what was just said
    if words[at] not in _LAST:
        return None
    after = _word(words, at + 1)
    if after in STEP or (intent in MOVES and after not in {"time", "night", "week"}):
        return "last", at, 1
    return None


def _before_last(words: Sequence[str], at: int, intent: str) -> Spot | None:
    # "the second last", "last but one", "third from the last"
    phrases = [(before, len(phrase)) for phrase, before in _NEARLY_LAST.items() if _stands(phrase, words, at)]
    for before, size in [*phrases, *_counted_from_last(words, at)]:
        if intent in MOVES or _word(words, at + size) in _ONE:
            return f"last-{before}", at, size
    return None


def _counted_from_last(words: Sequence[str], at: int) -> list[tuple[int, int]]:
    number = ordinal(words, at)
    if number is None or number.value < 2 or _word(words, at + number.size) not in {"to", "from", "before"}:
        return []
    end = at + number.size + (2 if _word(words, at + number.size + 1) == "the" else 1)
    return [(number.value - 1, end + 1 - at)] if _word(words, end) in {"last", "end"} else []


def _next(words: Sequence[str], at: int, intent: str) -> Spot | None:
    # "how long is the next one"; to be led there is an intent of its own
    if intent == "how_long" and words[at] == "next" and _word(words, at + 1) in _ONE:
        return "+1", at, 2
    return None


def _relative(words: Sequence[str], at: int, intent: str) -> Spot | None:
    # "two back", "back two steps", "two steps ago", "skip ahead two"
    number = cardinal(words, at)
    if number is None or _unit(words, at, number) or number.value > 20:
        return None
    end = at + number.size
    stepped = end + 1 if _word(words, end) in STEP else end
    before = words[at - 1] if at else ""
    if before == "by":
        before = words[at - 2] if at > 1 else ""
    if before == "up" and at > 1 and words[at - 2] == "back":
        before = "back"
    after = _word(words, stepped)
    if after in _BACK or (before in _BACK and (stepped > end or intent in {*MOVES, "previous_step"})):
        return f"-{number.value}", at, stepped - at
    if (after in _AHEAD and after != "on") or (before in _AHEAD - {"on"} and stepped > end):
        return f"+{number.value}", at, stepped - at
    if before == "skip" and (stepped > end or end == len(words)) and _word(words, end) != "step":
        return f"+{number.value}", at, stepped - at
    return None


def _alone(words: Sequence[str], at: int, intent: str) -> Spot | None:
    # "take me to four": a bare number only where a step is asked for
    number = cardinal(words, at) if intent in MOVES else None
    if number is None or _unit(words, at, number):
        return None
    before = words[at - 1] if at else ""
    if words[at] == "one" and before not in {"to", "number", "step"}:
        return None
    return str(number.value), at, number.size


def _stands(phrase: Sequence[str], words: Sequence[str], at: int) -> bool:
    return tuple(words[at : at + len(phrase)]) == phrase


def _unit(words: Sequence[str], at: int, number: Number) -> bool:
    return _word(words, at + number.size) in (MINUTE | HOUR | _TIMES)


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""
