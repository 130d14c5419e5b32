"""Interpretation: what a message means in the light of the conversation, beyond the intent of its single sentence.

Each reader takes the words of a message, the session and the classifier's intent, and gives a command of its own: with
another intent, or with entities that are worked out ("two minutes less" -> the minutes that leaves).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from palmwise.coach.commands import Command
from palmwise.coach.plan import total, whole
from palmwise.coach.scene import Scene
from palmwise.coach.session import CHOSEN
from palmwise.coach.transitions import DEFAULT_ROUTINE
from palmwise.language.asking import asks
from palmwise.language.marking import MINUTES_MARK, MarkedWords, mark
from palmwise.language.tokens import words_of

DECIDED = frozenset({"report_red_flag", "report_pain"})
"""Intents that no reader overrules."""
UNSURE = frozenset({"nlu_fallback", "out_of_scope", "deny", "affirm", "praise", "thank", "complain", "greet", "chat"})
"""Intents that say little about what is wished."""
PACES = frozenset({"slow_down", "speed_up"})
ANY_NUMBER = "<minutes*"
FACTORS: Mapping[str, float] = {"half": 0.5, "double": 2, "triple": 3, "longer": 1.5, "shorter": 0.6}
QUICK_WORDS = frozenset(
    "quick quickly quickie short shorter brief briefly hurry rush fast faster express mini swift little speedy".split()
)
"""With one of these, and no number, a massage for the minutes of a quick one is meant."""


@dataclass(frozen=True)
class Said:
    """A message, as the readers look at it."""

    scene: Scene
    command: Command

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words."""
        return tuple(words_of(self.command.text))

    @cached_property
    def marked(self) -> MarkedWords:
        """Its words with times, numbers and sides marked."""
        return mark(self.words)

    @cached_property
    def asks(self) -> bool:
        """Whether it asks something."""
        return asks(self.words)

    def meaning(self, theme: str) -> str | None:
        """What it says of a theme of the content's readings; None if nothing."""
        found = self.scene.content.readings[theme].match(self.marked.words)
        return found.id if found else None

    def value(self, theme: str, kind: str) -> str | None:
        """Value of the first mark of a kind within what was said of a theme, else in the whole message."""
        found = self.scene.content.readings[theme].match(self.marked.words)
        within = self.marked.first(kind, found.first, found.end) if found else None
        return within or self.marked.first(kind)

    def command_with(self, intent: str, without: Sequence[str] = (), **entities: str | None) -> Command:
        """The command with another intent, more entities (those that are None left out), and without some."""
        kept = {name: values for name, values in self.command.entities.items() if name not in without}
        added = {name: (value,) for name, value in entities.items() if value is not None}
        return replace(self.command, intent=intent, entities={**kept, **added})


def interpret(scene: Scene, command: Command) -> Command:
    """The command that a message is in the conversation; the same one if its words tell nothing more."""
    flagged = scene.session.flagged and scene.session.state == "stopped"
    if command.by != "person" or not command.text or command.private or flagged or command.intent in DECIDED:
        return command
    said = Said(scene, command)
    return next((found for read in READERS if (found := read(said))), command)


# Time


def read_time(said: Said) -> Command | None:
    """How a time is meant: what somebody has, more or less of it, for this step or each hand; or no wish at all."""
    how, intent = said.meaning("time"), said.command.intent
    if how in ("habit", "told", "wait"):
        return _no_wish(said, how)
    if said.asks:
        return None
    if _answers_how_many(said):
        return said.command_with("set_duration", ("minutes",), minutes=said.marked.first(ANY_NUMBER))
    if how in ("until", "unread") or (intent == "set_duration" and _tells_no_minutes(said)):
        return said.command_with("ask_minutes", ("minutes",))
    if how in ("longer", "shorter"):
        return _a_bit(said, how)
    return _amount(said, how)


def _no_wish(said: Said, how: str) -> Command | None:
    """A time that is told, not wished for: a habit, what was, or time to get ready."""
    intent = said.command.intent
    if intent != "set_duration":
        return said.command_with(intent, ("minutes",)) if said.command.first("minutes") else None
    if how == "told" and said.command.first("symptom"):
        return said.command_with("report_symptom", ("minutes",))
    meant = {"habit": "faq/how_often", "wait": "pause", "told": "ask_progress" if said.asks else "told_time"}
    return said.command_with(meant[how], ("minutes",))


def _answers_how_many(said: Said) -> bool:
    """Whether it is a number of minutes and nothing else where a plan is made, or an answer to how many there are."""
    session = said.scene.session
    if session.state in ("offered", "preparing") and said.marked.words == (MINUTES_MARK,) and said.words[0] != "a":
        return True
    asked = session.asked_minutes is not None and session.asked_minutes == session.turns - 1
    return asked and said.marked.first(ANY_NUMBER) is not None and len(said.words) <= 8


def _tells_no_minutes(said: Said) -> bool:
    return said.command.minutes is None and said.meaning("time") is None and not QUICK_WORDS & set(said.words)


def _a_bit(said: Said, how: str) -> Command | None:
    """Longer or shorter without a number: the step that is meant, or the pace of all that comes."""
    if said.meaning("extent") == "step" and said.scene.session.at_a_step:
        return said.command_with("set_step_time", ("minutes",), change="times", amount=str(FACTORS[how]))
    expected = "slow_down" if how == "longer" else "speed_up"
    if said.command.intent in {*UNSURE, *PACES, "how_long", "repeat_step", "set_duration"}:
        return said.command_with(expected, ("minutes",))
    return None


def _amount(said: Said, how: str | None) -> Command | None:
    """A number of minutes, or a factor, and what it is for."""
    factor = FACTORS.get(how or "")
    wished = said.command.intent == "set_duration"
    kind = ANY_NUMBER if wished or how in ("more", "less") else MINUTES_MARK
    number = said.value("time", kind)
    if number is None and factor is None:
        return None
    change = "times" if factor else how if how in ("more", "less") else "to"
    amount = float(factor or number or 0)
    extent = _extent(said, change, amount)
    if (
        extent in ("step", "hand")
        and said.scene.session.steps
        and not (extent == "hand" and not said.scene.session.at_a_step)
    ):
        return said.command_with("set_step_time", ("minutes",), change=change, amount=f"{amount:g}", extent=extent)
    if change == "to" and extent in (None, "rest", "whole") and not wished:
        known = how == "have" or extent is not None
        return said.command_with("set_duration", minutes=number) if known and said.command.intent in UNSURE else None
    if change == "to" and extent in (None, "rest", "whole"):
        return None
    return said.command_with("set_duration", minutes=f"{_minutes_after(said.scene, change, amount, extent):g}")


def _extent(said: Said, change: str, amount: float) -> str | None:
    """What the time is for; a little more of it without a word on that is for the step that is on."""
    extent = said.meaning("extent")
    step_named = said.command.first("technique") or said.command.first("step_number")
    if extent not in ("hand", "each_step") and step_named and said.scene.session.steps:
        return "step"
    is_little = change == "more" and amount <= 1.5 and said.scene.session.at_a_step
    return "step" if extent is None and is_little else extent


def _minutes_after(scene: Scene, change: str, amount: float, extent: str | None) -> float:
    """Minutes of what remains, or of the plan, once it is changed."""
    session = scene.session
    if session.at_a_step:
        base, steps = scene.remaining / 60, len(session.steps) - session.step + 1
    elif session.state in CHOSEN:
        base, steps = session.planned_seconds / 60, len(session.steps)
    else:
        written = whole(scene.content.routines[session.routine or DEFAULT_ROUTINE].steps)
        base, steps = (0.0 if session.state == "finished" else total(written, 1.0) / 60), len(written)
    many = {"each_step": steps, "hand": 2}.get(extent or "", 1)
    after = {"to": amount * many, "more": base + amount * many, "less": base - amount * many, "times": base * amount}
    return round(max(0.5, after[change]), 2)


# Pace


def read_pace(said: Said) -> Command | None:
    """Which way the pace is to go, if at all; comparisons, comments and questions change nothing."""
    how, intent = said.meaning("pace"), said.command.intent
    if said.asks or how == "either":
        is_asked = intent in PACES or (how and intent in {*UNSURE, "how_long", "explain_step", "set_duration"})
        return said.command_with("ask_pace") if is_asked else None
    if how in (None, "mention") or (intent == "report_symptom" and how == "keep"):
        return None
    if how in ("keep", "voice"):
        return said.command_with("keep_pace")
    degree = "much" if how.startswith("much_") else None
    meant = {"normal": "normal_pace", "slower": "slow_down", "faster": "speed_up"}[how.removeprefix("much_")]
    return said.command_with(meant, ("minutes",), degree=degree)


READERS: tuple[Callable[[Said], Command | None], ...] = (read_time, read_pace)
"""In this order; the first that finds something decides."""
