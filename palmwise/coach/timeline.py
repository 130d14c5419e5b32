"""The seconds of a step: its holds, the swaps between them, where in it somebody is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

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
