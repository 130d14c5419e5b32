"""Handlers of red flags: the massage ends, and whoever wants to go on is asked about what they told.

A doctor's permission is kept, for what is no emergency; a no is not enough. Then, as after "you got me wrong", the
whole safety question is asked anew: nothing begins before its answer.
"""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach.cards import SafetyBody
from palmwise.coach.commands import Command
from palmwise.coach.model import RedFlag, Spoken
from palmwise.coach.scene import Draft, Outcome, Scene
from palmwise.coach.session import Session
from palmwise.coach.transitions import flagged, note, planned, screening_draft, still_flagged, to_permission
from palmwise.language.phrase_matching import UNKNOWN_RED_FLAG
from palmwise.language.tokens import words_of

ANSWERS = "permission"
"""Open question of the content whose answers tell of a doctor's permission."""
FORBIDDEN = "advised_against"
"""Red flag of a doctor's advice; "my doctor says it is fine" may sound like one."""
NO_ANSWERS = frozenset({"how_long", "list_steps", "list_routines", "explain_technique", "explain_benefit", "help"})
"""Intents of questions, which are answered while the coach waits for its own answer."""


def stop_for_red_flag(scene: Scene, command: Command) -> Outcome:
    """Stops, names the help to seek, and offers nothing to massage; not if a doctor has allowed it."""
    known = scene.content.red_flags
    told = (known[value] for value in command.entities.get("symptom", ()) if value in known)
    flag = next(told, known[UNKNOWN_RED_FLAG])
    session = scene.session
    allowed = read_permission(scene, command) == "allowed"
    if allowed and flag.id == FORBIDDEN:
        return note(scene, "noted_symptom")
    if flag.level != "emergency" and (flag.id in session.permitted or allowed):
        return _note_permission(scene, flag)
    urgent = scene.red_flag
    if urgent and scene.is_emergency and flag.level != "emergency":
        # What is told next must not make an emergency forgotten.
        draft = Draft("safety", (scene.flag_line(),), SafetyBody(urgent.level, urgent.reason, urgent.id))
        return Outcome(flagged(scene, urgent.id).knowing(flag.id), draft)
    draft = Draft("safety", (Spoken(flag.text, flag.say),), SafetyBody(flag.level, flag.reason, flag.id))
    return Outcome(flagged(scene, flag.id), draft)


def read_permission(scene: Scene, command: Command) -> str | None:
    """What a message tells of a doctor's permission: allowed, yes, no, wrong, unsure; None if nothing."""
    found = scene.content.questions[ANSWERS].match(words_of(command.text))
    return found.id if found else None


def read_told_permission(scene: Scene, command: Command) -> str | None:
    """The same while the coach has not asked: only what is plain without the question."""
    meaning = read_permission(scene, command)
    return meaning if meaning in ("allowed", "wrong") and not _tells_of_another(scene, command) else None


def read_asked_permission(scene: Scene, command: Command) -> str | None:
    """The same in answer to the coach's question; "unclear" for what is neither an answer nor a question."""
    if _tells_of_another(scene, command):
        return None
    is_question = command.intent in NO_ANSWERS or command.intent.startswith("faq")
    return read_permission(scene, command) or (None if is_question or not command.text else "unclear")


def _tells_of_another(scene: Scene, command: Command) -> bool:
    """Whether a message tells of another red flag than the one that ended the massage."""
    is_flag = command.intent == "report_red_flag"
    return is_flag and command.first("symptom") not in (scene.session.flag, FORBIDDEN)


def after_red_flag(scene: Scene, command: Command) -> Outcome:
    """Says why there is no massage, and what would have to happen first."""
    return still_flagged(scene)


def explain_red_flag(scene: Scene, command: Command) -> Outcome:
    """Tells in an emergency once more what to do; else why there is no massage."""
    flag = scene.red_flag
    if flag is None or flag.level != "emergency":
        return after_red_flag(scene, command)
    body = SafetyBody(flag.level, flag.reason, flag.id)
    return Outcome(scene.session, Draft("safety", (Spoken(flag.text, flag.say),), body))


def ask_permission(scene: Scene, command: Command) -> Outcome:
    """Asks whether a doctor has allowed a massage with what was told; never in an emergency."""
    return to_permission(scene, command.first("routine"))


def take_permission(scene: Scene, command: Command) -> Outcome:
    """Keeps a doctor's permission, and asks the whole safety question anew; in an emergency nothing changes."""
    if scene.is_emergency:
        return after_red_flag(scene, command)
    flag = scene.session.flag
    permitted = scene.session.permitted if flag is None else (*scene.session.permitted, flag)
    return _anew(scene, replace(scene.session, permitted=permitted)).after(scene.flag_line("permission_kept"))


def misheard(scene: Scene, command: Command) -> Outcome:
    """Takes the red flag for a misunderstanding, and asks the whole safety question anew."""
    flags = scene.content.red_flags.keys() - set(scene.session.permitted)
    known = tuple(each for each in scene.session.known if each not in flags)
    return _anew(scene, replace(scene.session, known=known)).after(scene.line("misheard"))


def _anew(scene: Scene, session: Session) -> Outcome:
    session = replace(session, state="screening", screened=False, flagged=False, flag=None, answered_yes=None)
    after = scene.with_session(session)
    after = after if session.steps else planned(after, session.routine)
    return Outcome(after.session, screening_draft(after))


def _note_permission(scene: Scene, flag: RedFlag) -> Outcome:
    session = scene.session.knowing(flag.id)
    if flag.id not in session.permitted:
        session = replace(session, permitted=(*session.permitted, flag.id))
    after = scene.with_session(session)
    return replace(note(after, "noted_symptom"), session=session).after(after.flag_line("permission_kept", flag))
