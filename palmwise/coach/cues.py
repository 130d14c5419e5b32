"""Cues: what is said at which second of a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from palmwise.coach.cards import Cue
from palmwise.coach.model import Spoken, Technique
from palmwise.coach.plan import SWAP, Hand, Hold, Timeline

SECONDS_PER_WORD = 0.45
"""Seconds that a spoken word takes, pauses included: some 135 words a minute."""
BEFORE_END = 8
"""Seconds before the end of the step at which the next one is announced."""
HALFWAY_FROM = 20
"""Seconds of a hold from which on its half is announced."""
Line = Callable[[str], Spoken]
"""The coach's sentence of a key."""


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
