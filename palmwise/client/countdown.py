"""The countdown of the step that is on, kept by the client that shows or speaks it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from palmwise.client.answers import Answer, StepCue

SECONDS_A_MINUTE = 60


@dataclass(frozen=True)
class Countdown:
    """The clock of a step, which runs or is held. Times are in seconds of the client's own monotonic clock."""

    token: str
    title: str
    duration: float
    elapsed: float
    """Seconds into the step when it was last started or held."""
    running: bool
    """False while the massage is paused: then it stands still even when started."""
    since: float | None = None
    """When it runs from; None while held."""
    cues: tuple[StepCue, ...] = ()
    """Those that are still to come."""
    lead_in: float = 0.0
    """Seconds to wait when it is started."""
    speed: float = 1.0
    """Seconds of the step per second of the client's clock; other than 1 only in tests."""

    @staticmethod
    def from_answer(answer: Answer, before: Countdown | None, speed: float = 1.0) -> Countdown | None:
        """Return the countdown of an answer, held; None away from a step.

        An answer about the same step as `before` keeps the title and the cues of `before` if it has none itself.
        """
        clock, token = answer.clock, answer.token
        if clock is None or token is None:
            return None
        same = before if before is not None and before.token == token else None
        cues = answer.cues or (same.cues if same else ())
        return Countdown(
            token=token,
            title=answer.title or (same.title if same else ""),
            duration=clock.duration,
            elapsed=clock.elapsed,
            running=clock.running,
            cues=tuple(cue for cue in cues if cue.at >= clock.elapsed),
            lead_in=clock.lead_in,
            speed=speed,
        )

    def start(self, now: float, lead_in: float | None = None) -> Countdown:
        """Let it run after its lead-in, or the one given; no change if it was started before."""
        if self.since is not None:
            return self
        return replace(self, since=now + (self.lead_in if lead_in is None else lead_in), lead_in=0.0)

    def hold(self, now: float) -> Countdown:
        """Let it stand still until it is started again."""
        return replace(self, elapsed=self.elapsed_at(now), since=None)

    def elapsed_at(self, now: float) -> float:
        """Return the seconds into the step."""
        run = max(0.0, now - self.since) * self.speed if self.running and self.since is not None else 0.0
        return min(self.duration, self.elapsed + run)

    def report(self, now: float) -> dict[str, Any]:
        """Return the `clock` of a message to the server."""
        return {"token": self.token, "elapsed": round(self.elapsed_at(now), 1)}

    def is_over(self, now: float) -> bool:
        """Return whether it is time for the next step."""
        return self._runs(now) and self.elapsed_at(now) >= self.duration

    def take_cues(self, now: float) -> tuple[tuple[StepCue, ...], Countdown]:
        """Return the cues that are due, and the countdown without them."""
        if not self._runs(now):
            return (), self
        elapsed = self.elapsed_at(now)
        due = tuple(cue for cue in self.cues if cue.at <= elapsed)
        return due, replace(self, cues=tuple(cue for cue in self.cues if cue.at > elapsed)) if due else self

    def remaining(self, now: float) -> str:
        """Return the time that is left, as in "1:05"."""
        left = max(0, round(self.duration - self.elapsed_at(now)))
        return f"{left // SECONDS_A_MINUTE}:{left % SECONDS_A_MINUTE:02}"

    def _runs(self, now: float) -> bool:
        return self.running and self.since is not None and now >= self.since
