"""What is said at which second of a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from palmwise.coach.plan import SWAP, Hold
from palmwise.coach.scene import Scene, inline

ROOM_PER_WORD = 0.45
"""Seconds a spoken word takes, pause included: some 135 words a minute."""
LAST_SECONDS = 8
"""Before the end of the step: what comes after it."""


@dataclass(frozen=True)
class Cue:
    """Words for a second of the step."""

    at: int
    say: str
    rank: int
    """Smaller wins where two would talk over each other."""
    hand: str | None = None

    @property
    def until(self) -> float:
        """When it has been said."""
        return self.at + 1 + ROOM_PER_WORD * len(self.say.split())

    def as_json(self) -> dict[str, Any]:
        """As the contract has it."""
        shown: dict[str, Any] = {"at": self.at, "say": self.say}
        return shown | ({"hand": self.hand} if self.hand else {})


def cues(scene: Scene) -> tuple[Cue, ...]:
    """The cues of the current step, in order, none over another."""
    timeline = scene.session.timeline
    found = [_last(scene, timeline.duration)]
    for index, (hold, start) in enumerate(zip(timeline.holds, timeline.starts(), strict=True)):
        found.append(_begin(scene, hold) if index == 0 else _swap(scene, hold, start - SWAP))
        found += _parts(scene, hold, start) or _halfway(scene, hold, start)
    return _without_talking_over(found)


def _begin(scene: Scene, hold: Hold) -> Cue:
    first = scene.technique.parts[0].say if scene.technique.parts else ""
    line = scene.line(f"cue_begin_{hold.hand}")
    return Cue(0, f"{line.say} {first}".strip(), 0, hold.hand)


def _swap(scene: Scene, hold: Hold, at: int) -> Cue:
    first = scene.technique.parts[0].say if scene.technique.parts else ""
    line = scene.line(f"cue_swap_{hold.hand}")
    return Cue(at, f"{line.say} {first}".strip(), 0, hold.hand)


def _parts(scene: Scene, hold: Hold, start: int) -> list[Cue]:
    parts = scene.technique.parts
    return [
        Cue(start + round(index * hold.seconds / len(parts)), part.say, 2) for index, part in enumerate(parts) if index
    ]


def _halfway(scene: Scene, hold: Hold, start: int) -> list[Cue]:
    if hold.seconds < 20:
        return []
    line = scene.line("cue_halfway")
    return [Cue(start + hold.seconds // 2, f"{line.say} {scene.technique.tip or ''}".strip(), 3)]


def _last(scene: Scene, duration: int) -> Cue:
    session = scene.session
    if session.step >= len(session.steps):
        line = scene.line("cue_last_of_all")
    else:
        line = scene.line("cue_last", title=inline(scene.title_at(session.step + 1)))
    return Cue(max(1, duration - LAST_SECONDS), line.say, 1)


def _without_talking_over(found: list[Cue]) -> tuple[Cue, ...]:
    kept: list[Cue] = []
    for cue in sorted(found, key=lambda cue: (cue.rank, cue.at)):
        if all(cue.at >= other.until or cue.until <= other.at for other in kept):
            kept.append(cue)
    return tuple(sorted(kept, key=lambda cue: cue.at))
