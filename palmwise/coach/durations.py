"""How long something takes, where in the routine the person is."""

from __future__ import annotations

from palmwise.coach import plan
from palmwise.coach.cards import remaining
from palmwise.coach.command import Command
from palmwise.coach.fitting import DEFAULT_ROUTINE
from palmwise.coach.meant import step_number
from palmwise.coach.model import Routine, Spoken
from palmwise.coach.scene import Draft, Outcome, Scene, counted, inline, lasting
from palmwise.coach.words import number


def how_long(scene: Scene, command: Command) -> Outcome:
    """A duration, of whatever is meant: a named routine, this step, the routine at hand, a massage in general."""
    session, routine = scene.session, command.first("routine")
    if routine in scene.content.routines and routine != session.routine:
        steps = plan.whole(scene.content.routines[routine or ""])
        return _duration(
            scene, "how_long_routine", "routine", plan.total(steps, 1.0), scene.content.routines[routine or ""]
        )
    if session.at_a_step and routine is None:
        return _how_long_other_step(scene, command) or _how_long_step(scene)
    if session.state in ("offered", "screening", "preparing"):
        return _duration(scene, "how_long_routine", "routine", session.planned_seconds, scene.routine)
    if session.state == "finished":
        return _duration(scene, "how_long_was_it", "routine", session.planned_seconds, scene.routine)
    if session.state in ("stopped", "running", "paused") and session.routine and session.step:
        return _duration(scene, "how_long_left", "remaining", remaining(scene), scene.routine)
    seconds = plan.total(plan.whole(scene.content.routines[DEFAULT_ROUTINE]), 1.0)
    line = scene.content.faqs["session_length"]
    extra = {"seconds": seconds, "of": "general"}
    return Outcome(scene.session, Draft("duration", (Spoken(line.text, line.short),), extra))


def _how_long_other_step(scene: Scene, command: Command) -> Outcome | None:
    """A step of the routine that is named or numbered, other than the current one; None where there is none."""
    session, technique, said = scene.session, command.first("technique"), command.first("step_number")
    wanted = step_number(session, said) if said else None
    for number_, step in enumerate(session.steps, 1):
        if number_ != session.step and (number_ == wanted or step.technique == technique):
            seconds = step.timeline(session.pace).duration
            line = scene.line("how_long_routine", title=scene.title_at(number_), time=lasting(seconds))
            return Outcome(scene.session, Draft("duration", (line,), {"seconds": seconds, "of": "step"}, where=True))
    return None


def _how_long_step(scene: Scene) -> Outcome:
    place, timeline = scene.place, scene.session.timeline
    left = round(timeline.duration - scene.elapsed)
    key = "how_long_step_each" if len(timeline.holds) > 1 else "how_long_step"
    if left <= 0:
        key += "_over"
    line = scene.line(
        key,
        step=counted(scene.session.step),
        steps=counted(len(scene.session.steps)),
        title=inline(scene.title_at(scene.session.step)),
        hold=lasting(place.hold.seconds),
        whole=lasting(timeline.duration),
        hand=scene.line(f"hand_{place.hold.hand}"),
        left=lasting(scene.hold_left),
    )
    extra = {"seconds": timeline.duration, "of": "step", "left": left}
    return Outcome(scene.session, Draft("duration", (line,), extra))


def _duration(scene: Scene, key: str, of: str, seconds: float, routine: Routine) -> Outcome:
    line = scene.line(key, title=routine.title, time=lasting(seconds))
    return Outcome(
        scene.session,
        Draft("duration", (line,), {"seconds": round(seconds), "of": of, "routine": routine.id}, where=True),
    )


def ask_progress(scene: Scene, command: Command) -> Outcome:
    """Where the person is, what remains."""
    session = scene.session
    if not session.at_a_step:
        stopped = "stopped_flagged" if session.flagged else "progress_stopped"
        key = {"finished": "progress_finished", "stopped": stopped}.get(session.state, "progress_none")
        return Outcome(scene.session, Draft("progress", (scene.line(key),)))
    left = len(session.steps) - session.step
    line = scene.line(
        "progress_last" if left == 0 else "progress",
        step=counted(session.step),
        steps=counted(len(session.steps)),
        title=inline(scene.title_at(session.step)),
        hand=scene.line(f"hand_{scene.place.hold.hand}"),
        after=Spoken(f"{left} more", f"{number(left)} more") if left > 1 else "one more",
        left=lasting(remaining(scene)),
    )
    return Outcome(scene.session, Draft("progress", (line,)))
