"""Handlers before the first step: a massage is asked for, offered, agreed to, screened, prepared."""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach import plan
from palmwise.coach.commands import Command
from palmwise.coach.comparing import talks_of_routine
from palmwise.coach.content import DEFAULT_ROUTINE
from palmwise.coach.model import Spoken
from palmwise.coach.scene import Draft, Outcome, Scene, inline
from palmwise.coach.transitions import (
    change_question,
    clamped,
    left_out,
    note,
    offer,
    offer_for,
    planned,
    prepare,
    replan,
    resume,
    to_step,
    wished_seconds,
    with_minutes,
)

SURE_CHOICE = 0.9
"""Probability from which on a message is taken for the choice of a listed routine, even if it only tells of it."""


def start(scene: Scene, command: Command) -> Outcome:
    """Prepares the named routine; offers one if none is named."""
    scene, routine = with_minutes(scene, command), command.first("routine")
    if routine in scene.content.routines:
        outcome = prepare_anew(scene, routine)
    elif symptom := scene.symptom(command.first("symptom")):
        outcome = offer_for(scene, symptom.id)
    else:
        outcome = offer(scene, scene.session.routine or DEFAULT_ROUTINE)
    return outcome.after(*clamped(scene, command.minutes))


def start_offered(scene: Scene, command: Command) -> Outcome:
    """Prepares the routine on offer, or another one that is named."""
    scene, routine = with_minutes(scene, command), command.first("routine")
    symptom = scene.symptom(command.first("symptom")) if scene.session.state == "offered" else None
    if routine in scene.content.routines:
        outcome = prepare_anew(scene, routine)
    elif symptom:
        outcome = offer_for(scene, symptom.id)
    else:
        outcome = prepare(scene).after(*_newly_left_out(scene, command))
    return outcome.after(*clamped(scene, command.minutes))


def start_prepared(scene: Scene, command: Command) -> Outcome:
    """Begins the first step, or prepares another routine that is named."""
    scene, routine = with_minutes(scene, command), command.first("routine")
    if routine in scene.content.routines and routine != scene.session.routine:
        outcome = prepare_anew(scene, routine)
    else:
        outcome = _first_step(scene).after(*_newly_left_out(scene, command))
    return outcome.after(*clamped(scene, command.minutes))


def start_another(scene: Scene, command: Command) -> Outcome:
    """Asks whether to change to another routine that is named; resumes if paused."""
    session, routine, minutes = scene.session, command.first("routine"), command.minutes
    if routine in scene.content.routines and routine != session.routine:
        wish = session.switch_wish if minutes is None else plan.clamp_minutes(minutes)
        asked = scene.with_session(replace(session, switch_to=routine, switch_wish=wish))
        return Outcome(asked.session, change_question(asked)).after(*clamped(scene, minutes))
    if command.first("minutes"):
        return replan(scene, wished_seconds(command)).after(*clamped(scene, minutes))
    if session.state == "paused":
        return resume(scene)
    return note(scene, "already_in_it")


def insist_on_change(scene: Scene, command: Command) -> Outcome:
    """Changes to the routine that was asked about; asks about another one that is named."""
    session, minutes = scene.session, command.minutes
    named = command.first("routine")
    if named == session.routine:
        return keep_routine(scene, command)
    if named == session.switch_to or (named is None and command.first("minutes") is None):
        wish = session.switch_wish if minutes is None else plan.clamp_minutes(minutes)
        changing = scene.with_session(replace(session, switch_wish=wish))
        return change(changing, command).after(*clamped(scene, minutes))
    return start_another(scene, command)


def change(scene: Scene, command: Command) -> Outcome:
    """Prepares the routine that was asked about."""
    session = scene.session
    wish = session.wish if session.switch_wish is None else session.switch_wish
    return prepare_anew(scene.with_session(replace(session, wish=wish)), session.switch_to)


def keep_routine(scene: Scene, command: Command) -> Outcome:
    """Stays with the routine under way."""
    session = replace(scene.session, switch_to=None, switch_wish=None)
    return note(scene, "stay_with_it", session, current=inline(scene.routine.title))


def accept_offer(scene: Scene, command: Command) -> Outcome:
    """Prepares the routine on offer."""
    return prepare(scene)


def offer_default(scene: Scene, command: Command) -> Outcome:
    """Offers the usual routine."""
    return offer(scene, DEFAULT_ROUTINE)


def decline_offer(scene: Scene, command: Command) -> Outcome:
    """Goes back to where the offer was made: a stopped massage, a red flag, or nowhere."""
    session = scene.session
    if session.kept:
        after = scene.with_session(session.at_kept_place())
        declined = scene.line("declined_kept", title=inline(after.routine.title))
        return Outcome(after.session, Draft("note", (scene.flag_line() if session.flagged else declined,)))
    gone = replace(session.without_open_question(), routine=None, steps=(), wish=None)
    if session.flagged:
        return Outcome(replace(gone, state="stopped"), Draft("note", (scene.flag_line(),)))
    return Outcome(replace(gone, state="none"), Draft("note", (scene.line("declined"),)))


def first_step(scene: Scene, command: Command) -> Outcome:
    """Begins the first step, or the one where the massage was stopped."""
    return _first_step(scene)


def restart_offered(scene: Scene, command: Command) -> Outcome:
    """Offers the routine anew."""
    return offer(scene, scene.session.routine or DEFAULT_ROUTINE)


def restart_before_begin(scene: Scene, command: Command) -> Outcome:
    """Plans the routine anew."""
    return prepare_anew(scene, scene.session.routine)


def prepare_anew(scene: Scene, routine: str | None) -> Outcome:
    """Plans and prepares a routine."""
    after = planned(scene, routine)
    return prepare(after).after(*left_out(after))


def _first_step(scene: Scene) -> Outcome:
    return to_step(scene, max(1, scene.session.step))


def _newly_left_out(scene: Scene, command: Command) -> tuple[Spoken, ...]:
    """A remark on steps left out; without minutes the plan is the one that was told before."""
    return () if command.minutes is None else left_out(scene)


_STARTS = {
    "none": start,
    "finished": start,
    "stopped": start,
    "offered": start_offered,
    "preparing": start_prepared,
    "running": start_another,
    "paused": start_another,
}
"""State -> what begins a routine that was recommended."""


def read_choice(scene: Scene, command: Command) -> str | None:
    """`chosen` if a message surely names one of the listed routines as the wanted one, else None."""
    is_wish = command.intent == "start_routine" and command.first("routine") is not None and command.answer is None
    is_sure = command.learned("routine_choice", SURE_CHOICE) is not None and not talks_of_routine(
        scene.session, command
    )
    return "chosen" if is_wish and is_sure and not command.private and not scene.session.flagged else None


def start_chosen(scene: Scene, command: Command) -> Outcome:
    """Prepares the routine that was chosen from a list; asks first whether to leave the one that is on."""
    return _STARTS[scene.session.state](scene, command)


def start_recommended(scene: Scene, command: Command) -> Outcome:
    """Prepares the routine that was recommended; asks first whether to leave the one that is on."""
    chosen = Command("start_routine", {"routine": scene.session.listed[:1]})
    return _STARTS[scene.session.state](scene, chosen) if scene.session.state in _STARTS else note(scene, "not_begun")
