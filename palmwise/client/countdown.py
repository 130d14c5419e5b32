"""The clock of the step that a client shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

SECONDS_A_MINUTE = 60


@dataclass(frozen=True)
class Countdown:
    """A step's clock as the server last told it. Times are of the client's own clock, in seconds."""

    token: str
    title: str
    duration: float
    elapsed: float
    """When it was told."""
    since: float
    """When it runs from; after the lead-in."""
    running: bool
    cues: tuple[tuple[float, str], ...] = ()
    """What is still to be said, and at which second of the step."""

    @staticmethod
    def told(card: Mapping[str, Any], now: float, before: Countdown | None) -> Countdown | None:
        """By a card that came at `now`; None away from a step. A card without cues leaves those of the same step."""
        clock, token = card.get("clock"), card["session"]["token"]
        if clock is None or token is None:
            return None
        same = before if before is not None and before.token == token else None
        given = tuple((float(cue["at"]), str(cue["say"])) for cue in card.get("cues") or ())
        cues = tuple(cue for cue in given if cue[0] >= clock["elapsed"])
        return Countdown(
            token=token,
            title=card.get("title") or (same.title if same else ""),
            duration=float(clock["duration"]),
            elapsed=float(clock["elapsed"]),
            since=now + float(clock.get("lead_in", 0)),
            running=bool(clock["running"]),
            cues=cues if given else (same.cues if same else ()),
        )

    def elapsed_at(self, now: float) -> float:
        """Seconds into the step."""
        run = max(0.0, now - self.since) if self.running else 0.0
        return min(self.duration, self.elapsed + run)

    def report(self, now: float) -> dict[str, Any]:
        """What a message tells the server of it."""
        return {"token": self.token, "elapsed": round(self.elapsed_at(now), 1)}

    def over(self, now: float) -> bool:
        """Whether it is time for the next step."""
        return self.running and now >= self.since and self.elapsed_at(now) >= self.duration

    def heard(self, now: float) -> tuple[tuple[str, ...], Countdown]:
        """The cues that are due at `now`, and the clock without them."""
        if not self.running or now < self.since:
            return (), self
        elapsed = self.elapsed_at(now)
        due = tuple(say for at, say in self.cues if at <= elapsed)
        return due, replace(self, cues=tuple(cue for cue in self.cues if cue[0] > elapsed))

    def shown(self, now: float) -> str:
        """As in "1:05"."""
        left = max(0, round(self.duration - self.elapsed_at(now)))
        return f"{left // SECONDS_A_MINUTE}:{left % SECONDS_A_MINUTE:02}"
