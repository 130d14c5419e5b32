"""Fits a routine to the minutes that a person has."""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach import plan
from palmwise.coach.command import Command
from palmwise.coach.model import Spoken
from palmwise.coach.scene import Scene, inline
from palmwise.coach.session import CHOSEN
from palmwise.coach.words import listed, shown_minutes

DEFAULT_ROUTINE = "classic"


def minutes_of(command: Command) -> float | None:
    """The minutes that were said, if they can be read."""
    try:
        return float(command.first("minutes") or "")
    except ValueError:
        return None


def clamped(scene: Scene, said: float | None) -> tuple[Spoken, ...]:
    """What is to be told about minutes that are too few or too many, if they are."""
    if said is None or plan.clamp_minutes(said) == said:
        return ()
    return (scene.line("minutes_clamped", minutes=shown_minutes(plan.clamp_minutes(said))),)


def planned(scene: Scene, routine: str | None) -> Scene:
    """With a plan for a routine that fits the minutes the person has."""
    id = routine or DEFAULT_ROUTINE
    steps = plan.whole(scene.content.routines[id])
    session = scene.session
    if session.wish is not None:
        steps = plan.fit(steps, session.wish * 60, session.pace)
    fresh = replace(session, routine=id, steps=steps, step=0, holds=(), elapsed=0.0)
    return scene.with_session(fresh)


def with_wish(scene: Scene, command: Command) -> Scene:
    """Remembers the minutes that were said in passing, and plans for them."""
    minutes = minutes_of(command)
    if minutes is None:
        return scene
    wish = plan.clamp_minutes(minutes)
    scene = scene.with_session(replace(scene.session.keeping(), wish=wish))
    return planned(scene, scene.session.routine) if scene.session.routine and scene.session.state in CHOSEN else scene


def left_out(scene: Scene, after: int = -1) -> tuple[Spoken, ...]:
    """Which steps there is no time for, if any; only of those that come `after` an index in the routine's file."""
    kept = {step.source for step in scene.session.steps}
    steps = [step for index, step in enumerate(scene.routine.steps) if index > after and index not in kept]
    titles = [step.title or scene.content.techniques[step.technique].title for step in steps]
    return (scene.line("left_out", titles=listed([inline(title) for title in titles])),) if titles else ()
