"""Fits a routine to the minutes that a person has, and changes its pace while it runs."""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach import plan
from palmwise.coach.commands import Command
from palmwise.coach.model import Spoken
from palmwise.coach.plan import Timeline
from palmwise.coach.scene import Draft, Outcome, Scene, inline, lasting
from palmwise.coach.session import CHOSEN
from palmwise.coach.steps import step_draft
from palmwise.coach.wording import listed
from palmwise.language.durations import shown_minutes

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


WITHIN = 0.1
"""Part of the minutes asked by which a plan may miss them without a word."""


def replan(scene: Scene, seconds: float, before: tuple[Spoken, ...]) -> Outcome:
    """Fits what remains of a routine under way into `seconds`."""
    session = replace(scene.session.frozen_at(scene.now), wish=seconds / 60)
    here, later = _refitted(scene.with_session(session), seconds)
    # Going to the other hand, or here again, takes the step's base.
    current = replace(session.current, base=here.holds[-1].seconds / session.pace)
    steps = (*session.steps[: session.step - 1], current, *later)
    after = scene.with_session(replace(session, steps=steps, holds=here.holds))
    left = after.session.remaining_at(scene.now)
    key = "replanned" if abs(left - seconds) <= WITHIN * seconds else "replanned_nearly"
    lines = (*before, after.line(key, minutes=lasting(left)), *left_out(after, session.current.source))
    return Outcome(after.session, step_draft(after, *lines))


def _refitted(scene: Scene, seconds: float) -> tuple[Timeline, plan.Steps]:
    """The holds of the current step, and the steps after it, that end `seconds` from now or as near to it as can be."""
    session, rest = scene.session, _still_possible(scene)
    timeline, at = session.timeline, session.elapsed
    if not rest:
        return timeline.ending(at, seconds), ()
    soonest = timeline.rescaled(at, 0.0).duration - at
    kept = plan.without_hurry(rest, seconds - soonest)

    def lasts(factor: float) -> float:
        here = timeline.rescaled(at, factor).duration - at
        return here + plan.total(plan.scaled(kept, factor), session.pace)

    factor = plan.solve(lasts, seconds)
    return timeline.rescaled(at, factor), plan.scaled(kept, factor)


def _still_possible(scene: Scene) -> plan.Steps:
    """Every step of the routine after the current one, those left out before too, in the proportion of what is on."""
    session, steps = scene.session, plan.whole(scene.routine)
    held = max(hold.seconds for hold in session.holds) / session.pace
    share = held / steps[session.current.source].base
    return plan.scaled(steps[session.current.source + 1 :], share)


def slow_down(scene: Scene, command: Command) -> Outcome:
    """Longer holds."""
    return _pace(scene, plan.PACE_STEP, "slower", "slowest")


def speed_up(scene: Scene, command: Command) -> Outcome:
    """Shorter holds."""
    return _pace(scene, -plan.PACE_STEP, "faster", "fastest")


def _pace(scene: Scene, change: float, key: str, at_the_end: str) -> Outcome:
    session = scene.session
    pace = plan.clamp_pace(session.pace + change)
    if pace == session.pace:
        return scene.note(at_the_end)
    if not session.at_a_step:
        return Outcome(replace(session, pace=pace), Draft("note", (scene.line(f"{key}_from_the_start"),)))
    frozen = session.frozen_at(scene.now)
    timeline = frozen.timeline.rescaled(frozen.elapsed, pace / session.pace)
    after = scene.with_session(replace(frozen, pace=pace, holds=timeline.holds))
    on_hand = after.line(f"on_{after.place.hold.hand}")
    left = after.line("left_on_hand", on_hand=on_hand, left=lasting(max(1.0, after.hold_left)))
    return Outcome(after.session, step_draft(after, after.line(key), left))


def speak_up(scene: Scene, command: Command) -> Outcome:
    """A louder voice."""
    return _volume(scene, 1, "louder")


def speak_softly(scene: Scene, command: Command) -> Outcome:
    """A softer voice."""
    return _volume(scene, -1, "softer")


def _volume(scene: Scene, change: int, key: str) -> Outcome:
    volume = max(-3, min(3, scene.session.volume + change))
    return scene.note(key, replace(scene.session, volume=volume))
