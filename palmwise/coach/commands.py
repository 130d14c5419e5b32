"""Commands: what a person, a button or a timer asks of the coach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

By = Literal["person", "button", "timer"]


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
