"""Timelines of steps with the cues that are said in them, and plans of steps that fit a number of minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from palmwise.coach.model import Routine, RoutineStep, Spoken, Technique

Hand = Literal["left", "right", "both"]
Hands = Literal["each", "both", "left", "right"]
"""`each`: one hand, then the other for the same time. `both`: both hands at once. A side: that hand only."""
SWAP = 6
"""Seconds to change hands; users of workout timers ask for 5 to 10."""
SHORTEST_HOLD = 10
"""Seconds; the contract's floor for any hold."""


@dataclass(frozen=True)
class Hold:
    """A stretch of time in which one hand, or both, are massaged."""

    hand: Hand
    seconds: int


@dataclass(frozen=True)
class Place:
    """A position in the timeline of a step."""

    hold: Hold
    index: int
    """Index of the hold, from 0."""
    into: float
    """Seconds into the hold; negative during the swap that leads to it."""

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
        """Seconds from the begin of the first hold to the end of the last, swaps included."""
        return sum(hold.seconds for hold in self.holds) + SWAP * max(0, len(self.holds) - 1)

    def starts(self) -> tuple[int, ...]:
        """The second at which each hold begins."""
        starts, at = [], 0
        for hold in self.holds:
            starts.append(at)
            at += hold.seconds + SWAP
        return tuple(starts)

    def spans(self) -> tuple[tuple[Hold, int], ...]:
        """Each hold with the second at which it begins."""
        return tuple(zip(self.holds, self.starts(), strict=True))

    def place(self, elapsed: float) -> Place:
        """The position after `elapsed` seconds; a swap belongs to the hold that it leads to."""
        for index, (hold, start) in enumerate(self.spans()):
            if elapsed < start + hold.seconds or index == len(self.holds) - 1:
                return Place(hold, index, elapsed - start)
        raise AssertionError("a timeline has at least one hold")

    def rescaled(self, elapsed: float, factor: float) -> Timeline:
        """Multiply what remains of the holds by `factor`; what has been done stays as it is.

        Both hands still get the same time: a first hold that is under way sets the length of the second.
        """
        here = self.place(elapsed)
        done = max(0.0, here.into)
        return self._with(here, done + (here.hold.seconds - done) * factor)

    def ending(self, elapsed: float, seconds: float) -> Timeline:
        """Make what remains of the holds end `seconds` after `elapsed`, or as near to it as possible.

        Unlike `rescaled` this works when nothing remains, too.
        """
        here = self.place(elapsed)
        later = len(self.holds) - here.index - 1
        return self._with(here, (seconds + here.into - SWAP * later) / (1 + later))

    def lasting(self, elapsed: float, seconds: float) -> Timeline:
        """Make the hold at `elapsed`, and those that follow it, last `seconds`, or as near to it as possible."""
        return self._with(self.place(elapsed), seconds)

    def _with(self, here: Place, wanted: float) -> Timeline:
        """The timeline with `wanted` seconds for the hold at `here` and for those that follow it."""
        lasts = _longer_than(max(0.0, here.into), wanted)
        held = (replace(hold, seconds=lasts) for hold in self.holds[here.index :])
        return Timeline((*self.holds[: here.index], *held))


def _longer_than(done: float, wanted: float) -> int:
    """`wanted` in whole seconds, but longer than the `done` seconds that are over already."""
    return max(SHORTEST_HOLD, round(wanted), int(done) + 1)


def timeline(hands: Hands, seconds: int) -> Timeline:
    """The usual timeline of a step: left, then right, or both or one at once, with holds of `seconds`."""
    if hands != "each":
        return Timeline((Hold(hands, seconds),))
    return Timeline((Hold("left", seconds), Hold("right", seconds)))


SHORTER = 0.6
"""Share of the time that is planned when something shorter is asked for, without a number."""
QUICK = 5.0
"""Minutes of "a quick one"; the shortest session that the article speaks of."""
LEAST_MINUTES, MOST_MINUTES = 2.0, 60.0
WORTHWHILE_HOLD = 15
"""Seconds; a step that would get less than this on a hand is left out rather than hurried."""
ALWAYS = 5
"""The `keep` of a step that is never left out."""
SLOWEST, FASTEST, PACE_STEP = 2.0, 0.5, 0.25
"""Bounds and step of the pace, the factor on what a hold lasts."""


@dataclass(frozen=True)
class PlannedStep:
    """One step of a plan."""

    source: int
    """Index of the step in the routine's file, from 0."""
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
        """The holds of the step at `pace`."""
        return timeline(self.hands, self.seconds(pace))


Steps = tuple[PlannedStep, ...]
MOST_FACTOR = 2.0**16
"""Bound of the search for a factor; it makes most of a day out of a second."""


def whole(steps: Sequence[RoutineStep]) -> Steps:
    """The plan of all steps of a routine, with holds as written."""
    return tuple(
        PlannedStep(index, step.technique, step.hands, float(step.seconds), step.keep)
        for index, step in enumerate(steps)
    )


def opposite(hand: Hand | None) -> Hand:
    """The other hand; the right one for both."""
    return "left" if hand == "right" else "right"


def one_handed(steps: Steps, hand: Hand | None) -> Steps:
    """The steps for one hand only; unchanged for None."""
    return tuple(replace(step, hands=hand) for step in steps) if hand else steps


def total(steps: Sequence[PlannedStep], pace: float) -> int:
    """Seconds of all the steps at `pace`."""
    return sum(step.timeline(pace).duration for step in steps)


def routine_seconds(routine: Routine) -> int:
    """Seconds of a whole routine at the usual pace."""
    return total(whole(routine.steps), 1.0)


def fit(steps: Steps, seconds: float, pace: float) -> Steps:
    """The steps with holds that last `seconds` in all at `pace`; when time is short the least important go."""
    kept = without_hurry(steps, seconds)
    factor = solve(lambda scale: total(scaled(kept, scale), pace), seconds)
    return scaled(kept, factor)


def scaled(steps: Steps, factor: float) -> Steps:
    """The steps with every hold multiplied by `factor`."""
    return tuple(replace(step, base=step.base * factor) for step in steps)


def without_hurry(steps: Steps, seconds: float) -> Steps:
    """Leave out the least important steps until the others get worthwhile holds within `seconds`.

    Steps that are never left out may get shorter holds; `make validate` checks that each routine fits two minutes.
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


def refit(timeline: Timeline, elapsed: float, rest: Steps, seconds: float, pace: float) -> tuple[Timeline, Steps]:
    """Fit what remains of a routine under way into `seconds`, or as near to it as possible.

    `timeline` is the current step, `elapsed` seconds into it; `rest` are the steps that may follow. Returns the new
    timeline and the steps that follow it.
    """
    if not rest:
        return timeline.ending(elapsed, seconds), ()
    soonest = timeline.rescaled(elapsed, 0.0).duration - elapsed
    kept = without_hurry(rest, seconds - soonest)

    def lasts(factor: float) -> float:
        here = timeline.rescaled(elapsed, factor).duration - elapsed
        return here + total(scaled(kept, factor), pace)

    factor = solve(lasts, seconds)
    return timeline.rescaled(elapsed, factor), scaled(kept, factor)


def solve(seconds_at: Callable[[float], float], wanted: float) -> float:
    """The factor at which the increasing function `seconds_at` comes nearest to `wanted`, by bisection."""
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
    """`minutes` limited to what a plan can have."""
    return min(MOST_MINUTES, max(LEAST_MINUTES, minutes))


def clamp_pace(pace: float) -> float:
    """`pace` limited to what a routine can have."""
    return min(SLOWEST, max(FASTEST, pace))


# Cues: what is said at which second


SECONDS_PER_WORD = 0.45
"""Seconds that a spoken word takes, pauses included: some 135 words a minute."""
BEFORE_END = 8
"""Seconds before the end of the step at which the next one is announced."""
HALFWAY_FROM = 20
"""Holds of at least this many seconds announce their halfway point."""
Line = Callable[[str], Spoken]
"""The coach's sentence of a key."""


@dataclass(frozen=True)
class Cue:
    """What to say, or which hand to show, at a second of the step."""

    at: int
    say: str
    hand: Hand | None = None
    speech: str | None = None
    """Address of `say` as sound; added by the server, if it has a voice."""


@dataclass(frozen=True)
class _Candidate:
    """A cue that is said unless one of a smaller rank talks at the same time."""

    at: int
    say: str
    rank: int
    hand: Hand | None = None

    @property
    def until(self) -> float:
        """The second at which it has been said."""
        return self.at + 1 + SECONDS_PER_WORD * len(self.say.split())


def cues(timeline: Timeline, technique: Technique, line: Line, ending: Spoken) -> tuple[Cue, ...]:
    """The cues of a step in order, none over another; `ending` announces what follows."""
    found = [_Candidate(max(1, timeline.duration - BEFORE_END), ending.say, 1)]
    for index, (hold, start) in enumerate(timeline.spans()):
        found.append(_opening(technique, line, hold, start, is_first=index == 0))
        found += _during(technique, line, hold, start)
    return tuple(Cue(cue.at, cue.say, cue.hand) for cue in _without_overlap(found))


def _opening(technique: Technique, line: Line, hold: Hold, start: int, *, is_first: bool) -> _Candidate:
    """The cue that begins a hold; a change of hands is announced when its time begins."""
    said = line(f"cue_begin_{hold.hand}" if is_first else f"cue_swap_{hold.hand}")
    first = technique.parts[0].say if technique.parts else ""
    return _Candidate(start if is_first else start - SWAP, f"{said.say} {first}".strip(), 0, hold.hand)


def _during(technique: Technique, line: Line, hold: Hold, start: int) -> Iterator[_Candidate]:
    """The cues within a hold: the parts of the technique, or else that half of it is over."""
    parts = technique.parts
    for index, part in enumerate(parts[1:], 1):
        yield _Candidate(start + round(index * hold.seconds / len(parts)), part.say, 2)
    if not parts and hold.seconds >= HALFWAY_FROM:
        said = " ".join([line("cue_halfway").say, technique.tip or ""]).strip()
        yield _Candidate(start + hold.seconds // 2, said, 3)


def _without_overlap(found: list[_Candidate]) -> list[_Candidate]:
    kept: list[_Candidate] = []
    for cue in sorted(found, key=lambda cue: (cue.rank, cue.at)):
        if all(cue.at >= other.until or cue.until <= other.at for other in kept):
            kept.append(cue)
    return sorted(kept, key=lambda cue: cue.at)
