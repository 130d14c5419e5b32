"""One person's session: everything that the coach remembers, in one frozen value."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

from palmwise.coach.plan import Hold, PlannedStep, Steps, Timeline, total

State = Literal["none", "offered", "screening", "preparing", "running", "paused", "finished", "stopped"]
AT_A_STEP = ("running", "paused")
CHOSEN = ("offered", "screening", "preparing", *AT_A_STEP)
SILENCE = 3600.0
"""Seconds without a word after which a conversation begins anew."""


@dataclass(frozen=True)
class Kept:
    """The place in a massage that was ended, put by while another one is on offer; fields as in `Session`."""

    routine: str | None
    steps: Steps
    step: int
    holds: tuple[Hold, ...]
    elapsed: float
    wish: float | None


@dataclass(frozen=True)
class Session:
    """What the coach remembers of one conversation. Times are unix seconds."""

    seed: str
    """Unguessable; step tokens are made of it."""
    state: State = "none"
    routine: str | None = None
    """The routine at hand, or the one on offer."""
    steps: Steps = ()
    """The plan."""
    step: int = 0
    """The current step from 1; 0 before the first."""
    visit: int = 0
    """Counts the times that a step began."""
    holds: tuple[Hold, ...] = ()
    """Of the current step."""
    elapsed: float = 0.0
    """Seconds into the step, as last believed."""
    since: float = 0.0
    """When `elapsed` was true; later than now during a lead-in."""
    pace: float = 1.0
    volume: int = 0
    """Of the voice: -3 softest to 3 loudest."""
    wish: float | None = None
    """Minutes that the person has, when said."""
    complaint: str | None = None
    """The one that suggested what is on offer, as a value of the entity `symptom`."""
    kept: Kept | None = None
    """Until the offer is answered."""
    screened: bool = False
    """The safety question was answered by no."""
    flagged: bool = False
    """A red flag ended the last massage."""
    easing: bool = False
    """Paused because something hurt."""
    switch_to: str | None = None
    """The routine that the coach asked whether to change to."""
    switch_wish: float | None = None
    """Minutes that were said with it."""
    misses: int = 0
    """Messages in a row that were not understood."""
    turns: int = 0
    seen: float = 0.0
    """When the person last said something."""

    @staticmethod
    def new(seed: str) -> Session:
        """A fresh session; `seed` is a random token of 16 characters or more."""
        return Session(seed=seed)

    @property
    def token(self) -> str | None:
        """Names the current step and this visit to it; None away from a step."""
        if not self.at_a_step:
            return None
        return hashlib.sha256(f"{self.seed}:{self.visit}".encode()).hexdigest()[:16]

    @property
    def at_a_step(self) -> bool:
        """True while running or paused."""
        return self.state in AT_A_STEP

    @property
    def timeline(self) -> Timeline:
        """Of the current step."""
        return Timeline(self.holds)

    @property
    def current(self) -> PlannedStep:
        """The step at hand, or the first where none has begun."""
        return self.steps[max(0, self.step - 1)]

    @property
    def planned_seconds(self) -> int:
        """Seconds of the whole plan, the current step as it now is."""
        others = tuple(step for index, step in enumerate(self.steps, 1) if index != self.step or not self.holds)
        return total(others, self.pace) + (self.timeline.duration if self.holds and self.step else 0)

    def elapsed_at(self, now: float) -> float:
        """Seconds into the step at `now`, by the coach's own time."""
        running = max(0.0, now - self.since) if self.state == "running" else 0.0
        return min(self.elapsed + running, float(self.timeline.duration))

    def remaining_at(self, now: float) -> float:
        """Seconds until the routine ends."""
        if not (self.step and self.holds):
            return float(self.planned_seconds)
        rest = total(self.steps[self.step :], self.pace)
        return self.timeline.duration - self.elapsed_at(now) + rest

    def frozen_at(self, now: float) -> Session:
        """With the clock set to what it shows at `now`, a lead-in kept; away from a step there is no clock to set."""
        return replace(self, elapsed=self.elapsed_at(now), since=max(now, self.since)) if self.at_a_step else self

    def lead_in_at(self, now: float) -> float:
        """Seconds until the clock goes on; 0 when it does, or is not to."""
        return max(0.0, self.since - now) if self.state == "running" else 0.0

    def keeping(self) -> Session:
        """With the place of a massage that was ended put by; as it is where there is none."""
        if self.kept or self.state != "stopped" or not self.step:
            return self
        return replace(self, kept=Kept(self.routine, self.steps, self.step, self.holds, self.elapsed, self.wish))

    def restored(self) -> Session:
        """Back at the place that was put by, the massage ended; as it is where there is none."""
        if not self.kept:
            return self
        place = {field.name: getattr(self.kept, field.name) for field in fields(Kept)}
        return replace(self, state="stopped", complaint=None, kept=None, **place)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> Session:
        """The session that `to_json` wrote."""
        known = {name: value for name, value in data.items() if name in Session.__dataclass_fields__}
        kept = known.get("kept")
        known["kept"] = Kept(**_planned(kept)) if kept else None
        return Session(**_planned(known))


def _planned(data: dict[str, Any]) -> dict[str, Any]:
    """With the plan and the holds read from plain JSON."""
    steps = tuple(PlannedStep(**step) for step in data.get("steps", ()))
    return {**data, "steps": steps, "holds": tuple(Hold(**hold) for hold in data.get("holds", ()))}
