"""Moves through a routine: next, back, to a step, pause, resume, stop, restart, other hand."""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach.beginning import (
    accepted,
    first_step,
    offer_draft,
    offered,
    prepare_draft,
    prepared,
    screening_draft,
    stays,
)
from palmwise.coach.commands import Command
from palmwise.coach.pacing import DEFAULT_ROUTINE, left_out, planned
from palmwise.coach.plan import Hold
from palmwise.coach.scene import Draft, Outcome, Scene, counted, inline
from palmwise.coach.session import Session
from palmwise.coach.steps import begun, finished_draft, instruction, resumed, settled, step_draft, to_step
from palmwise.language.step_references import resolve_step


def next_step(scene: Scene, command: Command) -> Outcome:
    """On to the following step; from the last one to the end."""
    session = scene.session
    if not session.at_a_step:
        return _onward(scene)
    if session.step >= len(session.steps):
        return finished(scene)
    return to_step(scene, session.step + 1)


def _onward(scene: Scene) -> Outcome:
    """What going on means away from a step."""
    state = scene.session.state
    if state == "offered":
        return accepted(scene)
    if state == "screening":
        return Outcome(scene.session, screening_draft(scene, scene.line("screening_first")))
    if state == "preparing":
        return first_step(scene)
    return scene.note({"finished": "already_finished", "stopped": _when_stopped(scene)}.get(state, "nothing_on"))


def _when_stopped(scene: Scene) -> str:
    """What to say of a massage that was ended: after a red flag nothing that invites to go on."""
    return "stopped_flagged" if scene.session.flagged else "already_stopped"


def finished(scene: Scene) -> Outcome:
    """After the last step: how to look after the hands now."""
    session = replace(settled(scene.session), state="finished", holds=(), elapsed=0.0, wish=None)
    after = scene.with_session(session)
    return Outcome(session, finished_draft(after))


def previous_step(scene: Scene, command: Command) -> Outcome:
    """To the step before; the first one stays."""
    session = scene.session
    if session.state == "finished":
        return to_step(scene, len(session.steps))
    if not session.at_a_step:
        return _nothing_here(scene)
    return to_step(scene, session.step - 1) if session.step > 1 else scene.note("first_step_already")


def go_to_step(scene: Scene, command: Command) -> Outcome:
    """To a step by its number, counted from either end or from here, or by its technique."""
    session = scene.session
    if not session.at_a_step and session.state not in ("preparing", "finished"):
        return _nothing_here(scene)
    said, technique = command.first("step_number"), command.first("technique")
    if said is None and technique is not None:
        return _to_technique(scene, technique)
    if said is None:
        wanted = step_named_after(session, command.first("body_part"))
    else:
        wanted = resolve_step(said, session.step, len(session.steps))
    if wanted is None:
        return scene.note("which_step", steps=counted(len(session.steps)))
    if 1 <= wanted <= len(session.steps):
        return to_step(scene, wanted)
    return scene.note("no_such_step", steps=counted(len(session.steps)))


def _to_technique(scene: Scene, technique: str) -> Outcome:
    steps = [number for number, step in enumerate(scene.session.steps, 1) if step.technique == technique]
    if steps:
        return to_step(scene, steps[0])
    known = scene.content.techniques.get(technique)
    return scene.note(
        "not_in_this_one", title=inline(known.title) if known else technique, current=inline(scene.routine.title)
    )


def _nothing_here(scene: Scene) -> Outcome:
    state = scene.session.state
    if state in ("offered", "screening", "preparing"):
        return scene.note("not_begun")
    ended = state == "stopped" and (scene.session.step or scene.session.flagged)
    return scene.note(_when_stopped(scene) if ended else "nothing_on")


def repeat_step(scene: Scene, command: Command) -> Outcome:
    """The same again, whatever is on."""
    return Outcome(scene.session, current(scene))


def pause(scene: Scene, command: Command) -> Outcome:
    """Holds where the routine is; the clock freezes."""
    session = scene.session
    if session.state == "paused":
        return Outcome(session, step_draft(scene, scene.line("still_paused")))
    if session.state in ("finished", "stopped"):
        return _onward(scene)
    if session.state != "running":
        return scene.note("no_hurry")
    after = scene.with_session(replace(session.frozen_at(scene.now), state="paused", switch_to=None))
    return Outcome(after.session, step_draft(after, after.line("paused")))


def resume(scene: Scene, command: Command) -> Outcome:
    """Picks up after a pause or a break, in spite of an offer made since."""
    scene = scene.with_session(scene.session.restored())
    session = scene.session
    if session.state == "paused":
        eased = session.easing
        before = (scene.line("lighter", how=scene.technique.lighter),) if eased else ()
        return resumed(scene, *before)
    if session.state == "stopped" and session.routine:
        return _after_break(scene)
    if session.state == "running":
        return _acknowledged(scene)
    return _onward(scene)


def _after_break(scene: Scene) -> Outcome:
    session = scene.session
    if session.flagged or not session.screened:
        after = scene.with_session(replace(session, state="screening", screened=False))
        return Outcome(after.session, screening_draft(after, after.line("screening_again")))
    if not session.step:
        return prepared(scene)
    if not session.holds:
        return to_step(scene, session.step, scene.line("welcome_back"))
    return resumed(scene, scene.line("welcome_back"))


def _acknowledged(scene: Scene) -> Outcome:
    """An "ok" or "go on" while the clock runs; when it has run out, the following step."""
    if scene.elapsed >= scene.session.timeline.duration:
        return next_step(scene, Command("next_step"))
    return stays(scene) if scene.session.switch_to else scene.note("keep_going")


def stop(scene: Scene, command: Command, line: str = "stopped") -> Outcome:
    """Ends at once, without asking; the place is kept."""
    session = scene.session
    if session.state in ("none", "finished", "stopped"):
        return scene.note("nothing_to_stop")
    stopped = replace(settled(session.frozen_at(scene.now).restored()), state="stopped")
    after = scene.with_session(stopped)
    lines = [after.line("stopped_flagged" if after.mood == "flagged" and line == "stopped" else line)]
    if session.at_a_step:
        lines.append(after.line("stopped_at", step=counted(session.step), title=inline(after.title_at(session.step))))
    return Outcome(stopped, Draft("stopped", tuple(lines)))


def restart(scene: Scene, command: Command) -> Outcome:
    """The routine from its beginning."""
    session = scene.session
    if not session.routine or session.state in ("none", "offered"):
        return offered(scene, session.routine or DEFAULT_ROUTINE)
    fresh = planned(scene, session.routine)
    fewer = left_out(fresh)
    if session.state == "screening" or session.flagged or not session.screened:
        return accepted(fresh, *fewer)
    if session.state == "preparing":
        return prepared(fresh, *fewer)
    return to_step(fresh, 1, fresh.line("from_the_top"), *fewer)


def switch_hand(scene: Scene, command: Command) -> Outcome:
    """To the other hand with its full hold; the step ends with it."""
    session = scene.session
    if not session.at_a_step:
        return _nothing_here(scene)
    here = scene.place.hold.hand
    if here == "both":
        return scene.note("both_hands")
    wanted = command.first("hand")
    other = "right" if here == "left" else "left"
    if wanted == here:
        return scene.note("already_that_hand", hand=scene.line(f"hand_{here}"))
    fresh = begun(scene, session.step)
    hold = Hold("right" if other == "right" else "left", session.current.seconds(session.pace))
    after = scene.with_session(replace(fresh, holds=(hold,)))
    line = after.line("other_hand", hand=after.line(f"hand_{other}"))
    return Outcome(after.session, step_draft(after, line, instruction(after)[1]))


def current(scene: Scene) -> Draft:
    """What a person who looks away and back again needs."""
    session = scene.session
    if session.state == "running":
        return step_draft(scene, *instruction(scene))
    if session.state == "paused":
        return step_draft(scene, scene.line("still_paused"), *instruction(scene))
    if session.state == "offered":
        return offer_draft(scene)
    if session.state == "screening":
        return screening_draft(scene)
    if session.state == "preparing":
        return prepare_draft(scene)
    if session.state == "finished":
        return finished_draft(scene)
    if session.state == "stopped":
        return Draft("stopped", (scene.line("stopped_flagged" if session.flagged else "stopped"),))
    return Draft("note", (scene.line("welcome"),))


def step_named_after(session: Session, part: str | None) -> int | None:
    """The first step named after a part of the hand ("the wrist" is wrist_mobilization); None when there is none."""
    named = [number for number, step in enumerate(session.steps, 1) if part in step.technique.split("_")]
    return named[0] if named else None
