"""Beginning a step, and showing the one at hand."""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach.cards import step_extra
from palmwise.coach.model import Spoken
from palmwise.coach.scene import Draft, Outcome, Scene, counted, inline, lasting
from palmwise.coach.session import Session

LEAD_IN = 3.0
"""Seconds to put the hands back before the clock goes on, as exercise timers do after a pause."""


def begun(scene: Scene, step: int) -> Session:
    """The session at the first second of a step (from 1)."""
    session = scene.session
    planned = session.steps[step - 1]
    return replace(
        settled(session),
        state="running",
        step=step,
        visit=session.visit + 1,
        holds=planned.timeline(session.pace).holds,
        elapsed=0.0,
        since=scene.now,
    )


def settled(session: Session) -> Session:
    """Without anything that waits for an answer."""
    return replace(session, complaint=None, kept=None, easing=False, switch_to=None, switch_wish=None)


def to_step(scene: Scene, step: int, *before: Spoken) -> Outcome:
    """Goes to a step and shows it."""
    after = scene.with_session(begun(scene, step))
    return Outcome(after.session, step_draft(after, *before, *instruction(after)))


def step_draft(scene: Scene, *lines: Spoken) -> Draft:
    """The card of the current step, with what is to be told about it now."""
    card = "paused" if scene.session.state == "paused" else "step"
    return Draft(card, lines, step_extra(scene))


def instruction(scene: Scene) -> tuple[Spoken, Spoken]:
    """The heading of the current step and what to do."""
    session, step, technique = scene.session, scene.routine_step, scene.technique
    heading = scene.line(
        "step_heading",
        step=counted(session.step),
        steps=counted(len(session.steps)),
        title=scene.title_at(session.step),
        holds=holds(scene),
    )
    return heading, Spoken(step.text or technique.text, step.say or technique.say)


def holds(scene: Scene) -> Spoken:
    """How long the holds of the current step are."""
    parts = scene.session.timeline.holds
    key = "holds_each" if len(parts) > 1 else f"holds_{parts[0].hand}"
    return scene.line(key, time=lasting(parts[-1].seconds))


def resumed(scene: Scene, *before: Spoken) -> Outcome:
    """Lets the clock go on with what was left, after a lead-in."""
    session = replace(settled(scene.session), state="running", since=scene.now + LEAD_IN)
    after = scene.with_session(session)
    place, title = after.place, inline(after.title_at(session.step))
    if after.elapsed >= session.timeline.duration:
        return Outcome(session, step_draft(after, *before, after.line("resumed_over", title=title)))
    left = lasting(max(1.0, after.hold_left))
    line = after.line("resumed", title=title, hand=after.line(f"hand_{place.hold.hand}"), left=left)
    return Outcome(session, step_draft(after, *before, line, instruction(after)[1]))


def finished_draft(scene: Scene) -> Draft:
    """The card after the last step: how to look after the hands now."""
    extra = {"title": scene.routine.title, "detail": scene.content.aftercare.text}
    return Draft("finished", (scene.line("finished"), scene.routine.finish), extra)
