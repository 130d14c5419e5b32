"""Small talk, yes and no, what is beside the point, what was not understood."""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach import moves
from palmwise.coach.begin import accepted, first_step, offered, prepared, stays, switched
from palmwise.coach.command import Command
from palmwise.coach.feelings import contraindicated
from palmwise.coach.fitting import DEFAULT_ROUTINE
from palmwise.coach.scene import Draft, Outcome, Scene, inline, spoken
from palmwise.coach.steps import settled


def affirm(scene: Scene, command: Command) -> Outcome:
    """A yes, read from what was asked."""
    session = scene.session
    if session.switch_to:
        return switched(scene)
    if session.state == "offered":
        return accepted(scene)
    if session.state == "screening":
        return contraindicated(scene)
    if session.state == "preparing":
        return first_step(scene)
    if session.at_a_step:
        return moves.resume(scene, command)
    if session.state == "none":
        return offered(scene, DEFAULT_ROUTINE)
    return scene.note("all_right")


def deny(scene: Scene, command: Command) -> Outcome:
    """A no: to an offer, to the safety question; to going on it is a pause."""
    session = scene.session
    if session.switch_to:
        return stays(scene)
    if session.state == "offered":
        return _declined(scene)
    if session.state == "screening":
        return scene.note("yes_and_no") if command.mixed else prepared(scene, scene.line("screened"))
    if session.state == "running":
        return moves.pause(scene, command)
    if session.state == "paused":
        return moves.pause(scene, command)
    return scene.note("no_hurry" if session.state == "preparing" else "all_right")


def _declined(scene: Scene) -> Outcome:
    """Back to where the offer was made: at a massage that was ended, after a red flag, or nowhere."""
    session = scene.session
    if session.kept:
        after = scene.with_session(session.restored())
        key = "stopped_flagged" if session.flagged else "declined_kept"
        return Outcome(after.session, Draft("note", (scene.line(key, title=inline(after.routine.title)),)))
    gone = replace(settled(session), routine=None, steps=(), wish=None)
    if session.flagged:
        return Outcome(replace(gone, state="stopped"), Draft("note", (scene.line("stopped_flagged"),)))
    return Outcome(replace(gone, state="none"), Draft("note", (scene.line("declined"),)))


def goodbye(scene: Scene, command: Command) -> Outcome:
    """In mid-routine it ends the session as well."""
    if scene.session.state in ("none", "finished", "stopped"):
        return scene.note("goodbye")
    return moves.stop(scene, command, "stopped_goodbye")


def greet(scene: Scene, command: Command) -> Outcome:
    """Welcomes, or welcomes back."""
    return scene.note("welcome" if scene.session.state == "none" else "hello_again")


def chat(scene: Scene, command: Command) -> Outcome:
    """Thanks, praise, complaints, whether this is a machine."""
    return scene.note(command.intent)


def out_of_scope(scene: Scene, command: Command) -> Outcome:
    """Things beside the point; of a complaint elsewhere in the body, what reflexology believes."""
    lines = [scene.line("out_of_scope")]
    complaint = scene.content.symptoms.get(command.first("symptom") or "")
    if complaint and complaint.belief:
        lines.append(spoken(complaint.because))
    return Outcome(scene.session, Draft("note", tuple(lines), where=True))


def not_understood(scene: Scene, command: Command) -> Outcome:
    """Short at first; then with buttons; then another way out."""
    misses = scene.session.misses + 1
    session = replace(scene.session, misses=misses)
    hint = scene.line(f"hint_{scene.mood}")
    key = ("miss_first", "miss_second", "miss_third")[min(misses, 3) - 1]
    if misses < 3:
        return Outcome(session, Draft("note", (scene.line(key, hint=hint),), buttons=() if misses == 1 else None))
    return Outcome(session, Draft("help", (scene.line(key), scene.line(f"help_{scene.mood}"))))
