"""Symptoms, pain from the massage, and red flags."""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach.beginning import offered, offered_for
from palmwise.coach.commands import Command
from palmwise.coach.model import Spoken
from palmwise.coach.pacing import clamped, left_out, minutes_of, with_wish
from palmwise.coach.scene import Draft, Outcome, Scene, spoken
from palmwise.coach.session import Session
from palmwise.coach.steps import settled, step_draft

ANY_COMPLAINT = "soreness"
"""The symptom to go by when something is wrong and it is not clear what."""
UNKNOWN_FLAG = "general"


def report_symptom(scene: Scene, command: Command) -> Outcome:
    """Offers the routine that suits a complaint; in mid-routine, says how to go about it."""
    said = command.first("symptom")
    symptom = said if said in scene.content.symptoms else None
    if scene.session.at_a_step:
        return _in_mid_routine(scene, symptom or ANY_COMPLAINT)
    if scene.mood == "flagged":
        return _with_care(scene, "stopped_flagged", symptom or ANY_COMPLAINT)
    minutes = minutes_of(command)
    outcome = _at_rest(with_wish(scene, command), symptom, told_minutes=minutes is not None)
    return outcome.after(*clamped(scene, minutes))


def _at_rest(scene: Scene, symptom: str | None, *, told_minutes: bool) -> Outcome:
    state, usual = scene.session.state, scene.content.symptoms[ANY_COMPLAINT]
    suits = scene.session.routine == scene.content.symptoms[symptom or usual.id].routine
    if state == "screening" or (state == "preparing" and suits):
        noted = _with_care(scene, "noted_symptom", symptom or usual.id)
        return noted.after(*left_out(scene)) if told_minutes else noted
    if symptom:
        return offered_for(scene, symptom)
    # What is wrong was not made out, so nothing is claimed of it; the caution holds all the same.
    return offered(scene, usual.routine, spoken(usual.care or usual.because))


def _in_mid_routine(scene: Scene, symptom: str) -> Outcome:
    return _with_care(scene, "symptom_on_the_way", symptom, lighter=scene.technique.lighter)


def _with_care(scene: Scene, key: str, symptom: str, **values: object) -> Outcome:
    """A sentence about a complaint, then its caution."""
    care = scene.content.symptoms[symptom].care
    lines = (scene.line(key, **values), *((spoken(care),) if care else ()))
    return Outcome(scene.session, Draft("note", lines, where=True))


def report_pain(scene: Scene, command: Command) -> Outcome:
    """Pauses at once; offers lighter, leaving the step out, or ending."""
    session = scene.session
    if not session.at_a_step:
        return scene.note("pain_away_from_it")
    after = scene.with_session(replace(session.frozen_at(scene.now), state="paused", easing=True, switch_to=None))
    draft = step_draft(after, after.line("pain", lighter=scene.technique.lighter))
    return Outcome(after.session, replace(draft, card="ease"))


def report_red_flag(scene: Scene, command: Command) -> Outcome:
    """Stops whatever is on, says which help to seek, offers nothing to massage.

    Which red flag it is comes as a value of the entity `symptom`.
    """
    known = scene.content.red_flags
    flag = next((known[value] for value in command.entities.get("symptom", ()) if value in known), known[UNKNOWN_FLAG])
    session = flagged(scene)
    extra = {"level": flag.level, "reason": flag.reason, "id": flag.id}
    return Outcome(session, Draft("safety", (Spoken(flag.text, flag.say),), extra))


def contraindicated(scene: Scene) -> Outcome:
    """A yes to the safety question."""
    told = scene.content.contraindications.help
    extra = {"level": "doctor", "reason": scene.line("contraindicated").text}
    return Outcome(flagged(scene), Draft("safety", (told,), extra))


def flagged(scene: Scene) -> Session:
    """Stopped by a red flag: the safety question comes again before anything else."""
    session = settled(scene.session.frozen_at(scene.now).restored())
    return replace(session, state="stopped", screened=False, flagged=True)
