"""From a wish or a complaint to the first step: offering, the safety question, preparing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from palmwise.coach import plan
from palmwise.coach.commands import Command
from palmwise.coach.model import Spoken
from palmwise.coach.pacing import DEFAULT_ROUTINE, clamped, left_out, minutes_of, planned, replan, with_wish
from palmwise.coach.scene import Draft, Outcome, Scene, inline, lasting, spoken
from palmwise.coach.session import CHOSEN
from palmwise.coach.steps import resumed, settled, to_step

QUICK = 5.0
"""Minutes of "a quick one"; the shortest session that the article speaks of."""


def start_routine(scene: Scene, command: Command) -> Outcome:
    """Begins, or asks first where another routine is on."""
    if scene.session.at_a_step:
        return _start_in_mid_routine(scene, command)
    return _begun(with_wish(scene, command), command).after(*clamped(scene, minutes_of(command)))


def _begun(scene: Scene, command: Command) -> Outcome:
    session, routine = scene.session, command.first("routine")
    if routine in scene.content.routines and not (session.state == "preparing" and routine == session.routine):
        return _planned_anew(scene, routine or "")
    symptom = command.first("symptom")
    if symptom in scene.content.symptoms and session.state not in ("screening", "preparing"):
        return offered_for(scene, symptom or "")
    if session.state not in ("offered", "screening", "preparing"):
        return offered(scene, session.routine or DEFAULT_ROUTINE)
    # Without minutes the plan is the one that was told before.
    fewer = () if minutes_of(command) is None else left_out(scene)
    return first_step(scene, *fewer) if session.state == "preparing" else accepted(scene, *fewer)


def _planned_anew(scene: Scene, routine: str) -> Outcome:
    after = planned(scene, routine)
    return accepted(after, *left_out(after))


def _start_in_mid_routine(scene: Scene, command: Command) -> Outcome:
    session, routine, minutes = scene.session, command.first("routine"), minutes_of(command)
    before = clamped(scene, minutes)
    wish = session.switch_wish if minutes is None else plan.clamp_minutes(minutes)
    insists = routine == session.switch_to or (routine is None and command.first("minutes") is None)
    if session.switch_to and insists:
        return switched(scene.with_session(replace(session, switch_wish=wish))).after(*before)
    if routine in scene.content.routines and routine != session.routine:
        asked = scene.with_session(replace(session, switch_to=routine, switch_wish=wish))
        return Outcome(asked.session, _switch_question(asked)).after(*before)
    if command.first("minutes"):
        return set_duration(scene, command)
    if session.state == "paused":
        return resumed(scene)
    return stays(scene) if session.switch_to else scene.note("already_in_it")


def _switch_question(scene: Scene) -> Draft:
    routine = scene.content.routines[scene.session.switch_to or ""]
    line = scene.line("ask_switch", title=inline(routine.title), current=inline(scene.routine.title))
    return Draft("offer", (line,), {"routine": routine.id, "because": line.text, "title": inline(routine.title)})


def switched(scene: Scene) -> Outcome:
    """A yes to another routine than the one that is on, for the minutes that were said with it, if any."""
    session = scene.session
    wish = session.wish if session.switch_wish is None else session.switch_wish
    return _planned_anew(scene.with_session(replace(session, wish=wish)), session.switch_to or "")


def stays(scene: Scene) -> Outcome:
    """A no to another routine than the one that is on."""
    session = replace(scene.session, switch_to=None, switch_wish=None)
    return scene.note("stay_with_it", session, current=inline(scene.routine.title))


def offered(scene: Scene, routine: str, *before: Spoken, symptom: str | None = None) -> Outcome:
    """Proposes a routine; a yes starts it, and until then the place in one that was ended is kept."""
    scene = planned(scene.with_session(scene.session.keeping()), routine)
    scene = scene.with_session(replace(scene.session, state="offered", complaint=symptom))
    return Outcome(scene.session, offer_draft(scene, *before))


def offered_for(scene: Scene, symptom: str, *before: Spoken) -> Outcome:
    """Proposes the routine that suits a complaint."""
    return offered(scene, scene.content.symptoms[symptom].routine, *before, symptom=symptom)


def offer_draft(scene: Scene, *before: Spoken) -> Draft:
    """The card of what is on offer, with the reason."""
    session, routine = scene.session, scene.routine
    symptom = scene.content.symptoms.get(session.complaint or "")
    because = symptom.because if symptom else routine.good_for
    minutes = lasting(session.planned_seconds)
    lines = [*before, spoken(because)]
    if symptom and symptom.care:
        lines.append(spoken(symptom.care))
    lines += left_out(scene)
    lines.append(scene.line("offer", title=inline(routine.title), minutes=minutes, steps=len(session.steps)))
    return Draft("offer", tuple(lines), {"routine": routine.id, "because": because, "title": routine.title})


def accepted(scene: Scene, *before: Spoken) -> Outcome:
    """A routine was agreed to: the safety question first, once; then the preparation."""
    session = settled(scene.session)
    if not session.screened:
        after = scene.with_session(replace(session, state="screening"))
        return Outcome(after.session, screening_draft(after, *before))
    return prepared(scene.with_session(session), *before)


def screening_draft(scene: Scene, *before: Spoken) -> Draft:
    """The safety question."""
    asked = scene.content.contraindications
    items = [{"id": item.id, "title": item.title, "text": item.text} for item in asked.items]
    return Draft("screening", (*before, asked.question), {"items": items})


def prepared(scene: Scene, *before: Spoken) -> Outcome:
    """Shows what to get ready; the step where a massage was broken off is kept."""
    session = replace(scene.session, state="preparing", screened=True, flagged=False)
    after = scene.with_session(session)
    return Outcome(session, prepare_draft(after, *before))


def prepare_draft(scene: Scene, *before: Spoken) -> Draft:
    """The card of what to get ready."""
    lines = (*before, scene.routine.prepare, scene.line("prepare_ask"))
    return Draft("prepare", lines, {"title": scene.routine.title, "detail": scene.content.preparation.text})


def first_step(scene: Scene, *before: Spoken) -> Outcome:
    """From the preparation to the massage: its first step, or the one where it was broken off."""
    return to_step(scene, max(1, scene.session.step), *before)


def set_duration(scene: Scene, command: Command) -> Outcome:
    """Plans for the minutes that the person has, or replans what remains."""
    said = minutes_of(command)
    said = QUICK if said is None else said
    wish = plan.clamp_minutes(said)
    before = clamped(scene, said)
    if scene.session.at_a_step:
        return replan(scene, wish * 60, before)
    scene = scene.with_session(replace(scene.session.keeping(), wish=wish))
    session, named = scene.session, command.first("routine")
    routine = named if named in scene.content.routines else session.routine
    symptom = command.first("symptom")
    if session.state not in CHOSEN and not named and symptom in scene.content.symptoms:
        return offered_for(scene, symptom or "", *before)
    if session.state not in CHOSEN:
        return offered(scene, routine or DEFAULT_ROUTINE, *before)
    state, complaint = session.state, session.complaint if routine == session.routine else None
    scene = planned(scene, routine)
    scene = scene.with_session(replace(scene.session, state=state, complaint=complaint))
    fitted = (*before, scene.line("planned", minutes=lasting(scene.session.planned_seconds)))
    drafts: Mapping[str, Any] = {"offered": offer_draft, "screening": screening_draft, "preparing": prepare_draft}
    extra = () if state == "offered" else left_out(scene)
    return Outcome(scene.session, drafts[state](scene, *fitted, *extra))
