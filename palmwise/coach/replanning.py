"""Fits what remains of a routine under way into other minutes."""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach import plan
from palmwise.coach.fitting import left_out
from palmwise.coach.model import Spoken
from palmwise.coach.scene import Outcome, Scene, lasting
from palmwise.coach.steps import step_draft
from palmwise.coach.timeline import Timeline

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
