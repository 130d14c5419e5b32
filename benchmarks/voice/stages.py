"""Takes a turn apart into its stages, by what the client tells of its own times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from benchmarks.voice.recorded import Stretch

_TOLD = re.compile(r"^(\d+\.\d+) ([a-z ]+)$")
SOON = 3.0
"""Seconds in which one stage must follow the other to belong to it."""
Told = Sequence[tuple[float, str]]
INTERRUPTION = (
    ("person begins - speech noticed", "speech began"),
    ("noticed - voice killed", "hushing"),
)
ANSWER = (
    ("person ends - end of speech decided", "speech ended"),
    ("decided - understood", "understood"),
    ("understood - server's answer", "answered"),
    ("answer - given to the voice", "speaking"),
)
KILLED, SOUNDED = "killed - silence", "given to the voice - first sound"


def told(lines: Sequence[str]) -> Told:
    """What the client wrote with --verbose: times of the monotonic clock, what happened."""
    found = (_TOLD.match(line) for line in lines)
    return [(float(one[1]), one[2]) for one in found if one]


def stages(events: Told, said: Sequence[Stretch], coach: Sequence[Stretch]) -> dict[str, float]:
    """Median seconds of each stage."""
    every: dict[str, list[float]] = {name: [] for name, *_ in (*INTERRUPTION, (KILLED,), *ANSWER, (SOUNDED,))}
    for one in said:
        cut = [talk.end for talk in coach if talk.begin < one.begin < talk.end - 0.03]
        killed = _walk(events, one.begin, INTERRUPTION, every) if cut else None
        if killed is not None:
            every[KILLED].append(cut[0] - killed)
        given = _walk(events, one.end, ANSWER, every)
        sounds = [talk.begin - given for talk in coach if given is not None and 0 < talk.begin - given < SOON]
        every[SOUNDED] += sounds[:1]
    return {name: median(times) for name, times in every.items() if times}


def _walk(events: Told, at: float, steps: Sequence[tuple[str, str]], every: dict[str, list[float]]) -> float | None:
    """Adds each step's seconds; the time of the last, None where one did not come."""
    for name, wanted in steps:
        following = next((time for time, what in events if what == wanted and at <= time < at + SOON), None)
        if following is None:
            return None
        every[name].append(following - at)
        at = following
    return at
