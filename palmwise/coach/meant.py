"""Which step of the plan is meant."""

from __future__ import annotations

from palmwise.coach.session import Session


def step_number(session: Session, said: str) -> int | None:
    """The step meant by "4", "last", "last-1", "-2" (two back) or "+1"; None when it cannot be read."""
    try:
        if said.startswith("last"):
            return len(session.steps) + int(said.removeprefix("last") or 0)
        value = int(said)
    except ValueError:
        return None
    return session.step + value if said[0] in "+-" else value


def step_named_after(session: Session, part: str | None) -> int | None:
    """The first step named after a part of the hand ("the wrist" is wrist_mobilization); None when there is none."""
    named = [number for number, step in enumerate(session.steps, 1) if part in step.technique.split("_")]
    return named[0] if named else None
