"""Handlers of questions about hand massage: the answer in one sentence, more on request.

What was answered last is remembered: the same question is answered in other words, and a short one ("why?",
"how much?") continues its topic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Literal, get_args

from palmwise.coach.cards import Button, FaqBody, TechniqueBody
from palmwise.coach.commands import LEAST, MOVING, NEARLY_SURE, Command
from palmwise.coach.content import Content
from palmwise.coach.model import AnswerTopic, Faq, KnownAnswer, Spoken, StepField
from palmwise.coach.replies import payload
from palmwise.coach.rules import OpenQuestion
from palmwise.coach.scene import Draft, Outcome, Scene, brief, spoken
from palmwise.coach.session import Session
from palmwise.coach.transitions import note, offer_for, picture
from palmwise.language.sentences import asks, form_of
from palmwise.language.tokens import begins_with, words_of

ORDERED = 0.6
"""Probability of an order from which on a sure move is no question."""
FRESH = 2
"""Turns for which an answer is what "why?" and "tell me more" refer to."""
MOST_BUTTONS = 4
LIMITS = "limits"
"""Topic of questions outside the coach's field; their answers refer the person elsewhere."""
REMARKS = "remarks"
"""Topic of what people tell in passing, which gets a warm sentence and no card."""
PLAIN_WORDS = 25
"""Length of a step's instruction, in words, for somebody who asked for simple words."""
WHETHER_GOOD = frozenset({"is_fine", "is_good", "is_safe", "for_whom", "instead", "without"})
"""Forms of questions to which a yes means that something is all right."""
CONDITIONS = ("if ", "once ", "as long as ")
"""How an answer goes on that holds on a condition: "Yes, if it is light" is "No, not if it is light" the other way."""
LONGEST_FOLLOW_UP = 7
TELLING = Literal["said", "short", "more"]
OF_MOVEMENTS = frozenset(
    {"choose", "environment", "often", "length", "pressure", "techniques", "tension_points", "reflex_points"}
)
"""Topics whose answers are about movements in general: in the middle of a step a short question is about that one."""
SHORT_QUESTION = 6
"""Words up to which such a question names nothing that the movement itself has no answer to."""
BARE_DOUBT = "is_it_normal"
"""Answer to the question whether something is normal that was told in the turn before."""
ALL_RIGHT = frozenset({"is_fine", "is_safe", "what_if", "why", "what_is"})
"""Forms of the answers that may tell whether it is."""


def answer(scene: Scene, command: Command) -> Outcome:
    """Answers the recognised question, for the current step if it is about the movement."""
    entry = _fitting_here(scene, command, scene.content.answers[command.answer or ""])
    symptom = scene.symptom(command.first("symptom"))
    if entry.routine and symptom and scene.session.state == "none":
        outcome = offer_for(scene, symptom.id)
        return outcome.after(spoken(entry.say)) if symptom.routine == entry.routine else outcome
    topic = scene.content.topic_of[entry.id].topic
    if topic == REMARKS or (topic == LIMITS and command.intent in ("out_of_scope", "nlu_fallback")):
        session = replace(scene.session, misses=0)
        return Outcome(session, Draft("note", (spoken(entry.say),), tells_place=True))
    return _tell(scene, _turned(scene, entry, command))


def _fitting_here(scene: Scene, command: Command, entry: KnownAnswer) -> KnownAnswer:
    """The answer that fits the place: of what was told just before, or of the movement instead of another massage."""
    session, answers = scene.session, scene.content.answers
    if entry.id == BARE_DOUBT and session.wondered_at == session.turns - 1:
        return next((answers[id] for id in session.wondered if answers[id].form in ALL_RIGHT), entry)
    if session.at_a_step and entry.routine:
        return next((answers[id] for id in command.near if answers[id].step), entry)
    return entry


def _turned(scene: Scene, entry: KnownAnswer, command: Command) -> KnownAnswer:
    """The answer with yes and no the right way round for people who ask whether something is bad rather than good."""
    bad = scene.content.cues.bad
    if entry.form not in WHETHER_GOOD or bad.isdisjoint(command.words) or not bad.isdisjoint(words_of(entry.asks)):
        return entry
    lead, comma, rest = entry.say.partition(", ")
    no = f"No, not {rest}" if rest.startswith(CONDITIONS) else f"No, {rest}"
    turned = {"Yes": no, "No": rest[:1].upper() + rest[1:]}.get(lead if comma else "")
    return replace(entry, say=turned) if turned else entry


def faq(scene: Scene, command: Command) -> Outcome:
    """Answers a question about hand massage: by its topic, if no single answer fits."""
    id = command.intent.removeprefix("faq/")
    if id == "more":
        return tell_more(scene, command)
    if id in scene.content.answers:
        return _tell(scene, scene.content.answers[id])
    entry = scene.content.faqs.get(id)
    if entry is None:
        return unknown_question(scene, command) if command.near else note(scene, "which_question")
    # Who asked in words of their own asked for something in particular; a button is for the whole.
    return _tell_topic(scene, entry, command.near, is_brief=bool(command.text))


def unknown_question(scene: Scene, command: Command) -> Outcome:
    """Says that there is no answer to this question, and names the likest one, which a yes answers."""
    nearest = scene.content.answers[command.near[0]]
    line = scene.line("unknown_question", question=nearest.asks)
    draft = Draft("note", (line,), buttons=_questions(scene, command.near), tells_place=True)
    return Outcome(replace(scene.session, misses=0, doubted=payload(f"faq/{nearest.id}")), draft)


def _tell(scene: Scene, entry: KnownAnswer) -> Outcome:
    if entry.step and scene.session.at_a_step:
        return _tell_of_step(scene, entry.step)
    how = _way_of_telling(scene, entry.id)
    again = (scene.line("what_is_missing"),) if how != "said" else ()
    if how == "said" and scene.session.plain:
        how = "short"
    words = {"said": entry.say, "short": entry.short, "more": entry.more}[how]
    return _answer_card(scene, entry, how, (spoken(words), *again))


def _answer_card(scene: Scene, entry: KnownAnswer, how: TELLING, lines: tuple[Spoken, ...]) -> Outcome:
    topic = scene.content.topic_of[entry.id]
    body = FaqBody(
        f"faq/{topic.faq or topic.topic}",
        scene.line(f"source_{entry.source}").text,
        entry.asks,
        entry.belief,
        answer=entry.id,
        form=entry.form,
        more=None if how == "more" else entry.more,
    )
    listed = (entry.routine,) if entry.routine else scene.session.listed
    session = replace(_remembered(scene.session, entry.id, how), listed=listed)
    more = () if how == "more" else (Button(scene.line("tell_more").text, payload("faq/more")),)
    buttons = _questions(scene, entry.see, more=(*_start_button(scene, entry.routine), *more))
    return Outcome(session, Draft("faq", lines, body, buttons=buttons, tells_place=True))


def _tell_topic(scene: Scene, entry: Faq, near: Iterable[str], *, is_brief: bool) -> Outcome:
    how = _way_of_telling(scene, f"faq/{entry.id}")
    lines: tuple[Spoken, ...] = (Spoken(entry.text, entry.short),)
    if is_brief:
        lines = (spoken(entry.short),)
    if how != "said" or scene.session.plain:
        again = () if how == "said" else (scene.line("what_is_missing"),)
        lines = (spoken(entry.short if how != "more" else entry.text), *again)
    references = tuple(f"{source.name}: {source.title}" for source in scene.content.sources)
    body = FaqBody(
        f"faq/{entry.id}", entry.source, entry.question, entry.belief, references if entry.id == "sources" else None
    )
    buttons = _questions(scene, (*near, *entry.related))
    session = _remembered(scene.session, f"faq/{entry.id}", how)
    return Outcome(session, Draft("faq", lines, body, buttons=buttons, tells_place=True))


def _way_of_telling(scene: Scene, id: str) -> TELLING:
    """First as written; if asked again at once shorter, then at length, so that it is not repeated word for word."""
    session = scene.session
    if session.answered != id or not _is_fresh(session):
        return "said"
    ways: tuple[TELLING, ...] = ("said", "short", "more")
    return ways[(ways.index(session.told) + 1) % len(ways)] if session.told in ways else "short"


def _remembered(session: Session, id: str, how: TELLING) -> Session:
    return replace(session, answered=id, answered_at=session.turns, told=how, misses=0)


def _questions(scene: Scene, ids: Iterable[str], more: tuple[Button, ...] = ()) -> tuple[Button, ...] | None:
    """Buttons for questions; the usual ones at a step, or if there are none."""
    if scene.session.at_a_step:
        return None
    answers, faqs = scene.content.answers, scene.content.faqs
    known = [id for id in dict.fromkeys(ids) if id in faqs or id in answers]
    titles = [faqs[id].question if id in faqs else answers[id].asks for id in known]
    offered = [Button(title, payload(f"faq/{id}")) for title, id in zip(titles, known, strict=True)]
    return (*more, *offered)[:MOST_BUTTONS] or None


def _start_button(scene: Scene, routine: str | None) -> tuple[Button, ...]:
    if routine is None or scene.session.state == "screening" or scene.situation == "flagged":
        return ()
    return (Button(scene.content.routines[routine].title, payload("start_routine", routine=routine)),)


# The current step


def tell_of_step(field: StepField) -> Callable[[Scene, Command], Outcome]:
    """The handler that answers a question about the current movement, or a named one."""

    def handler(scene: Scene, command: Command) -> Outcome:
        return _tell_of_step(scene, field, command.first("technique"))

    handler.__doc__ = f"Tells the {field} of the current movement, or of another one that is named."
    return handler


TELL_OF_STEP = {field: tell_of_step(field) for field in get_args(StepField)}
"""Field of a technique -> the handler of questions about it."""


def _tell_of_step(scene: Scene, field: StepField, named: str | None = None) -> Outcome:
    is_planned = any(step.technique == named for step in scene.session.steps)
    technique = scene.content.techniques[named] if named and is_planned else scene.technique
    line, session = spoken(getattr(technique, field)), replace(scene.session, misses=0)
    if field == "pressure":
        source = scene.content.faqs[field].source
        body = FaqBody(f"faq/{field}", source, technique.title, belief=False, form="how_hard", more=technique.more)
        return Outcome(session, Draft("faq", (line,), body, tells_place=True))
    shown = TechniqueBody(technique.id, technique.title, technique.more, picture(technique))
    return Outcome(session, Draft("technique", (line,), shown, tells_place=True))


def read_about_step(scene: Scene, command: Command) -> str | None:
    """The field of the current movement that is asked for; None if nothing is, or a known answer fits better.

    "How many times?" is about the movement, however often a massage does good.
    """
    entry = scene.content.answers.get(command.answer or "")
    if entry is None:
        return OpenQuestion.declared("step")(scene, command)
    is_general = scene.content.topic_of[entry.id].topic in OF_MOVEMENTS and not (entry.step or entry.condition)
    if not is_general or len(command.words) > SHORT_QUESTION or command.first("symptom"):
        return None
    found = scene.content.questions["step"].match(command.words)
    return found.id if found else None


# A question where a command was expected


def asks_about_pain(scene: Scene, command: Command) -> str | None:
    """What is asked about the pain itself, while the coach asks how to go on; None if nothing is."""
    if command.intent == "report_red_flag" or command.private:
        return None
    found = scene.content.questions["ease_asked"].match(command.words)
    return found.id if found else None


def is_answerable(command: Command) -> bool:
    """Whether there is an answer to what was told in passing or asked, and it was not said to somebody else."""
    least = NEARLY_SURE if command.is_asked else LEAST
    return command.answer is not None and command.acts.get("not_addressed", 0.0) < least


def is_near_question(scene: Scene, command: Command) -> bool:
    """Whether a question, at a step plainly one, names no complaint and comes near some that have an answer."""
    is_plain = command.is_asked and command.first("symptom") is None
    is_sure = not scene.session.at_a_step or command.acts.get("question", 0.0) >= NEARLY_SURE
    return bool(command.near) and is_plain and is_sure


def is_known_question(scene: Scene, command: Command) -> bool:
    """Whether a message asks what there is an answer to; pain while hands are at work comes before any answer."""
    state = scene.session.state
    is_pain_now = command.intent == "report_pain" and state == "running"
    # "Do the other hand, this one's fine" is an order, whatever question it sounds like.
    is_sure = command.intent in MOVING and command.confidence >= NEARLY_SURE and not command.asks_outright
    is_order = scene.session.at_a_step and is_sure and command.acts.get("command", 0.0) >= ORDERED
    is_asked = command.answer is not None and (state != "screening" or command.is_asked)
    return is_asked and not is_pain_now and not is_order


def asks_about_move(scene: Scene, command: Command) -> bool:
    """Whether a move is asked about, not ordered: "does it go on by itself?"."""
    words = command.words
    cues = scene.content.cues
    is_request = words[:1] and words[0] in cues.asking_to_move and cues.naming.isdisjoint(words)
    return scene.session.at_a_step and asks(words) and not is_request


def asks_where_it_stopped(scene: Scene, command: Command) -> bool:
    """Whether it is asked where a massage was stopped: "where did we stop?"."""
    session = scene.session
    return session.state == "stopped" and session.step > 0 and "where" in command.words


def still_as_it_is(scene: Scene, command: Command) -> Outcome:
    """Says that nothing happens by itself."""
    return note(scene, "waits_for_you")


# Follow-up questions


def has_answered(session: Session) -> bool:
    """Whether an answer was given just before."""
    return session.answered is not None and _is_fresh(session)


def _is_fresh(session: Session) -> bool:
    has_moved_on = session.changed > session.answered_at
    return session.turns - session.answered_at <= FRESH and not has_moved_on


def read_follow_up(scene: Scene, command: Command) -> str | None:
    """The meaning of a message that follows up the last answer; None if it does not."""
    words = command.words
    found = scene.content.questions["answer"].match(words)
    if found and not (found.id == "start" and len(scene.session.listed) != 1):
        return found.id
    return "follow" if _following(scene, words) or _alike(scene, command, words) else None


def follow_up(scene: Scene, command: Command) -> Outcome:
    """Answers a follow-up question: on the same topic, or the same question about another thing."""
    words = command.words
    entry = _following(scene, words) or _alike(scene, command, words)
    return _tell(scene, entry) if entry else tell_more(scene, command)


def _alike(scene: Scene, command: Command, words: list[str]) -> KnownAnswer | None:
    """For "and for knitting?": of the similar questions, one of the last answer's topic or form."""
    last = scene.content.answers.get(scene.session.answered or "")
    if (
        last is None
        or command.answer
        or len(words) > LONGEST_FOLLOW_UP
        or not begins_with(words, scene.content.cues.joining)
    ):
        return None
    near = [scene.content.answers[id] for id in command.near if id != last.id]
    topic = scene.content.topic_of[last.id]
    same_topic = (each for each in near if each in topic.answers)
    return next(same_topic, None) or next((each for each in near if each.form == last.form), None)


def _following(scene: Scene, words: list[str]) -> KnownAnswer | None:
    form = form_of(" ".join(words)) if scene.content.cues.bare.issuperset(words) else None
    topic = _topic_answered(scene.content, scene.session)
    if form is None or topic is None or (form == "how_long" and scene.session.at_a_step):
        return None
    last = scene.content.answers.get(scene.session.answered or "")
    fitting = [each for each in topic.answers if each.form == form and each is not last]
    return min(fitting, key=lambda each: last is None or each.id not in last.see, default=None)


def _topic_answered(content: Content, session: Session) -> AnswerTopic | None:
    answered = session.answered or ""
    if answered in content.topic_of:
        return content.topic_of[answered]
    return next((topic for topic in content.topics.values() if topic.faq == answered.removeprefix("faq/")), None)


def tell_why(scene: Scene, command: Command) -> Outcome:
    """Tells why, by the answer of the topic that does, or by the further information of the last answer."""
    entry = _following(scene, ["why"])
    return _tell(scene, entry) if entry else tell_more(scene, command)


def tell_more(scene: Scene, command: Command) -> Outcome:
    """Gives further information on the last answer; says so if there is none."""
    session = scene.session
    entry = scene.content.answers.get(session.answered or "")
    if entry and session.told != "more":
        return _answer_card(scene, entry, "more", (spoken(entry.more),))
    see = entry.see if entry else ()
    faq = scene.content.faqs.get((session.answered or "").removeprefix("faq/"))
    buttons = _questions(scene, faq.related if faq else see)
    return Outcome(session, Draft("note", (scene.line("nothing_more"),), buttons=buttons, tells_place=True))


def put_simply(scene: Scene, command: Command) -> Outcome:
    """Repeats the last answer, or the instruction of the step, in simple words, and keeps to such words."""
    plain = scene.with_session(replace(scene.session, plain=True))
    entry = scene.content.answers.get(scene.session.answered or "")
    if entry and has_answered(scene.session):
        return _answer_card(plain, entry, "short", (spoken(entry.short),))
    named = scene.content.techniques.get(command.first("technique") or "")
    if named or scene.session.at_a_step:
        technique = named or scene.technique
        line = spoken(brief(technique.say, PLAIN_WORDS))
        body = TechniqueBody(technique.id, technique.title, technique.say, picture(technique))
        return Outcome(plain.session, Draft("technique", (line,), body))
    return note(plain, "plain_words", plain.session)
