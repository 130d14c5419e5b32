"""Fits a routine to the minutes that a person has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from palmwise.coach.model import Hands, Routine
from palmwise.coach.timeline import SHORTEST_HOLD, Timeline, timeline

LEAST_MINUTES, MOST_MINUTES = 2.0, 60.0
WORTHWHILE_HOLD = 15
"""Seconds; with less than that on a hand a step is rather left out than hurried."""
ALWAYS = 5
"""The `keep` of a step that is never left out."""
SLOWEST, FASTEST, PACE_STEP = 2.0, 0.5, 0.25


@dataclass(frozen=True)
class PlannedStep:
    """One step of a plan."""

    source: int
    """Its index in the routine's file, from 0."""
    technique: str
    hands: Hands
    base: float
    """Seconds of one hold at pace 1."""
    keep: int
    """How much it matters, 1 to 5."""

    def seconds(self, pace: float) -> int:
        """Seconds of one hold at `pace`."""
        return max(SHORTEST_HOLD, round(self.base * pace))

    def timeline(self, pace: float) -> Timeline:
        """Its holds at `pace`."""
        return timeline(self.hands, self.seconds(pace))


Steps = tuple[PlannedStep, ...]
MOST_FACTOR = 2.0**16
"""Where a search for a factor ends: a second becomes most of a day."""


def whole(routine: Routine) -> Steps:
    """The routine as its file has it."""
    return tuple(
        PlannedStep(index, step.technique, step.hands, float(step.seconds), step.keep)
        for index, step in enumerate(routine.steps)
    )


def total(steps: Sequence[PlannedStep], pace: float) -> int:
    """Seconds of all the steps at `pace`."""
    return sum(step.timeline(pace).duration for step in steps)


def fit(steps: Steps, seconds: float, pace: float) -> Steps:
    """The steps with holds that together last `seconds` at `pace`; the least important go first when time is short."""
    kept = without_hurry(steps, seconds)
    factor = solve(lambda scale: total(scaled(kept, scale), pace), seconds)
    return scaled(kept, factor)


def scaled(steps: Steps, factor: float) -> Steps:
    """The steps with every hold multiplied by `factor`."""
    return tuple(replace(step, base=step.base * factor) for step in steps)


def without_hurry(steps: Steps, seconds: float) -> Steps:
    """Leaves out the least important steps until those that stay get worthwhile holds within `seconds`.

    Those that always stay may then have shorter ones; the content is checked to be doable in the fewest minutes.
    """
    kept = list(steps)
    while len(kept) > 1 and sum(_least(step) for step in kept) > seconds:
        lowest = min(kept, key=lambda step: (step.keep, -step.source))
        if lowest.keep == ALWAYS:
            break
        kept.remove(lowest)
    return tuple(kept)


def _least(step: PlannedStep) -> int:
    return timeline(step.hands, WORTHWHILE_HOLD).duration


def solve(seconds_at: Callable[[float], float], wanted: float) -> float:
    """The factor at which a growing function of it comes to `wanted`, by halving the interval."""
    low, high = 0.0, 1.0
    while seconds_at(high) < wanted and high < MOST_FACTOR:
        low, high = high, 2 * high
    for _ in range(40):
        middle = (low + high) / 2
        if seconds_at(middle) < wanted:
            low = middle
        else:
            high = middle
    return high if abs(seconds_at(high) - wanted) <= abs(seconds_at(low) - wanted) else low


def clamp_minutes(minutes: float) -> float:
    """The nearest number of minutes that a plan can have."""
    return min(MOST_MINUTES, max(LEAST_MINUTES, minutes))


def clamp_pace(pace: float) -> float:
    """The nearest pace that a routine can have."""
    return min(SLOWEST, max(FASTEST, pace))
