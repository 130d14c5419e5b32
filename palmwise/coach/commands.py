"""Commands: what a person, a button or a timer asks of the coach, and the states in which they come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

By = Literal["person", "button", "timer"]
State = Literal["none", "offered", "screening", "preparing", "running", "paused", "finished", "stopped"]


@dataclass(frozen=True)
class ClockReport:
    """What a client's own clock shows."""

    token: str
    """Token of the step that the client shows."""
    elapsed: float
    """Seconds into that step."""


@dataclass(frozen=True)
class Command:
    """An understood message."""

    intent: str
    """An intent of the domain, `faq/<id>`, or `nlu_fallback`."""
    entities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Normalised values in order of mention.

    `minutes` "5"; `step_number` "4", "last", "last-1", "-2"; `technique` "petrissage".
    """
    by: By = "person"
    token: str | None = None
    """Token of the step that a timer speaks for."""
    clock: ClockReport | None = None
    """What the sender's clock showed, if it was reported."""
    mixed: bool = False
    """True for a no that also says yes: "yes and no"."""
    hedged: bool = False
    """True for a yes or no that is not meant as one: "maybe"."""
    private: bool = False
    """True if the message asks what becomes of what was said, or wishes it deleted."""
    answer: str | None = None
    """Id of the answer to the question that was asked, if it is known."""
    near: tuple[str, ...] = ()
    """Ids of answers to questions like it."""
    text: str = ""
    """What the person said; empty for buttons and timers."""
    meant: str = ""
    """The words that are meant, where a correction in the message takes others back; else empty."""
    across: bool = False
    """True if the message corrects the turn before: "no, I meant the whole massage"."""
    parts: tuple[Command, ...] = ()
    """The clauses of a message that may ask for several things, each as a command of its own."""
    confidence: float = 1.0
    """Probability of the intent, 0 to 1."""
    doubt: str = ""
    """Why it is not taken at its word (`palmwise.coach.evidence.Doubt`); empty if it is."""
    others: tuple[str, ...] = ()
    """Intents that are nearly as likely, the likeliest first."""
    answers: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    """Question of the coach -> what the message means as an answer to it, and the probability of that."""
    acts: Mapping[str, float] = field(default_factory=dict)
    """Act of speech (command, question, statement, correction, answer, not_addressed) -> probability."""

    def first(self, entity: str) -> str | None:
        """The first value of an entity, or None."""
        values = self.entities.get(entity, ())
        return values[0] if values else None

    @property
    def minutes(self) -> float | None:
        """The minutes that were said, or None if there are none or they cannot be read."""
        try:
            return float(self.first("minutes") or "")
        except ValueError:
            return None
