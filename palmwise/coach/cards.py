"""Cards: the typed data of a reply's `custom` object, as the contract has it.

A card is its kind, the session, the clock at a step, what to say aloud, and a body. `BODIES` lists the body of every
kind; the API description is generated from it.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from palmwise.coach.commands import State
from palmwise.coach.model import Form, HelpLevel, MinutesSpan, ScreeningItem
from palmwise.coach.plan import Cue, Hand

CardKind = Literal[
    "step", "paused", "ease", "prepare", "screening", "offer", "routines", "overview", "faq", "progress", "duration",
    "technique", "safety", "finished", "stopped", "help", "note",
]  # fmt: skip
DurationOf = Literal["step", "routine", "remaining", "general"]


@dataclass(frozen=True)
class Button:
    """A button: something that makes sense now."""

    title: str
    payload: str
    """`/intent` or `/intent{"entity": "value"}`."""


@dataclass(frozen=True)
class SessionView:
    """The contract's `session`: where the person is. What needs a routine is null without one."""

    state: State
    routine: str | None
    step: int | None
    """The current step, counted from 1."""
    steps: int | None
    technique: str | None
    hand: Hand | None
    token: str | None
    """Token of the current step; a client sends it with its clock and its timers."""
    pace: float | None
    """Factor on what a hold lasts, 0.5 to 2."""
    minutes: float | None
    """Minutes of the whole plan."""
    remaining_seconds: int | None
    volume: int | None
    """Loudness of the voice, -3 to 3."""
    asked: str | None
    """Id of the question of the coach that waits for an answer; null if none does."""
    known: tuple[str, ...] = ()
    """What the person has told of themselves: ids of red flags and symptoms."""


@dataclass(frozen=True)
class Clock:
    """The clock of the current step, in seconds."""

    duration: int
    elapsed: float
    running: bool
    lead_in: float | None = None
    """Seconds until the clock goes on; absent if it runs already."""


@dataclass(frozen=True)
class HoldSpan:
    """The seconds of the step in which a hand is massaged; between two spans the hands are changed."""

    hand: Hand
    start: int = field(metadata={"key": "from"})
    end: int = field(metadata={"key": "to"})


@dataclass(frozen=True)
class PictureLink:
    """The drawing of a technique."""

    src: str
    alt: str


@dataclass(frozen=True)
class EmptyBody:
    """The body of cards that consist of their text."""


@dataclass(frozen=True)
class RoutineSummary:
    """A routine in a list."""

    id: str
    title: str
    summary: str
    minutes: MinutesSpan
    picture: PictureLink
    """The drawing of its first step."""


@dataclass(frozen=True)
class StepSummary:
    """A step in an overview."""

    id: str
    """Id of the technique."""
    title: str
    seconds: int
    picture: PictureLink


@dataclass(frozen=True)
class PlanStep:
    """A step of the plan with all that it takes to lead somebody through it without the coach."""

    id: str
    """Id of the technique."""
    title: str
    instruction: str
    say: str
    """The instruction for the ear."""
    seconds: int
    holds: tuple[HoldSpan, ...]
    cues: tuple[Cue, ...]
    picture: PictureLink
    speech: str | None = None
    """Address of `say` as sound; added by the server where it was asked for."""


@dataclass(frozen=True)
class NoteBody:
    """Body of `note`."""

    routines: tuple[RoutineSummary, ...] | None = None
    """The massages to choose from, with the welcome."""

    forgotten: bool | None = None
    """True once everything that was said has been deleted."""
    aside: bool | None = None
    """True where the message was taken for one that was not meant for the coach: a voice need say nothing."""


@dataclass(frozen=True)
class StepBody:
    """Body of `step`, `paused` and `ease`."""

    cues: tuple[Cue, ...]
    holds: tuple[HoldSpan, ...]
    instruction: str
    """What to do in this step, apart from what was just answered."""
    title: str
    detail: str
    following: str | None
    """Title of the step after this one; null at the last one."""
    picture: PictureLink
    steps: tuple[StepSummary, ...]
    """All steps of the plan, to go to one of them."""


@dataclass(frozen=True)
class TitleBody:
    """Body of `prepare` and `finished`."""

    title: str
    detail: str
    steps: tuple[StepSummary, ...]
    """The steps of the plan: what is to come, or what was done."""


@dataclass(frozen=True)
class ScreeningBody:
    """Body of `screening`."""

    items: tuple[ScreeningItem, ...]
    question: str | None = None
    """The safety question, which is one of the texts; absent where something else is asked."""
    conditions: tuple[str, ...] | None = None
    """What it asks about, to be shown as a list."""


@dataclass(frozen=True)
class OfferBody:
    """Body of `offer`."""

    routine: str
    because: str
    title: str
    steps: tuple[StepSummary, ...]
    """The steps of the plan on offer."""


@dataclass(frozen=True)
class RoutinesBody:
    """Body of `routines`."""

    routines: tuple[RoutineSummary, ...]


@dataclass(frozen=True)
class OverviewBody:
    """Body of `overview`."""

    routine: str
    title: str
    steps: tuple[StepSummary, ...]


@dataclass(frozen=True)
class FaqBody:
    """Body of `faq`."""

    id: str
    """`faq/<id>`."""
    source: str
    title: str
    belief: bool
    """True where the answer tells a belief rather than established medicine."""
    sources: tuple[str, ...] | None = None
    """The references of the article, for `faq/sources` only."""
    answer: str | None = None
    """Id of the answer, where a single question was answered and not a topic told."""
    form: Form | None = None
    """What was asked about the topic."""
    more: str | None = None
    """What there is to say beside; absent once it was told."""


@dataclass(frozen=True)
class DurationBody:
    """Body of `duration`."""

    seconds: int
    of: DurationOf
    routine: str | None = None
    left: int | None = None
    """Seconds left of the current step."""


@dataclass(frozen=True)
class TechniqueBody:
    """Body of `technique`."""

    technique: str
    title: str
    detail: str
    picture: PictureLink


@dataclass(frozen=True)
class SafetyBody:
    """Body of `safety`."""

    level: HelpLevel
    reason: str
    id: str | None = None
    """Id of the red flag; absent after a yes to the safety question."""


NOTHING = EmptyBody()

Body = (
    EmptyBody | NoteBody | StepBody | TitleBody | ScreeningBody | OfferBody | RoutinesBody | OverviewBody | FaqBody
    | DurationBody | TechniqueBody | SafetyBody
)  # fmt: skip
BODIES: Mapping[CardKind, type[Body]] = {
    "step": StepBody,
    "paused": StepBody,
    "ease": StepBody,
    "prepare": TitleBody,
    "screening": ScreeningBody,
    "offer": OfferBody,
    "routines": RoutinesBody,
    "overview": OverviewBody,
    "faq": FaqBody,
    "progress": EmptyBody,
    "duration": DurationBody,
    "technique": TechniqueBody,
    "safety": SafetyBody,
    "finished": TitleBody,
    "stopped": EmptyBody,
    "help": EmptyBody,
    "note": NoteBody,
}
"""The body of every kind of card."""


@dataclass(frozen=True)
class Card:
    """The contract's `custom` object."""

    kind: CardKind
    session: SessionView
    say: str
    """What to say aloud: short, no markup, no bare command word."""
    clock: Clock | None = None
    """Present at a step only."""
    body: Body = NOTHING
    speech: str | None = None
    """Address of `say` as sound; added by the server, if it has a voice."""

    def as_json(self) -> dict[str, Any]:
        """The card as plain JSON, with the keys of its body beside its own."""
        clock = {} if self.clock is None else {"clock": as_json(self.clock)}
        return {"card": self.kind, "session": as_json(self.session), "say": self.say, **clock, **as_json(self.body)}


def as_json(value: Any) -> Any:
    """A data class of this module as plain JSON.

    `metadata={"key": …}` renames a field; a field with a default is left out while it is None.
    """
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    if not dataclasses.is_dataclass(value):
        return value
    kind: Any = type(value)
    items = ((getattr(value, name), key, is_optional) for name, key, is_optional in _keys_of(kind))
    return {
        key: as_json(item) if isinstance(item, tuple) or dataclasses.is_dataclass(item) else item
        for item, key, is_optional in items
        if item is not None or not is_optional
    }


@functools.cache
def _keys_of(kind: type) -> tuple[tuple[str, str, bool], ...]:
    """Name of each field of a data class, its key as JSON, and whether it is left out while it is None."""
    return tuple(
        (each.name, each.metadata.get("key", each.name), each.default is not dataclasses.MISSING)
        for each in dataclasses.fields(kind)
    )
