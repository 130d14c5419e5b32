"""Screening: the safety question before a massage, and how its answers are read.

Only a clear no passes. The words of the answers are declared in the content (`questions/screening.yml`), by meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from palmwise.coach.cards import SafetyBody
from palmwise.coach.commands import ANSWERING, URGENT, VAGUE, Command
from palmwise.coach.scene import Draft, Outcome, Scene, spoken
from palmwise.coach.transitions import flagged, note, prepare, screening_draft
from palmwise.language.phrase_matching import Phrases
from palmwise.language.tokens import words_of

OTHER_QUESTIONS = frozenset(
    "explain_technique explain_step explain_benefit list_steps list_routines how_long help".split()
)
"""Intents of questions that are about the massage rather than about an item of the safety question."""
NEGATIONS = frozenset({"no", "not", "nothing", "without", "none", "nope"})
ASK_FIRST = "Ask your doctor"
"""How the caution of a complaint begins that a doctor is to be asked about before a massage."""
SURE_SLIP = 0.7
"""Probability from which on a message is taken for one that takes a yes back; the question is asked again anyway."""
SURE_ANSWER = 0.7
"""Probability from which on a learned answer counts."""
LEARNED = {
    "condition": "unclear", "yes": "unclear", "agree": "unclear", "unsure": "unsure", "later": "later",
    "ask_item": "ask",
}  # fmt: skip
"""Learned meaning -> the answer that it stands for; a condition that no list knows is asked about."""
MISREAD = VAGUE - ANSWERING | {"stay", "undo"}
"""Intents that an answer to the safety question is easily taken for."""
STEM = 4
"""Letters by which a word of a message is compared with the titles of the items."""
SHARED_WORDS = frozenset({"first", "recent", "sudden", "blood"})
"""Words of titles that do not tell one item from another: "blood pressure" is no clot."""


def read_answer(scene: Scene, command: Command) -> str | None:
    """The meaning of an answer: no, yes, condition, complaint, unsure, later, ask, unclear; None if it is none."""
    red_flags = scene.content.alarms["red_flag"]
    words = _without_denied(scene, words_of(command.text))
    found = scene.content.questions["screening"].match(words)
    meaning = found.id if found else None
    if meaning == "ask":
        is_about_item = _asked_item(scene, command) or command.intent not in OTHER_QUESTIONS
        return "ask" if is_about_item else None
    if meaning == "no":
        return "no"
    if command.intent in URGENT:
        return None
    if meaning in ("yes", "unsure", "later", "unclear"):
        return meaning
    if scene.symptom(command.first("symptom")) and words and words[0] in NEGATIONS:
        return "complaint"
    if command.intent in MISREAD:
        # It never is a clear no.
        return LEARNED.get(command.learned("screening", SURE_ANSWER) or "")
    if command.intent not in ANSWERING or not words:
        return None
    is_past = Phrases(red_flags.sets["calm"]).spans(words)
    return "condition" if red_flags.match_hint(words) and not is_past else "unclear"


def read_slip(scene: Scene, command: Command) -> str | None:
    """`slip` if a message takes the yes of the turn before back, else None."""
    found = scene.content.questions["screening"].match(words_of(command.text))
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
    symptom = scene.content.symptoms[command.first("symptom") or ""]
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
    asked = _stems(command.text)
    return next((item.text for item in scene.content.contraindications.items if asked & _stems(item.title)), None)


def _without_denied(scene: Scene, words: Sequence[str]) -> list[str]:
    """The words less each condition right after a negation: "no fever, nothing swollen" -> "no nothing"."""
    hints = scene.content.alarms["red_flag"].resolved_hints.values()
    items = frozenset[str]().union(*(_stems(item.title) for item in scene.content.contraindications.items))
    spans = [span for phrases in hints for span in phrases.spans(words)]
    spans += [(index, index + 1) for index, word in enumerate(words) if word[:STEM] in items and len(word) >= STEM]
    denied = {index for first, end in spans if first and words[first - 1] in NEGATIONS for index in range(first, end)}
    return [word for index, word in enumerate(words) if index not in denied]


def _stems(text: str) -> set[str]:
    return {word[:STEM] for word in words_of(text) if len(word) >= STEM and word not in SHARED_WORDS}
