"""Handlers of symptoms, pain from the massage, and red flags."""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach.commands import Command
from palmwise.coach.model import Spoken
from palmwise.coach.scene import Draft, Outcome, Scene, spoken
from palmwise.coach.transitions import (
    change_question,
    clamped,
    left_out,
    note,
    offer,
    offer_for,
    step_draft,
    with_minutes,
)

ANY_SYMPTOM = "soreness"
"""Symptom that stands for one that was not made out."""
UNKNOWN_FLAG = "general"
"""Red flag that stands for one that was not made out."""


def offer_for_symptom(scene: Scene, command: Command) -> Outcome:
    """Offers the routine that suits the symptom."""
    scene, symptom = with_minutes(scene, command), scene.symptom(command.first("symptom"))
    if symptom:
        outcome = offer_for(scene, symptom.id)
    else:
        # Nothing is claimed of a symptom that was not made out; its caution holds all the same.
        usual = scene.content.symptoms[ANY_SYMPTOM]
        outcome = offer(scene, usual.routine).after(spoken(usual.care or usual.because))
    return outcome.after(*clamped(scene, command.minutes))


def note_symptom(scene: Scene, command: Command) -> Outcome:
    """Notes the symptom and its caution; the safety question stays."""
    after = with_minutes(scene, command)
    outcome = _with_care(after, after.line("noted_symptom"), command)
    remarks = left_out(after) if command.minutes is not None else ()
    return outcome.after(*clamped(after, command.minutes), *remarks)


def symptom_while_preparing(scene: Scene, command: Command) -> Outcome:
    """Notes a symptom that the prepared routine suits; offers another routine otherwise."""
    symptom = scene.symptom(command.first("symptom")) or scene.content.symptoms[ANY_SYMPTOM]
    suits = symptom.routine == scene.session.routine
    return note_symptom(scene, command) if suits else offer_for_symptom(scene, command)


def symptom_at_step(scene: Scene, command: Command) -> Outcome:
    """Says how to go about it more gently, with the caution of the symptom."""
    return _with_care(scene, scene.line("symptom_on_the_way", lighter=scene.technique.lighter), command)


def symptom_after_red_flag(scene: Scene, command: Command) -> Outcome:
    """Sends to a doctor, with the caution of the symptom."""
    return _with_care(scene, scene.flag_line(), command)


def _with_care(scene: Scene, line: Spoken, command: Command) -> Outcome:
    symptom = scene.symptom(command.first("symptom")) or scene.content.symptoms[ANY_SYMPTOM]
    care = (spoken(symptom.care),) if symptom.care else ()
    return Outcome(scene.session, Draft("note", (line, *care), tells_place=True))


def ease(scene: Scene, command: Command) -> Outcome:
    """Pauses at once, and asks whether to go on more gently, skip the step, or stop."""
    session = replace(scene.session.frozen_at(scene.now), state="paused", easing=True, switch_to=None, switch_wish=None)
    after = scene.with_session(session)
    draft = step_draft(after, after.line("pain", lighter=scene.technique.lighter))
    return Outcome(session, replace(draft, card="ease"))


def ask_again(scene: Scene, command: Command) -> Outcome:
    """Asks the open question again."""
    if scene.session.easing:
        return ease(scene, command)
    return Outcome(scene.session, change_question(scene))


def pain_away_from_step(scene: Scene, command: Command) -> Outcome:
    """Advises to leave the painful place alone."""
    return note(scene, "pain_away_from_it")
