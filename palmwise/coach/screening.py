"""Handlers of the safety question before a massage: nothing begins before its answer, and only a clear no passes.

The words of the answers are declared in the content (`questions/screening.yml`), by meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from palmwise.coach.cards import SafetyBody
from palmwise.coach.commands import ANSWERING, NO_ANSWERS, URGENT, VAGUE, Command
from palmwise.coach.model import Spoken
from palmwise.coach.scene import HEALING, Draft, Outcome, Scene, spoken, stems_of, without_denied
from palmwise.coach.transitions import flagged, note, prepare, screening_draft
from palmwise.language.phrase_matching import NOES, PLAIN_NEGATIONS, Phrases, is_denied

OTHER_QUESTIONS = NO_ANSWERS | {"explain_step"}
"""Intents of questions that are about the massage rather than about an item of the safety question."""
ASK_FIRST = "Ask your doctor"
"""How the caution of a complaint begins that a doctor is to be asked about before a massage."""
SURE_SLIP = 0.7
"""Probability at which a message counts as taking a yes back; the question is asked again in any case."""
SURE_NONE = 0.5
"""The same for a no to the whole list beside which something else is told."""
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


def read_answer(scene: Scene, command: Command) -> str | None:
    """The meaning of an answer, None if it is none.

    It is one of: no, yes, condition, complaint, unsure, later, ask, past, why, unclear.
    """
    words = without_denied(scene, command.words)
    found = scene.content.questions["screening"].match(words)
    meaning = found.id if found else None
    if meaning == "ask":
        return _read_question(scene, command, words)
    if meaning == "no":
        return "no"
    if command.intent in URGENT:
        return None
    if meaning in ("why", "yes", "unsure", "later", "unclear", "condition"):
        return meaning
    if meaning == "none_of_list":
        return "unclear" if scene.content.alarms["red_flag"].match_hint(words) else "no"
    if meaning == "rest":
        return _read_rest(scene, command, words)
    is_complaint = scene.symptom(command.first("symptom")) is not None and _is_told(scene, command)
    own = [word for at, word in enumerate(words) if at >= REPORTED_WORDS or word not in scene.content.cues.passing_on]
    if is_complaint and own and own[0] in PLAIN_NEGATIONS | NOES:
        return "complaint"
    if meaning == "none_first" and _is_harmless_beside(scene, command, words):
        return "no"
    return _read_unlisted(scene, command, words)


def _read_question(scene: Scene, command: Command, words: Sequence[str]) -> str | None:
    """What is asked about an item of the question, or whether something of long ago counts."""
    if _is_past(scene, words):
        return "past"
    is_about_item = _asked_item(scene, command) or command.intent not in OTHER_QUESTIONS
    return "ask" if is_about_item else None


def _read_rest(scene: Scene, command: Command, words: Sequence[str]) -> str | None:
    """The meaning of a no to everything else: "nothing else"."""
    if _tells_of_healed_cut(scene, words):
        return "no"
    is_told = scene.symptom(command.first("symptom")) is not None and not command.asks_outright
    # "No to everything else" leaves nothing open where it is all that is said, and a complaint was told before.
    is_known = len(words) <= LONGEST_REST and bool(_complaints(scene))
    if not is_told and command.answer is not None and command.asks_outright:
        return None  # It is answered first: "no, nothing else; her skin is thin, does that matter?".
    return "complaint" if is_told or is_known else "unclear"


def _read_unlisted(scene: Scene, command: Command, words: Sequence[str]) -> str | None:
    """The meaning of an answer that no list knows: it never is a clear no."""
    red_flags = scene.content.alarms["red_flag"]
    if command.intent in MISREAD:
        return LEARNED.get(command.learned("screening", SURE_ANSWER) or "")
    if command.intent not in ANSWERING or not words:
        return None
    return "condition" if red_flags.match_hint(words) and not _is_past(scene, words) else "unclear"


def _is_past(scene: Scene, words: Sequence[str]) -> bool:
    """Whether what is told or asked about was long ago, and nothing of it is now."""
    sets = scene.content.alarms["red_flag"].sets
    return bool(Phrases(sets["calm"]).spans(words)) and not Phrases(sets["current"]).spans(words)


def _is_harmless_beside(scene: Scene, command: Command, words: Sequence[str]) -> bool:
    """Whether nothing speaks against a no to the whole list: neither what was learned of it, nor a word of a danger."""
    says_no = command.learned("screening", SURE_NONE) == "no" and not (command.mixed or command.hedged)
    return says_no and not command.has_question_mark and scene.content.alarms["red_flag"].match_hint(words) is None


def _tells_of_healed_cut(scene: Scene, words: Sequence[str]) -> bool:
    """Whether the only danger that is named is a wound that has closed."""
    hints = scene.content.alarms["red_flag"].resolved_hints.items()
    named = {flag for flag, phrases in hints if phrases.spans(words)}
    closed = Phrases(scene.content.questions["screening"].sets["healed"]).spans(words)
    return named == {HEALING} and bool(closed) and not any(is_denied(words, first) for first, _ in closed)


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
    is_slip = meaning in ("slip", "no", "none_first") and command.intent not in URGENT
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
    hint = scene.content.alarms["red_flag"].match_hint(command.words)
    if hint and hint.id == HEALING:
        wound = scene.content.red_flags[HEALING]
        session = replace(flagged(scene, HEALING), answered_yes=scene.session.turns)
        return Outcome(
            session, Draft("safety", (Spoken(wound.text, wound.say),), SafetyBody("doctor", wound.reason, wound.id))
        )
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
    asked = stems_of(scene, command.text)
    return next(
        (item.text for item in scene.content.contraindications.items if asked & stems_of(scene, item.title)), None
    )
