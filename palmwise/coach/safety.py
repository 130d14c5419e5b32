"""Handlers of symptoms, pain from the massage, and red flags.

After a red flag the massage ends, and a person who wants to continue is asked about what they reported. A doctor's
permission is kept, unless it is an emergency; a no is not enough. Then, as after "you got me wrong", the whole safety
question is asked again (`palmwise.coach.screening`).
"""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach.cards import SafetyBody
from palmwise.coach.commands import NO_ANSWERS, TALKING, URGENT, Command
from palmwise.coach.model import RedFlag, Spoken, Symptom
from palmwise.coach.scene import Draft, Outcome, Scene, spoken, without_denied
from palmwise.coach.session import Session
from palmwise.coach.transitions import (
    change_question,
    clamped,
    flagged,
    left_out,
    note,
    offer,
    offer_for,
    planned,
    screening_draft,
    step_draft,
    still_flagged,
    to_permission,
    with_minutes,
)
from palmwise.language.phrase_matching import UNKNOWN_RED_FLAG, Phrases, is_denied

ANY_SYMPTOM = "soreness"
"""Symptom used when none was recognised."""
ANSWERS = "permission"
"""Open question of the content whose answers tell of a doctor's permission."""
FORBIDDEN = "advised_against"
"""Red flag of a doctor's advice; "my doctor says it is fine" may sound like one."""


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
    outcome = _with_care(after, after.line("noted_symptom"), scene.symptom(command.first("symptom")))
    remarks = left_out(after) if command.minutes is not None else ()
    return outcome.after(*clamped(after, command.minutes), *remarks)


def symptom_while_preparing(scene: Scene, command: Command) -> Outcome:
    """Notes a symptom that the prepared routine suits; offers another routine otherwise."""
    symptom = scene.symptom(command.first("symptom")) or scene.content.symptoms[ANY_SYMPTOM]
    suits = symptom.routine == scene.session.routine
    return note_symptom(scene, command) if suits else offer_for_symptom(scene, command)


def symptom_at_step(scene: Scene, command: Command) -> Outcome:
    """Says how to go about it more gently, with the caution of the symptom."""
    return _with_care(
        scene,
        scene.line("symptom_on_the_way", lighter=scene.technique.lighter),
        scene.symptom(command.first("symptom")),
    )


def symptom_after_red_flag(scene: Scene, command: Command) -> Outcome:
    """Sends to a doctor, with the caution of the symptom."""
    return _with_care(scene, scene.flag_line(), scene.symptom(command.first("symptom")))


def _with_care(scene: Scene, line: Spoken, symptom: Symptom | None) -> Outcome:
    care = (spoken(symptom.care),) if symptom and symptom.care else ()
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


# Red flags


def stop_for_red_flag(scene: Scene, command: Command) -> Outcome:
    """Stops, names the help to seek, and offers nothing to massage; not if a doctor has allowed it."""
    known = scene.content.red_flags
    told = (known[value] for value in command.entities.get("symptom", ()) if value in known)
    flag = next(told, known[UNKNOWN_RED_FLAG])
    session = scene.session
    allowed = read_permission(scene, command) == "allowed"
    if allowed and flag.id == FORBIDDEN:
        return note(scene, "noted_symptom")
    # What a doctor has allowed has a name: a danger without one may be another.
    is_permitted = flag.id in session.permitted and flag.id != UNKNOWN_RED_FLAG
    if flag.level != "emergency" and allowed:
        return _note_permission(scene, flag)
    if flag.level != "emergency" and is_permitted:
        return replace(note(scene, "noted_symptom"), session=session.knowing(flag.id))
    urgent = scene.red_flag
    if urgent and scene.is_emergency and flag.level != "emergency":
        # A later report must not replace an emergency.
        draft = Draft("safety", (scene.flag_line(),), SafetyBody(urgent.level, urgent.reason, urgent.id))
        return Outcome(flagged(scene, urgent.id).knowing(flag.id), draft)
    draft = Draft("safety", (Spoken(flag.text, flag.say),), SafetyBody(flag.level, flag.reason, flag.id))
    return Outcome(flagged(scene, flag.id), draft)


def read_permission(scene: Scene, command: Command) -> str | None:
    """What a message tells of a doctor's permission: allowed, yes, no, wrong, harmless, unsure; None if nothing."""
    read = scene.content.questions[ANSWERS].match
    if whole := read(command.words):
        is_lifted = whole.id == "harmless" and not _confirms_sign(scene, command)
        return whole.id if is_lifted or whole.id != "harmless" else None
    if _denies_flag(scene, command):
        return "harmless"
    # "He takes none. His GP says it's fine": what is denied in one clause is not of the other.
    told = {found.id for part in command.parts if (found := read(part.words))}
    said = told - {"harmless"} or told
    return said.pop() if len(said) == 1 else None


def _confirms_sign(scene: Scene, command: Command) -> bool:
    """Whether a sign of a danger is told beside what is denied: "a bit open, not bleeding"."""
    sets, words = scene.content.questions[ANSWERS].sets, command.words
    told = Phrases(sets["signs"]).spans(words)
    if not Phrases((*sets["long_known"], *sets["elsewhere"])).spans(words):
        told += Phrases(sets["swellings"]).spans(words)
    return any(not is_denied(words, first) for first, _ in told)


def _denies_flag(scene: Scene, command: Command) -> bool:
    """Whether a message denies the danger that was told, and tells of no other: "no, it isn't hot, just knobbly"."""
    red_flags = scene.content.alarms["red_flag"]
    own = red_flags.resolved_hints.get(scene.session.flag or "")
    told = [first for first, _ in own.spans(command.words)] if own else []
    others = red_flags.match_hint(without_denied(scene, command.words))
    if _confirms_sign(scene, command):
        return False
    is_denied_here = bool(told) and all(is_denied(command.words, first) for first in told)
    return is_denied_here and others is None and command.intent not in URGENT and not command.asks_outright


def read_told_permission(scene: Scene, command: Command) -> str | None:
    """The same while the coach has not asked: only what is plain without the question."""
    meaning = read_permission(scene, command)
    return meaning if meaning in ("allowed", "wrong", "harmless") and not _tells_of_another(scene, command) else None


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
    """Says why there is no massage, and what would have to happen first; who asks is told again what to do."""
    is_asked = command.intent in TALKING and command.is_asked
    return explain_red_flag(scene, command) if is_asked else still_flagged(scene)


def explain_red_flag(scene: Scene, command: Command) -> Outcome:
    """Tells once more what to do; if no danger was named, why there is no massage."""
    flag = scene.red_flag
    if flag is None:
        return still_flagged(scene)
    body = SafetyBody(flag.level, flag.reason, flag.id)
    return Outcome(scene.session, Draft("safety", (Spoken(flag.text, flag.say),), body))


def ask_permission(scene: Scene, command: Command) -> Outcome:
    """Asks whether a doctor has allowed a massage with what was told; never in an emergency."""
    return to_permission(scene, command.first("routine"))


def take_permission(scene: Scene, command: Command) -> Outcome:
    """Keeps a doctor's permission, and asks the whole safety question again; in an emergency nothing changes."""
    if scene.is_emergency:
        return after_red_flag(scene, command)
    flag = scene.session.flag
    permitted = scene.session.permitted if flag is None else (*scene.session.permitted, flag)
    return _anew(scene, replace(scene.session, permitted=permitted)).after(scene.flag_line("permission_kept"))


def misheard(scene: Scene, command: Command) -> Outcome:
    """Takes the red flag for a misunderstanding, and asks the whole safety question again."""
    flags = scene.content.red_flags.keys() - set(scene.session.permitted)
    known = tuple(each for each in scene.session.known if each not in flags)
    return _anew(scene, replace(scene.session, known=known)).after(scene.line("misheard"))


def harmless_after_all(scene: Scene, command: Command) -> Outcome:
    """Asks the whole safety question again where what was told is said to be no danger; not in an emergency."""
    return after_red_flag(scene, command) if scene.is_emergency else misheard(scene, command)


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


HELD_BACK = (
    "ask_progress set_duration next_step previous_step go_to_step pause switch_hand "
    "complain out_of_scope nlu_fallback affirm deny stop".split()
)
"""Commands after a red flag that get the reason, and what would have to happen first."""
