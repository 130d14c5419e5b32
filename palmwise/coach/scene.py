"""What a handler sees (content, session, time) and what it answers with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from palmwise.coach.content import Content
from palmwise.coach.model import Routine, RoutineStep, Spoken, Technique
from palmwise.coach.plan import Place
from palmwise.coach.session import Session
from palmwise.language.durations import shown_seconds, spoken_seconds
from palmwise.language.numbers import write_cardinal


@dataclass(frozen=True)
class Button:
    """Something that makes sense now, for a finger."""

    title: str
    payload: str
    """`/intent` or `/intent{"entity": "value"}`."""


@dataclass(frozen=True)
class Draft:
    """An answer before the session's data are put to it."""

    card: str
    lines: tuple[Spoken, ...]
    extra: Mapping[str, Any] = field(default_factory=dict)
    buttons: tuple[Button, ...] | None = None
    """None: the usual ones of the state."""
    where: bool = False
    """Tell in a few words where in the routine the person is."""


@dataclass(frozen=True)
class Outcome:
    """What a handler decided."""

    session: Session
    draft: Draft

    def after(self, *lines: Spoken) -> Outcome:
        """With something told before it."""
        return replace(self, draft=replace(self.draft, lines=(*lines, *self.draft.lines)))


@dataclass(frozen=True)
class Scene:
    """The state of affairs at a moment."""

    content: Content
    session: Session
    now: float

    def with_session(self, session: Session) -> Scene:
        """The same moment after a decision."""
        return replace(self, session=session)

    def line(self, key: str, **values: object) -> Spoken:
        """One of the coach's own sentences."""
        return self.content.phrases.line(key, self.session.turns, **values)

    @property
    def mood(self) -> str:
        """The state, or "flagged" where a red flag ended the massage."""
        return "flagged" if self.session.flagged and self.session.state == "stopped" else self.session.state

    @property
    def routine(self) -> Routine:
        """The routine at hand; only to be asked for where there is one."""
        return self.content.routines[self.session.routine or ""]

    @property
    def routine_step(self) -> RoutineStep:
        """The current step as the routine's file has it."""
        return self.step_at(max(1, self.session.step))

    def step_at(self, number: int) -> RoutineStep:
        """A step of the plan (from 1) as the routine's file has it."""
        return self.routine.steps[self.session.steps[number - 1].source]

    @property
    def technique(self) -> Technique:
        """Of the current step."""
        return self.content.techniques[self.session.current.technique]

    def title_at(self, number: int) -> str:
        """The title of a step of the plan (from 1)."""
        step = self.step_at(number)
        return step.title or self.content.techniques[step.technique].title

    @property
    def elapsed(self) -> float:
        """Seconds into the step."""
        return self.session.elapsed_at(self.now)

    @property
    def place(self) -> Place:
        """Where in the step."""
        return self.session.timeline.place(self.elapsed)

    @property
    def hold_left(self) -> float:
        """Seconds left of the hold at hand; while swapping to it, all of it."""
        return min(self.place.left, self.place.hold.seconds)

    def note(self, key: str, session: Session | None = None, *, card: str = "note", **values: object) -> Outcome:
        """The plainest outcome: one sentence, then where the person is."""
        after = session or self.session
        return Outcome(after, Draft(card, (self.line(key, **values),), where=True))


def lasting(seconds: float) -> Spoken:
    """A length of time for eye and ear."""
    return Spoken(shown_seconds(seconds), spoken_seconds(seconds))


def counted(count: int) -> Spoken:
    """A number of steps, or of one step: digits for the eye, words for the ear."""
    return Spoken(str(count), write_cardinal(count, zero="no"))


def inline(title: str) -> str:
    """A title in the middle of a sentence."""
    return title[:1].lower() + title[1:]


def spoken(text: str) -> Spoken:
    """Content's own words for both eye and ear."""
    return Spoken(text, text.replace("**", ""))
