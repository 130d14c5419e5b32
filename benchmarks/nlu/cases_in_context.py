"""Cases in context: what a person says in a situation, and whether the coach does what a good one would.

The cases and situations are in `tests/understanding/conversations`. None of their sentences is trained on. They are
held with the trained model and the coach alone, without a server, by scripted time.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from actions.understanding import command
from palmwise import resources
from palmwise.coach.behaviour import act, view
from palmwise.coach.commands import Command, command_of
from palmwise.coach.replies import Reply
from palmwise.coach.session import Session

FOLDER = Path("tests/understanding/conversations")
BETWEEN = 15.0
"""Seconds between two turns."""
UNANSWERED = re.compile(r"(?i)did(n't| not) (catch|understand)|say that again|all I do|beyond me|can't answer")
BEGINNING = re.compile(r"/(start_routine|next_step|resume|restart|go_to_step)")
PLACE = ("state", "routine", "step", "hand", "pace", "minutes")

Parse = Callable[[str], Mapping[str, Any]]
"""Text -> Rasa's parse result."""
Expected = Mapping[str, Any]

ABLATIONS: Mapping[str, tuple[str, ...]] = {
    "whole": (),
    "without answers and acts of speech": ("reading",),
    "without corrections and clauses": ("parts", "meant", "correction"),
    "without answers by question": ("answer",),
}
"""Name -> keys of the parse result that are left out."""


@dataclass(frozen=True)
class CaseInContext:
    """A conversation of which the last turn is judged."""

    kind: str
    before: tuple[str, ...]
    """What leads to the situation: texts, and payloads such as `/next_step`, which stand for buttons."""
    said: tuple[str, ...]
    expected: Expected


@dataclass(frozen=True)
class JudgedTurn:
    """The judged turn."""

    before: Mapping[str, Any]
    """The session in the answer before it."""
    reply: Reply

    @cached_property
    def card(self) -> Mapping[str, Any]:
        """The card of the answer."""
        return self.reply.custom

    @cached_property
    def session(self) -> Mapping[str, Any]:
        """The session after it."""
        return dict(self.card["session"])

    @cached_property
    def text(self) -> str:
        """What is shown, as plain text."""
        return " ".join(self.reply.texts).replace("**", "")


def load_situations(folder: Path = FOLDER) -> dict[str, tuple[str, ...]]:
    """Name of a situation -> what is said or tapped before, one after the other."""
    situations = _shared(folder)["situations"]

    def leading_to(name: str) -> tuple[str, ...]:
        situation = situations[name]
        return (*(leading_to(situation["after"]) if "after" in situation else ()), *situation["said"])

    return {name: leading_to(name) for name in situations}


def _shared(folder: Path) -> Any:
    return yaml.safe_load((folder / "situations.yml").read_text(encoding="utf-8"))


def load_conversations(folder: Path = FOLDER) -> tuple[CaseInContext, ...]:
    """The cases, each with what leads to its situation and with its expectations written out."""
    named = _shared(folder)["expectations"]
    situations = load_situations(folder)

    def whole(expected: Expected) -> Expected:
        result: dict[str, Any] = {}
        for name in expected.get("is", ()):
            result |= named[name]
        others = {key: value for key, value in expected.items() if key != "is"}
        return {**result, **others, **({"any": [*map(whole, others["any"])]} if "any" in others else {})}

    lines = (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    raw = [json.loads(line) for line in lines if line.strip()]
    return tuple(
        CaseInContext(each["kind"], situations[each["in"]], tuple(each["said"]), whole(each["expect"])) for each in raw
    )


def hold(case: CaseInContext, parse: Parse, leaving_out: Sequence[str] = ()) -> JudgedTurn:
    """Hold a conversation; keys of the parse result may be left out of what is judged."""
    content, session, now = resources.content(), Session.new("0123456789abcdef"), 1_700_000_000.0
    before: Mapping[str, Any] = {}
    reply = view(content, session, now)
    for text in (*case.before, *case.said):
        now += BETWEEN
        turn = act(content, session, _command(text, parse, leaving_out), now)
        before, session, reply = reply.custom["session"], turn.session, turn.reply or reply
    return JudgedTurn(before, reply)


def failures(answered: JudgedTurn, expected: Expected) -> list[str]:
    """What is not as expected: names of expectations."""
    return [name for name, value in expected.items() if not _holds(answered, name, value)]


def accuracy(
    cases: Iterable[CaseInContext], parse: Parse, leaving_out: Sequence[str] = ()
) -> dict[str, tuple[int, int]]:
    """Kind -> number of cases that are right, and of all."""
    right, count = Counter[str](), Counter[str]()
    for case in cases:
        count[case.kind] += 1
        right[case.kind] += not failures(hold(case, parse, leaving_out), case.expected)
    return {kind: (right[kind], count[kind]) for kind in sorted(count)}


def _command(text: str, parse: Parse, leaving_out: Sequence[str]) -> Command:
    if text.startswith("/"):
        return command_of(text)
    parsed = {key: value for key, value in parse(text).items() if key not in leaving_out}
    return command({**parsed, "metadata": {}}, resources.content())


def _holds(answered: JudgedTurn, name: str, value: Any) -> bool:
    check = _CHECKS.get(name)
    if check is not None:
        return check(answered, value)
    negated = name.startswith("not_")
    return _is_one_of(answered, name.removeprefix("not_"), value) != negated


def _is_one_of(answered: JudgedTurn, name: str, value: Any) -> bool:
    """Whether a field of the session or of the card has one of these values."""
    found = answered.card.get(name, answered.session.get(name)) if name != "card" else answered.card["card"]
    before = answered.before.get(name)
    return any(_meets(found, before, each, answered) for each in (value if isinstance(value, list) else [value]))


def _meets(found: Any, before: Any, value: Any, answered: JudgedTurn) -> bool:
    if value == "same":
        return bool(found == before)
    if value == "other":
        return {found, before} == {"left", "right"}
    if value == "last":
        return bool(found == answered.session.get("steps"))
    if isinstance(value, str) and value.startswith("/"):
        return bool(found and re.search(value.strip("/"), str(found)))
    if isinstance(value, str) and value.startswith(("listed_", "last_listed", "first_listed")):
        routines = list(resources.content().routines)
        place = {"first_listed": 1, "last_listed": len(routines)}.get(value) or int(value.removeprefix("listed_"))
        return bool(found == routines[place - 1])
    if isinstance(value, str) and value[:1] in "+-" and value[1:].isdigit():
        return found is not None and before is not None and found == before + int(value)
    return bool(found == value)


def _has_same_place(answered: JudgedTurn, _: Any) -> bool:
    return all(answered.session.get(name) == answered.before.get(name) for name in PLACE)


def _pace(answered: JudgedTurn, value: Any) -> bool:
    """`down`: the rest takes longer; `up`: it is over sooner; else the pace itself."""
    if value not in ("up", "down"):
        return _is_one_of(answered, "pace", value)
    now, was = answered.session.get("pace") or 1.0, answered.before.get("pace") or 1.0
    return bool(now > was if value == "down" else now < was)


def _left(answered: JudgedTurn, value: Any) -> bool:
    """Minutes that the rest takes, within a tenth and a quarter of a minute; or `longer`, `shorter`, `same`."""
    now = answered.session.get("remaining_seconds") or 0.0
    was = (answered.before.get("remaining_seconds") or 0.0) - BETWEEN * (answered.before.get("state") == "running")
    if value in ("longer", "shorter"):
        return bool(now > was + 1 if value == "longer" else now < was - 1)
    if value == "same":
        return bool(abs(now - was) <= 2 + was / 50)
    return any(abs(now / 60 - each) <= each / 10 + 0.25 for each in (value if isinstance(value, list) else [value]))


def _minutes(answered: JudgedTurn, value: Any) -> bool:
    """Minutes of the plan or of the rest, within a tenth."""
    found = (answered.session.get("minutes") or 0, (answered.session.get("remaining_seconds") or 0) / 60)
    return any(abs(each - one) <= one / 10 for each in found for one in (value if isinstance(value, list) else [value]))


def _says(answered: JudgedTurn, value: Any) -> bool:
    patterns = value if isinstance(value, list) else [value]
    return any(re.search(each, answered.text, re.IGNORECASE) for each in patterns)


_CHECKS: Mapping[str, Callable[[JudgedTurn, Any], bool]] = {
    "same": _has_same_place,
    "pace": _pace,
    "left": _left,
    "minutes": _minutes,
    "says": _says,
    "says_all": lambda answered, value: all(_says(answered, each) for each in value),
    "says_not": lambda answered, value: not _says(answered, value),
    "answered": lambda answered, _: not UNANSWERED.search(answered.text),
    "most_words": lambda answered, value: len(answered.text.split()) <= value,
    "no_begin": lambda answered, _: not BEGINNING.search(json.dumps([each.payload for each in answered.reply.buttons])),
    "any": lambda answered, value: any(not failures(answered, each) for each in value),
}
