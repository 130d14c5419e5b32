"""The clock of the step that is being done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from voice.cards import Card, Cue

LATE = 4.0
"""Seconds after which a cue that tells no hand is old news."""


@dataclass(frozen=True)
class Countdown:
    """A step's clock. Times are of the client's own clock, in seconds; a held clock stands still."""

    token: str
    duration: float
    elapsed: float
    """When it was last set going or held."""
    running: bool
    """By the server: not paused."""
    since: float | None = None
    """When it runs from; None while held."""
    cues: tuple[Cue, ...] = ()
    """Those that are still to come."""
    lead_in: float = 0.0
    """Seconds between the last word and the clock's going on."""
    speed: float = 1.0
    """Seconds of the step in one of the client's; other than 1 in tests only."""

    @staticmethod
    def told(card: Card, before: Countdown | None, speed: float = 1.0) -> Countdown | None:
        """By a card, held; None away from a step. A card without cues leaves those of the same step."""
        clock, token = card.clock, card.token
        if clock is None or token is None:
            return None
        cues = card.cues
        if not cues and before is not None and before.token == token:
            cues = before.cues
        cues = tuple(cue for cue in cues if cue.at >= clock.elapsed)
        return Countdown(token, clock.duration, clock.elapsed, clock.running, None, cues, clock.lead_in, speed)

    def elapsed_at(self, now: float) -> float:
        """Seconds into the step."""
        run = max(0.0, now - self.since) * self.speed if self.running and self.since is not None else 0.0
        return min(self.duration, self.elapsed + run)

    def held(self, now: float) -> Countdown:
        """Standing still."""
        return replace(self, elapsed=self.elapsed_at(now), since=None)

    def going(self, now: float, lead_in: float) -> Countdown:
        """Going on where it was, so many seconds from now."""
        return self if self.since is not None else replace(self, since=now + lead_in, lead_in=0.0)

    def report(self, now: float) -> dict[str, Any]:
        """What a message tells the server of it."""
        return {"token": self.token, "elapsed": round(self.elapsed_at(now), 1)}

    def over(self, now: float) -> bool:
        """Whether its time is up."""
        return self.running and self.since is not None and self.elapsed_at(now) >= self.duration

    def due(self, now: float) -> tuple[Cue | None, Countdown]:
        """The cue to be spoken now, if any, and the clock without those that are past."""
        if not self.running or self.since is None or now < self.since:
            return None, self
        elapsed = self.elapsed_at(now)
        past = [cue for cue in self.cues if cue.at <= elapsed]
        if not past:
            return None, self
        timely = [cue for cue in past if cue.swap or elapsed - cue.at <= LATE * self.speed]
        chosen = next((cue for cue in reversed(timely) if cue.swap), timely[-1] if timely else None)
        return chosen, replace(self, cues=tuple(cue for cue in self.cues if cue.at > elapsed))
