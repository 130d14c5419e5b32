"""Small talk, yes and no, privacy, out of scope, and what was not understood."""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach import moves
from palmwise.coach.beginning import accepted, first_step, offered, prepared, stays, switched
from palmwise.coach.cards import Reply, reply
from palmwise.coach.commands import Command
from palmwise.coach.content import Content
from palmwise.coach.pacing import DEFAULT_ROUTINE
from palmwise.coach.safety import contraindicated
from palmwise.coach.scene import Draft, Outcome, Scene, inline, spoken
from palmwise.coach.session import Session
from palmwise.coach.steps import settled
from palmwise.language.tokens import words_of


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


def wished(content: Content, text: str) -> bool:
    """Whether these words of a person plainly ask that all they said be deleted.

    It is heard by phrases alone, before anything else: such a message is to be understood, stored or counted by nobody.
    Where the same message speaks of a danger or of pain, that goes first.
    """
    words = words_of(text)
    if not content.forgetting.match(words):
        return False
    return not any(content.alarms[kind].match(words) for kind in ("red_flag", "pain"))


def asked(content: Content, text: str) -> bool:
    """Whether they ask for it less plainly, or what becomes of what they say: to be told how it is kept and deleted."""
    return content.privacy.match(words_of(text)) is not None


def deleted(content: Content, session: Session, now: float) -> Reply:
    """What to say once nothing is left; `session` is a new one, `now` in unix seconds."""
    scene = Scene(content, session, now)
    return reply(scene, Draft("note", (scene.line("forgotten"),), {"forgotten": True}))


def kept(scene: Scene) -> Outcome:
    """How what is said is kept, and with which words it is deleted."""
    return Outcome(scene.session, Draft("note", (scene.line("kept"),), where=True))


def kept_as_well(scene: Scene, outcome: Outcome) -> Outcome:
    """Another answer with the same at its end: "delete everything" is easily understood as the massage's end."""
    return replace(outcome, draft=replace(outcome.draft, lines=(*outcome.draft.lines, scene.line("kept"))))
