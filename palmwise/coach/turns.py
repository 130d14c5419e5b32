"""Turns: a session and a command become the next session and the reply, by the rules of a `Behaviour`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from palmwise.coach.answers_here import fitted_to_scene
from palmwise.coach.cards import OverviewBody, PlanStep, RoutinesBody, TechniqueBody
from palmwise.coach.clauses import NOT_YOU
from palmwise.coach.commands import (
    ANSWERING,
    CERTAIN,
    HALTING,
    HARDLY_SURE,
    LEAST,
    MOVING,
    ONWARD,
    Command,
    doubt_of,
)
from palmwise.coach.content import Content
from palmwise.coach.interpretation import Reader, interpret
from palmwise.coach.replies import UNDONE_BY_TAP, Reply, render, with_undo
from palmwise.coach.rules import Guard, Handler, OpenQuestion, Row
from palmwise.coach.scene import Draft, Outcome, Scene, inline
from palmwise.coach.session import CHOSEN, Session
from palmwise.coach.transitions import (
    FOR_OTHER,
    current_draft,
    permission_draft,
    plan_steps,
    screening_draft,
    to_permission,
)
from palmwise.coach.turn_plan import UNDO, plan_turn
from palmwise.language.phrase_matching import Phrases
from palmwise.language.sentences import asks
from palmwise.language.step_references import GO_TO

DOUBTED = "did_you_mean"
"""Id of the question whether something was meant."""
STATE_CARDS = frozenset("step paused ease prepare screening offer finished stopped safety".split())
"""Cards that show where the person is; a client needs the newest of them."""
TIMER_TOLERANCE = 2.0
"""A timer is accepted this many seconds before a step ends: the clocks of client and server may differ by as much."""
OWN = "own"
"""Meaning of what says that the hands are the person's own, whatever was heard before."""
WANTED = 0.6
"""Probability of an order from which on a time is not just told in passing."""
SURE_ANSWER = 0.7
"""Chance of an answer from which on a question is surely the one that it answers."""
CHANGING = MOVING | frozenset(
    "ask_minutes end_after hand_first leave_part_out normal_pace one_hand put_back set_step_time".split()
)
"""Intents, those that only readers find among them, that change something, or ask how."""
TOLD = "told_time"
"""Reading of a number that is told in passing."""


@dataclass(frozen=True)
class Turn:
    """What a command led to."""

    session: Session
    reply: Reply | None
    """None: say nothing, as to a timer whose step is over."""


@dataclass(frozen=True)
class Behaviour:
    """What happens for each command in each state, and how turns are taken by it."""

    table: Mapping[str, Row]
    """Intent of a single sentence -> its row."""
    interpreted: Mapping[str, Row]
    """The same for what only the `readers` find."""
    readers: tuple[Reader, ...]
    """What a message means in the conversation; the first that finds something decides."""
    questions: tuple[OpenQuestion, ...]
    """What a person says is read against these first, in this order."""
    guards: tuple[Guard, ...]
    """Asked next, in this order; the first one that answers wins."""

    def act(self, content: Content, session: Session, command: Command, now: float) -> Turn:
        """Take one turn at `now` (unix seconds). Pure: the same arguments give the same turn."""
        session = session.renewed_at(now).with_clock_report(command.clock, now)
        if command.by == "timer" and not is_due(session, command):
            return Turn(session, None)
        session = replace(session.advanced_to(now), turns=session.turns + 1, seen=now)
        scene = Scene(content, session, now)
        scene = scene.with_session(_with_what_was_told(scene, command))
        commands = plan_turn(scene, fitted_to_scene(scene, command), self.answer_of)
        outcome = self._carry_out(scene, commands[0])
        for following in commands[1:]:
            then = scene.with_session(outcome.session)
            # A question that has just been asked was not heard yet when this was said.
            was_open = self.asked(then.session) == self.asked(session)
            if not was_open and _is_unheard(following):
                continue
            next_outcome = self._carry_out(then, following, may_answer=was_open)
            outcome = _joined(outcome, next_outcome, undone=commands[0].intent == UNDO)
        doubted = outcome.session.doubted if outcome.session.doubted != session.doubted else ""
        remembered = replace(outcome.session, last=commands[-1].intent, doubted=doubted).remembering(session)
        after = scene.with_session(remembered)
        draft = _with_open_question(scene, after, command, outcome.draft)
        has_moved = command.by == "button" and after.session.changed == session.turns
        if has_moved and draft.buttons is None and after.situation in UNDONE_BY_TAP and not after.session.easing:
            draft = replace(draft, buttons=with_undo(after))
        return Turn(after.session, render(after, draft, self.asked(after.session)))

    def view(self, content: Content, session: Session, now: float) -> Reply:
        """The current card again, for a reload or a lost connection."""
        scene = Scene(content, session.renewed_at(now).advanced_to(now), now)
        return render(scene, current_draft(scene), self.asked(scene.session))

    def plan(self, content: Content, session: Session, now: float) -> tuple[PlanStep, ...]:
        """The steps of the massage that is on, for a client that may lose the connection; nothing away from a step."""
        return plan_steps(Scene(content, session.renewed_at(now).advanced_to(now), now))

    def asked(self, session: Session) -> str | None:
        """Id of the question that waits for an answer: one that asks back comes before that of the state."""
        waiting = (question.id for question in self.questions if question.id and question.is_open(session))
        return DOUBTED if session.doubted else next(waiting, None)

    def answer_of(self, scene: Scene, command: Command) -> Handler | None:
        """The handler of an answer to an open question; None if the message is none."""
        return next((handler for question in self.questions if (handler := question.handler(scene, command))), None)

    def handler_of(self, scene: Scene, command: Command) -> Handler:
        """The handler of an interpreted command in the scene's situation."""
        session, intent = scene.session, self._row_name(command.intent)
        answers = (question.command_handler(session, command, intent) for question in self.questions)
        exceptions = (guard.handler(scene, command, intent) for guard in self.guards)
        found = next(filter(None, answers), None) or next(filter(None, exceptions), None)
        return found or self._row(intent).at(session.state)

    def _row(self, name: str) -> Row:
        return self.table.get(name) or self.interpreted[name]

    def _row_name(self, intent: str) -> str:
        name = "faq" if intent.startswith("faq") else intent
        return name if name in self.table or name in self.interpreted else "nlu_fallback"

    def _carry_out(self, scene: Scene, command: Command, *, may_answer: bool = True) -> Outcome:
        """The outcome of one command, its answered questions closed."""
        answer = self.answer_of(scene, command) if may_answer else None
        is_guess = self._is_guess(command) or _is_hardly_a_move(scene, command)
        said = replace(command, intent="nlu_fallback") if is_guess else command
        read = said if answer else self._interpreted(scene, said)
        if not answer and read is said:
            # What a reader has found or confirmed in the words is no longer in doubt.
            read = replace(read, doubt=read.doubt or _doubt(scene, read))
        outcome = _require_screening(scene, (answer or self.handler_of(scene, read))(scene, read))
        kept = _remembering(scene, read, outcome)
        return replace(
            outcome, session=_close_answered_questions(scene.session, kept, read, self._row_name(read.intent))
        )

    def _is_guess(self, command: Command) -> bool:
        """Whether an intent is only a reader's, or a topic that is guessed for what asks nothing."""
        is_topic = command.intent.startswith("faq") and command.answer is None and command.by == "person"
        is_unlikely = command.confidence < HARDLY_SURE and bool(command.text) and not command.is_asked
        return command.intent in self.interpreted or (is_topic and is_unlikely)

    def _interpreted(self, scene: Scene, command: Command) -> Command:
        """What the message is in the conversation; where that is another command, it asks no known question."""
        found = interpret(scene, command, self.readers)
        wants = command.is_asked or command.acts.get("command", 0.0) >= WANTED
        if found.intent == TOLD and (command.answer is not None or wants):  # "She's nine" tells more than a number.
            return replace(command, intent="nlu_fallback")
        if found.intent in CHANGING and _asks_for_sure(command):
            return command
        # "How long on each hand" is of the step that is on, not of massages in general.
        is_of_step = found is not command and scene.session.at_a_step and found.first("extent") is not None
        is_same = found.intent == command.intent and not is_of_step
        return found if is_same else replace(found, answer=None, near=())


def _is_unheard(command: Command) -> bool:
    """Whether a clause may not answer what is only asked now: "do the sore hands one, but not on that finger"."""
    is_told = command.intent == "explain_step" and not command.is_asked and command.answer is None
    return is_told or command.intent in ANSWERING


def _asks_for_sure(command: Command) -> bool:
    """Whether a known question is surely asked, whatever its words sound like: "his skin tears so fast, is it safe"."""
    is_move = command.intent in MOVING or command.intent in HALTING
    return not is_move and command.chances.get(command.answer or "", 0.0) >= SURE_ANSWER


def _is_hardly_a_move(scene: Scene, command: Command) -> bool:
    """Whether a question away from a step is hardly a move: "what could I do in the evening?"."""
    is_unlikely = command.confidence < LEAST and command.by == "person" and not scene.session.at_a_step
    if command.intent == "set_duration" and command.minutes is not None:
        return False  # "Can you do a five-minute one" says how long.
    return is_unlikely and command.intent in MOVING and command.is_asked


def is_due(session: Session, command: Command) -> bool:
    """Whether a timer stands for the end of the current step, by the clock that it reports.

    A timer without a report of that step is believed: the coach's own clock may run slow or have stood still.
    """
    if session.state != "running" or command.token != session.token or command.intent != "next_step":
        return False
    report = command.clock
    if report is None or report.token != session.token:
        return True
    return report.elapsed >= session.timeline.duration - TIMER_TOLERANCE


def _doubt(scene: Scene, command: Command) -> str:
    """Why a command should not be taken at its word; in the safety question it always is."""
    session = scene.session
    if command.by != "person" or session.state == "screening" or session.flagged:
        return ""
    if not session.at_a_step and scene.content.questions["whom"].match(command.words):
        # Who tells whose hands they are speaks to the coach.
        return ""
    aside = scene.content.readings["aside"].match(command.words)
    # "Not you, go on" asks for something, too.
    is_aside = aside is not None and (aside.id != NOT_YOU or command.confidence < CERTAIN)
    is_addressed = not scene.content.cues.own_names.isdisjoint(command.words)
    said = f" {' '.join(command.words)} "
    if command.intent == "stop" and any(f" {phrase} " in said for phrase in scene.content.cues.asking_duty):
        return "unsure"  # "Must I stop?" is no order.
    return doubt_of(command, is_addressed=is_addressed, is_plain_aside=is_aside, at_a_step=session.at_a_step)


def _require_screening(scene: Scene, outcome: Outcome) -> Outcome:
    """Guard of the safety question: what would prepare or run a massage asks it first, unless it has been answered.

    After a red flag nothing is offered either: that is asked about first.
    """
    session = outcome.session
    if session.flagged and session.state in CHOSEN and session.state != "screening":
        return to_permission(scene)
    if session.screened or session.state not in ("preparing", "running", "paused"):
        return outcome
    asked = scene.with_session(replace(session, state="screening"))
    again = (scene.line("screening_again"),) if scene.session.state == "stopped" else ()
    return Outcome(asked.session, screening_draft(asked)).after(*outcome.draft.remarks, *again)


def _with_open_question(scene: Scene, after: Scene, command: Command, draft: Draft) -> Draft:
    """Ask the safety question again after whatever else was answered; tell of privacy beside a stop."""
    lines = draft.lines
    if command.private and command.intent == "stop":
        lines = (*lines, after.line("kept"))
    if scene.session.state == after.session.state == "screening" and draft.card != "screening":
        if after.session.flagged:
            asked = permission_draft(after)
            return replace(draft, lines=(*lines, *asked.lines), buttons=asked.buttons)
        return replace(draft, lines=(*lines, after.line("screening_still")), buttons=None)
    return replace(draft, lines=lines)


def _joined(first: Outcome, second: Outcome, *, undone: bool) -> Outcome:
    """The outcome of two commands carried out one after the other, as one answer; the first may have been an undo."""
    if second.draft.card in STATE_CARDS or first.draft.card not in STATE_CARDS:
        # What was shown for a moment, after something was taken back, need not be told.
        lines = () if undone and second.draft.card in STATE_CARDS else first.draft.lines
        # What was asked or prepared for a moment need not be told.
        if second.draft.card in STATE_CARDS and first.draft.card in ("offer", "prepare"):
            is_offered = first.draft.card == "offer" and first.session.routine == second.session.routine
            lines = lines[:-1] if is_offered else ()
        new = tuple(line for line in (*first.draft.remarks, *lines) if line not in second.draft.lines)
        joint = second.after(*new)
        tells_place = joint.draft.tells_place and first.draft.card != "progress"
        return replace(joint, draft=replace(joint.draft, tells_place=tells_place))
    # Progress tells where the person is.
    tells_place = first.draft.tells_place and second.draft.card != "progress"
    remarks = (*second.draft.remarks, *second.draft.lines, *first.draft.remarks)
    return Outcome(second.session, replace(first.draft, remarks=remarks, tells_place=tells_place))


# What a turn leaves to be remembered


def _is_over(scene: Scene, command: Command) -> bool:
    """Whether a complaint was treated, or went away, long ago: "carpal tunnel, operated eight years ago"."""
    sets = scene.content.alarms["red_flag"].sets
    is_past = Phrases(sets["calm"]).spans(command.words) and Phrases(sets["treated"]).spans(command.words)
    return bool(is_past) and not Phrases(sets["current"]).spans(command.words)


def _with_what_was_told(scene: Scene, command: Command) -> Session:
    """The session with what the message tells of the person: a complaint, or whose hands are massaged."""
    session = scene.session
    reports = (
        each for each in (command, *command.parts) if each.intent == "report_symptom" and not _is_over(scene, each)
    )
    for told in (symptom for each in reports for symptom in each.entities.get("symptom", ())):
        session = session.knowing(told if scene.symptom(told) else None)
    whose = scene.content.questions["whom"].match(command.words)
    if whose and session.state in ("none", "finished", "stopped"):
        # The safety question was answered for the hands that were massaged before.
        session = replace(session, screened=False)
    if whose and whose.id == OWN:
        return replace(session, known=tuple(each for each in session.known if each != FOR_OTHER))
    return session.knowing(FOR_OTHER if whose else None)


def _remembering(scene: Scene, command: Command, outcome: Outcome) -> Session:
    """The session after a turn with what it listed, named or left, to be pointed at in the turns that follow."""
    session, body, turn = outcome.session, outcome.draft.body, scene.session.turns
    if isinstance(body, RoutinesBody):
        session = replace(session, listed_steps=(), listed_routine=None, listed_at=turn)
    elif isinstance(body, OverviewBody):
        steps = tuple(step.id for step in body.steps)
        session = replace(session, listed_steps=steps, listed_routine=body.routine, listed_at=turn)
    elif command.intent.startswith("faq") and (suggested := _suggested(scene, command)):
        session = replace(session, listed=(suggested,), listed_at=turn)
    elif session.listed != scene.session.listed:
        session = replace(session, listed_at=turn)
    if mentioned := _mentioned(scene, command, outcome):
        session = replace(session, mentioned=mentioned, mentioned_at=turn)
    if near := _wondered(command):
        session = replace(session, wondered=near, wondered_at=turn)
    if command.intent == GO_TO and scene.session.at_a_step and session.step != scene.session.step:
        session = replace(session, came_from=scene.session.step)
    return session


def _suggested(scene: Scene, command: Command) -> str | None:
    """The routine for a complaint that is asked about away from a massage, for "let's try it then"."""
    symptom = scene.symptom(command.first("symptom"))
    is_away = scene.session.state in ("none", "finished", "stopped") and not scene.session.flagged
    return symptom.routine if symptom and is_away else None


def _wondered(command: Command) -> tuple[str, ...]:
    """The answers that come near what a person tells, should they ask whether it is normal."""
    found = (command.answer,) if command.answer else ()
    return (*found, *command.near) if command.text and not asks(command.words) else ()


def _mentioned(scene: Scene, command: Command, outcome: Outcome) -> str | None:
    """The technique that a turn spoke of: its card's, the one asked about, or the point for a complaint."""
    body = outcome.draft.body
    if isinstance(body, TechniqueBody):
        return body.technique
    if command.first("technique") in scene.content.techniques and outcome.draft.card != "step":
        return command.first("technique")
    symptom = scene.symptom(command.first("symptom"))
    if symptom is None or not command.intent.startswith("faq"):
        return None
    because = symptom.because.lower()
    named = (id for id, each in scene.content.techniques.items() if each.point and inline(each.title) in because)
    return next(named, None)


def _close_answered_questions(before: Session, after: Session, command: Command, intent: str) -> Session:
    """Forget the misses once something was understood, and a change of routine once a move has answered it."""
    if intent != "nlu_fallback":
        after = replace(after, misses=0)
    is_maybe = command.hedged or command.doubt == "unsure"
    if intent in ONWARD and not is_maybe and after.switch_to == before.switch_to:
        after = replace(after, switch_to=None, switch_wish=None)
    return after
