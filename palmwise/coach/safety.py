"""Handlers of symptoms, pain from the massage, red flags, and the safety question before a massage.

After a red flag the massage ends, and a person who wants to continue is asked about what they reported. A doctor's
permission is kept, unless it is an emergency; a no is not enough. Then, as after "you got me wrong", the whole safety
question is asked again: nothing begins before its answer, and only a clear no passes. The words of the answers are
declared in the content (`questions/screening.yml`), by meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from palmwise.coach.cards import SafetyBody
from palmwise.coach.commands import ANSWERING, TALKING, URGENT, VAGUE, Command
from palmwise.coach.model import RedFlag, Spoken, Symptom
from palmwise.coach.scene import Draft, Outcome, Scene, spoken
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
    prepare,
    screening_draft,
    step_draft,
    still_flagged,
    to_permission,
    with_minutes,
)
from palmwise.language.phrase_matching import PLAIN_NEGATIONS, UNKNOWN_RED_FLAG, Phrases, is_denied
from palmwise.language.tokens import words_of

ANY_SYMPTOM = "soreness"
"""Symptom used when none was recognised."""
ANSWERS = "permission"
"""Open question of the content whose answers tell of a doctor's permission."""
FORBIDDEN = "advised_against"
"""Red flag of a doctor's advice; "my doctor says it is fine" may sound like one."""
NO_ANSWERS = frozenset({"how_long", "list_steps", "list_routines", "explain_technique", "explain_benefit", "help"})
"""Intents of questions, which are answered while the coach waits for its own answer."""


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
        return whole.id
    if _denies_flag(scene, command):
        return "harmless"
    # "He takes none. His GP says it's fine": what is denied in one clause is not of the other.
    told = {found.id for part in command.parts if (found := read(part.words))}
    said = told - {"harmless"} or told
    return said.pop() if len(said) == 1 else None


def _denies_flag(scene: Scene, command: Command) -> bool:
    """Whether a message denies the danger that was told, and tells of no other: "no, it isn't hot, just knobbly"."""
    red_flags = scene.content.alarms["red_flag"]
    own = red_flags.resolved_hints.get(scene.session.flag or "")
    told = [first for first, _ in own.spans(command.words)] if own else []
    others = red_flags.match_hint(_without_denied(scene, command.words))
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
    "ask_progress set_duration next_step previous_step go_to_step pause switch_hand explain_benefit "
    "complain out_of_scope nlu_fallback affirm deny stop".split()
)
"""Commands after a red flag that get the reason, and what would have to happen first."""


# The safety question


OTHER_QUESTIONS = NO_ANSWERS | {"explain_step"}
"""Intents of questions that are about the massage rather than about an item of the safety question."""
ASK_FIRST = "Ask your doctor"
"""How the caution of a complaint begins that a doctor is to be asked about before a massage."""
SURE_SLIP = 0.7
"""Probability at which a message counts as taking a yes back; the question is asked again in any case."""
SURE_ANSWER = 0.7
"""Probability at which a learned answer counts."""
LEARNED = {
    "condition": "unclear", "yes": "unclear", "agree": "unclear", "unsure": "unsure", "later": "later",
    "ask_item": "ask", "doctor_ok": "told",
}  # fmt: skip
"""Learned meaning -> the answer that it stands for; a condition that no list knows is asked about."""
MISREAD = VAGUE - ANSWERING | {"stay", "undo"}
"""Intents that an answer to the safety question is easily taken for."""
REPORTED_WORDS = 3
"""Words of an answer, its first, among which the cues may stand that pass somebody else's on: "she says no"."""
LONGEST_REST = 7
"""Words of "well no, nothing else then, dear", which tells of nothing by itself."""
STEM = 4
"""Letters by which a word of a message is compared with the titles of the items."""


def read_answer(scene: Scene, command: Command) -> str | None:
    """The meaning of an answer: no, yes, condition, complaint, unsure, later, ask, why, unclear; None if it is none."""
    red_flags = scene.content.alarms["red_flag"]
    words = _without_denied(scene, command.words)
    found = scene.content.questions["screening"].match(words)
    meaning = found.id if found else None
    if meaning == "ask":
        is_about_item = _asked_item(scene, command) or command.intent not in OTHER_QUESTIONS
        return "ask" if is_about_item else None
    if meaning == "no":
        return "no"
    if command.intent in URGENT:
        return None
    if meaning in ("why", "yes", "unsure", "later", "unclear", "condition"):
        return meaning
    is_complaint = scene.symptom(command.first("symptom")) is not None and _is_told(scene, command)
    if meaning == "none_of_list":
        return "unclear" if red_flags.match_hint(words) else "no"
    if meaning == "rest":
        is_told = scene.symptom(command.first("symptom")) is not None and not command.asks_outright
        # "No to everything else" leaves nothing open where it is all that is said, and a complaint was told before.
        is_known = len(words) <= LONGEST_REST and bool(_complaints(scene))
        if not is_told and command.answer is not None and command.asks_outright:
            return None  # It is answered first: "no, nothing else; her skin is thin, does that matter?".
        return "complaint" if is_told or is_known else "unclear"
    own = [word for at, word in enumerate(words) if at >= REPORTED_WORDS or word not in scene.content.cues.passing_on]
    if is_complaint and own and own[0] in PLAIN_NEGATIONS:
        return "complaint"
    return _read_unlisted(scene, command, words)


def _read_unlisted(scene: Scene, command: Command, words: Sequence[str]) -> str | None:
    """The meaning of an answer that no list knows: it never is a clear no."""
    red_flags = scene.content.alarms["red_flag"]
    if command.intent in MISREAD:
        return LEARNED.get(command.learned("screening", SURE_ANSWER) or "")
    if command.intent not in ANSWERING or not words:
        return None
    is_past = Phrases(red_flags.sets["calm"]).spans(words)
    return "condition" if red_flags.match_hint(words) and not is_past else "unclear"


def _is_told(scene: Scene, command: Command) -> bool:
    """Whether a complaint is told, though it may be asked about: "no; he has cold hands, does that matter?"."""
    if not command.is_asked:
        return True
    first, *rest = command.parts or (command,)
    found = scene.content.questions["screening"].match(first.words)
    says_no = found is not None and found.id == "no"
    tells = any(part.intent == "report_symptom" and not part.asks_outright for part in rest)
    return says_no and tells and scene.content.alarms["red_flag"].match_hint(command.words) is None


def _complaints(scene: Scene) -> list[str]:
    """The complaints that were told before, those first that a doctor is to be asked about."""
    known = (scene.content.symptoms[each] for each in scene.session.known if each in scene.content.symptoms)
    return [each.id for each in sorted(known, key=lambda each: not (each.care or "").startswith(ASK_FIRST))]


def read_slip(scene: Scene, command: Command) -> str | None:
    """`slip` if a message takes the yes of the turn before back, else None."""
    found = scene.content.questions["screening"].match(command.words)
    meaning = found.id if found else command.learned("screening", SURE_SLIP)
    is_slip = meaning in ("slip", "no") and command.intent not in URGENT
    return "slip" if is_slip else None


def pass_screening(scene: Scene, command: Command) -> Outcome:
    """Takes a clear no as the answer to the safety question, and prepares the massage."""
    if command.mixed:
        return note(scene, "yes_and_no")
    return _passed(scene).after(scene.line("screened"))


def pass_with_complaint(scene: Scene, command: Command) -> Outcome:
    """Takes a no beside a complaint for a no, with its caution; asks again if a doctor is to be asked first."""
    symptom = scene.symptom(command.first("symptom")) or scene.content.symptoms[_complaints(scene)[0]]
    after = scene.with_session(scene.session.knowing(symptom.id))
    care = (spoken(symptom.care),) if symptom.care else ()
    if symptom.care and symptom.care.startswith(ASK_FIRST):
        return Outcome(after.session, Draft("note", care))
    return _passed(after).after(after.line("screened"), *care)


def contraindicated(scene: Scene, command: Command) -> Outcome:
    """Takes a yes to the safety question, or a condition that is named, for a red flag."""
    body = SafetyBody("doctor", scene.line("contraindicated").text)
    session = replace(flagged(scene), answered_yes=scene.session.turns)
    return Outcome(session, Draft("safety", (scene.content.contraindications.help,), body))


def take_yes_back(scene: Scene, command: Command) -> Outcome:
    """Takes the yes to the safety question back, which was a slip, and asks it again to be sure."""
    asked = scene.with_session(replace(scene.session, state="screening", flagged=False, flag=None, answered_yes=None))
    return Outcome(asked.session, screening_draft(asked)).after(scene.line("screening_taken_back"))


def doubt(scene: Scene, command: Command) -> Outcome:
    """Advises to ask a doctor first, and asks the safety question again."""
    return note(scene, "screening_unsure")


def ask_in_other_words(scene: Scene, command: Command) -> Outcome:
    """Asks the safety question in other words."""
    draft = replace(screening_draft(scene), lines=(scene.line("screening_unclear"),))
    return Outcome(scene.session, draft)


def ask_safety_first(scene: Scene, command: Command) -> Outcome:
    """Asks the safety question again: nothing begins before its answer."""
    return Outcome(scene.session, screening_draft(scene)).after(scene.line("screening_first"))


def explain_item(scene: Scene, command: Command) -> Outcome:
    """Explains the item of the safety question that is asked about, and whom to ask in case of doubt."""
    text = _asked_item(scene, command)
    return note(scene, "screening_item", item=spoken(text)) if text else note(scene, "screening_unsure")


def _passed(scene: Scene) -> Outcome:
    session = replace(scene.session, screened=True, flagged=False, answered_yes=None)
    return prepare(scene.with_session(session))


def _asked_item(scene: Scene, command: Command) -> str | None:
    """Text of the item that shares a word with the message, by its first letters; None if there is none."""
    asked = _stems(scene, command.text)
    return next(
        (item.text for item in scene.content.contraindications.items if asked & _stems(scene, item.title)), None
    )


def _without_denied(scene: Scene, words: Sequence[str]) -> list[str]:
    """The words less each condition that is denied: "no fever, I haven't had surgery" -> "no i haven't had"."""
    hints = scene.content.alarms["red_flag"].resolved_hints.values()
    items = frozenset[str]().union(*(_stems(scene, item.title) for item in scene.content.contraindications.items))
    spans = [span for phrases in hints for span in phrases.spans(words)]
    spans += [(index, index + 1) for index, word in enumerate(words) if word[:STEM] in items and len(word) >= STEM]
    denied = {index for first, end in spans if is_denied(words, first) for index in range(first, end)}
    return [word for index, word in enumerate(words) if index not in denied]


def _stems(scene: Scene, text: str) -> set[str]:
    words = set(words_of(text)) - scene.content.contraindications.shared
    return {word[:STEM] for word in words if len(word) >= STEM}
