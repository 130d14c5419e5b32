"""Timelines of steps, and plans of steps that fit a number of minutes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from palmwise.coach.model import Hands, Routine

Hand = Literal["left", "right", "both"]
SWAP = 6
"""Seconds to change hands; users of workout timers ask for 5 to 10."""
SHORTEST_HOLD = 10
"""Seconds; the contract's floor for any hold."""


@dataclass(frozen=True)
class Hold:
    """One stretch of working at one hand."""

    hand: Hand
    seconds: int


@dataclass(frozen=True)
class Place:
    """Where in a step somebody is."""

    hold: Hold
    index: int
    """Of the hold, from 0."""
    into: float
    """Seconds into the hold; negative while swapping to it."""

    @property
    def left(self) -> float:
        """Seconds until the hold ends."""
        return self.hold.seconds - self.into


@dataclass(frozen=True)
class Timeline:
    """The holds of one step, in order, with `SWAP` seconds between them."""

    holds: tuple[Hold, ...]

    @property
    def duration(self) -> int:
        """Seconds from the first moment to the last."""
        return sum(hold.seconds for hold in self.holds) + SWAP * max(0, len(self.holds) - 1)

    def starts(self) -> tuple[int, ...]:
        """The second at which each hold begins."""
        starts, at = [], 0
        for hold in self.holds:
            starts.append(at)
            at += hold.seconds + SWAP
        return tuple(starts)

    def place(self, elapsed: float) -> Place:
        """Where one is after `elapsed` seconds; swapping counts to the hold that it leads to."""
        for index, (hold, start) in enumerate(zip(self.holds, self.starts(), strict=True)):
            if elapsed < start + hold.seconds or index == len(self.holds) - 1:
                return Place(hold, index, elapsed - start)
        raise AssertionError("a timeline has at least one hold")

    def rescaled(self, elapsed: float, factor: float) -> Timeline:
        """What has been done stays; what remains of the holds is multiplied by `factor`.

        Both hands still get the same time: a first hold that is under way sets the length of the second.
        """
        here = self.place(elapsed)
        done = max(0.0, here.into)
        return self._with(here, done + (here.hold.seconds - done) * factor)

    def ending(self, elapsed: float, seconds: float) -> Timeline:
        """What has been done stays; what remains of the holds is made to end `seconds` from there, as nearly as can be.

        Unlike a factor this works when nothing remains, too.
        """
        here = self.place(elapsed)
        later = len(self.holds) - here.index - 1
        return self._with(here, (seconds + here.into - SWAP * later) / (1 + later))

    def _with(self, here: Place, wanted: float) -> Timeline:
        """With so many seconds for the hold at hand and for those that follow it."""
        lasts = _longer_than(max(0.0, here.into), wanted)
        held = (replace(hold, seconds=lasts) for hold in self.holds[here.index :])
        return Timeline((*self.holds[: here.index], *held))


def _longer_than(done: float, wanted: float) -> int:
    """Whole seconds for a hold of which `done` are over."""
    return max(SHORTEST_HOLD, round(wanted), int(done) + 1)


def timeline(hands: Literal["each", "both"], seconds: int) -> Timeline:
    """The usual timeline of a step: left, then right, or both at once."""
    if hands == "both":
        return Timeline((Hold("both", seconds),))
    return Timeline((Hold("left", seconds), Hold("right", seconds)))


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
