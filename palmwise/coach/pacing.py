"""Handlers of time and loudness: the minutes somebody has, the pace of the massage, the volume of the voice."""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach import plan
from palmwise.coach.commands import Command
from palmwise.coach.scene import Draft, Outcome, Scene, lasting
from palmwise.coach.transitions import (
    DEFAULT_ROUTINE,
    clamped,
    left_out,
    note,
    offer,
    offer_draft,
    offer_for,
    planned,
    prepare_draft,
    replan,
    screening_draft,
    step_draft,
    wished_seconds,
)

LOUDEST = 3
"""Bound of the volume either way."""


def offer_for_minutes(scene: Scene, command: Command) -> Outcome:
    """Offers a routine that fits the minutes."""
    scene = _with_wish(scene, command)
    routine, symptom = command.first("routine"), scene.symptom(command.first("symptom"))
    if routine is None and symptom:
        outcome = offer_for(scene, symptom.id)
    else:
        known = routine if routine in scene.content.routines else scene.session.routine
        outcome = offer(scene, known or DEFAULT_ROUTINE)
    return outcome.after(*clamped(scene, command.minutes))


def plan_for_minutes(scene: Scene, command: Command) -> Outcome:
    """Plans the routine, or another one that is named, for the minutes."""
    scene = _with_wish(scene, command)
    before, named = scene.session, command.first("routine")
    routine = named if named in scene.content.routines else before.routine
    complaint = before.complaint if routine == before.routine else None
    after = planned(scene, routine)
    after = after.with_session(replace(after.session, state=before.state, complaint=complaint))
    fitted = after.line("planned", minutes=lasting(after.session.planned_seconds))
    remarks = (*clamped(scene, command.minutes), fitted)
    if before.state == "offered":
        draft = offer_draft(after)
    else:
        draft = screening_draft(after) if before.state == "screening" else prepare_draft(after)
        remarks += left_out(after)
    return Outcome(after.session, draft).after(*remarks)


def replan_rest(scene: Scene, command: Command) -> Outcome:
    """Replans what remains for the minutes."""
    return replan(scene, wished_seconds(command)).after(*clamped(scene, command.minutes))


def _with_wish(scene: Scene, command: Command) -> Scene:
    wish = wished_seconds(command) / 60
    return scene.with_session(replace(scene.session.with_kept_place(), wish=wish))


def slow_down(scene: Scene, command: Command) -> Outcome:
    """Makes the remaining holds longer."""
    return _change_pace(scene, plan.PACE_STEP, "slower", "slowest")


def speed_up(scene: Scene, command: Command) -> Outcome:
    """Makes the remaining holds shorter."""
    return _change_pace(scene, -plan.PACE_STEP, "faster", "fastest")


def _change_pace(scene: Scene, change: float, key: str, at_the_end: str) -> Outcome:
    session = scene.session
    pace = plan.clamp_pace(session.pace + change)
    if pace == session.pace:
        return note(scene, at_the_end)
    if not session.at_a_step:
        return Outcome(replace(session, pace=pace), Draft("note", (scene.line(f"{key}_from_the_start"),)))
    frozen = session.frozen_at(scene.now)
    timeline = frozen.timeline.rescaled(frozen.elapsed, pace / session.pace)
    after = scene.with_session(replace(frozen, pace=pace, holds=timeline.holds))
    left = after.line("left_on_hand", on_hand=after.on_hand, left=lasting(max(1.0, after.hold_left)))
    return Outcome(after.session, step_draft(after, after.line(key), left))


def speak_up(scene: Scene, command: Command) -> Outcome:
    """Makes the voice louder."""
    return _change_volume(scene, 1, "louder")


def speak_softly(scene: Scene, command: Command) -> Outcome:
    """Makes the voice softer."""
    return _change_volume(scene, -1, "softer")


def _change_volume(scene: Scene, change: int, key: str) -> Outcome:
    volume = max(-LOUDEST, min(LOUDEST, scene.session.volume + change))
    return note(scene, key, replace(scene.session, volume=volume))
