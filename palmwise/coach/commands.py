"""What a person, a button or a timer asks of the coach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

By = Literal["person", "button", "timer"]


@dataclass(frozen=True)
class ClockReport:
    """What a client's own clock shows."""

    token: str
    """Of the step that it shows."""
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
    """The step that a timer speaks for."""
    clock: ClockReport | None = None
    mixed: bool = False
    """A no that has a yes in it as well: "yes and no"."""
    private: bool = False
    """It asks what becomes of what was said."""

    def first(self, entity: str) -> str | None:
        """The first value of an entity, or None."""
        values = self.entities.get(entity, ())
        return values[0] if values else None
