"""Handlers of time and loudness: the minutes somebody has, the pace of the massage, the volume of the voice."""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach import plan
from palmwise.coach.commands import Command
from palmwise.coach.content import DEFAULT_ROUTINE
from palmwise.coach.scene import Draft, Outcome, Scene, counted, lasting
from palmwise.coach.session import Session
from palmwise.coach.transitions import (
    clamped,
    left_out,
    note,
    offer,
    offer_draft,
    offer_for,
    planned,
    prepare_draft,
    replan,
    resume,
    screening_draft,
    shown,
    step_draft,
    wished_seconds,
)

LONGEST_HOLD = 1200
"""Seconds on one hand that a person can ask for."""
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


def ask_minutes(scene: Scene, command: Command) -> Outcome:
    """Asks how many minutes the person has."""
    return note(scene, "ask_minutes", replace(scene.session, asked_minutes=scene.session.turns))


def set_step_time(scene: Scene, command: Command) -> Outcome:
    """Gives the current step, or another one that is named, the time that was wished for it."""
    session, number = scene.session, _step_meant(scene.session, command)
    if number is None:
        return note(scene, "which_step", steps=counted(len(session.steps)))
    timeline, elapsed = session.timeline_of(number), scene.elapsed if number == session.step else 0.0
    timeline = _timed(timeline, elapsed, command)
    hold = min(timeline.holds[-1].seconds, LONGEST_HOLD)
    timeline = timeline.lasting(elapsed, hold)
    step = replace(session.steps[number - 1], base=hold / session.pace)
    steps = (*session.steps[: number - 1], step, *session.steps[number:])
    frozen = replace(session.frozen_at(scene.now), steps=steps)
    after = scene.with_session(replace(frozen, holds=timeline.holds) if number == session.step else frozen)
    key = "holds_each" if len(timeline.holds) > 1 else f"holds_{timeline.holds[0].hand}"
    line = after.line("step_time", title=after.title_at(number), holds=after.line(key, time=lasting(hold)))
    return shown(after, line)


def _step_meant(session: Session, command: Command) -> int | None:
    """The step that is named or numbered, else the current one; None if there is no such step."""
    technique, said = command.first("technique"), command.first("step_number")
    if technique or said:
        named = [number for number, step in enumerate(session.steps, 1) if step.technique == technique]
        number = session.step_of(said) if said else next(iter(named), None)
        return number if number and 1 <= number <= len(session.steps) else None
    return session.step or None


def _timed(timeline: plan.Timeline, elapsed: float, command: Command) -> plan.Timeline:
    """The timeline with what remains of it as it was wished."""
    change, amount = command.first("change"), float(command.first("amount") or 0)
    if change == "times":
        return timeline.rescaled(elapsed, amount)
    signed = {"more": 60 * amount, "less": -60 * amount}.get(change or "")
    if command.first("extent") == "hand":
        hold = timeline.place(elapsed).hold.seconds
        return timeline.lasting(elapsed, 60 * amount if signed is None else hold + signed)
    end = 60 * amount if signed is None else timeline.duration + signed
    return timeline.ending(elapsed, end - elapsed)


def slow_down(scene: Scene, command: Command) -> Outcome:
    """Makes the remaining holds longer."""
    change = plan.PACE_STEP * (2 if command.first("degree") else 1)
    return _change_pace(scene, command, scene.session.pace + change, "slower", "slowest")


def speed_up(scene: Scene, command: Command) -> Outcome:
    """Makes the remaining holds shorter."""
    change = plan.PACE_STEP * (2 if command.first("degree") else 1)
    return _change_pace(scene, command, scene.session.pace - change, "faster", "fastest")


def normal_pace(scene: Scene, command: Command) -> Outcome:
    """Goes back to the usual pace."""
    return _change_pace(scene, command, 1.0, "usual_pace", "usual_already")


def _change_pace(scene: Scene, command: Command, wanted: float, key: str, at_the_end: str) -> Outcome:
    session = scene.session
    pace = plan.clamp_pace(wanted)
    if pace == session.pace:
        return note(scene, at_the_end)
    if not session.at_a_step:
        return Outcome(replace(session, pace=pace), Draft("note", (scene.line(f"{key}_from_the_start"),)))
    frozen = session.frozen_at(scene.now)
    timeline = frozen.timeline.rescaled(frozen.elapsed, pace / session.pace)
    after = scene.with_session(replace(frozen, pace=pace, holds=timeline.holds))
    if command.first("then") == "resume":
        return resume(after).after(after.line(key))
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
