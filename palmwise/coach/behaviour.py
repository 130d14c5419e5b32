"""One turn: from a session and a command to the next session and a reply."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from palmwise.coach import beginning, moves, pacing, questions, safety, talk
from palmwise.coach.cards import Reply, reply
from palmwise.coach.commands import ClockReport, Command
from palmwise.coach.content import Content
from palmwise.coach.scene import Draft, Outcome, Scene
from palmwise.coach.session import SILENCE, Session
from palmwise.coach.steps import LEAD_IN

Handler = Callable[[Scene, Command], Outcome]
EARLY = 2.0
"""Seconds before a step's end from which a timer is believed: clients let two clocks differ by as much."""

HANDLERS: Mapping[str, Handler] = {
    "start_routine": beginning.start_routine,
    "set_duration": beginning.set_duration,
    "next_step": moves.next_step,
    "previous_step": moves.previous_step,
    "repeat_step": moves.repeat_step,
    "go_to_step": moves.go_to_step,
    "pause": moves.pause,
    "resume": moves.resume,
    "stop": moves.stop,
    "restart": moves.restart,
    "switch_hand": moves.switch_hand,
    "slow_down": pacing.slow_down,
    "speed_up": pacing.speed_up,
    "speak_up": pacing.speak_up,
    "speak_softly": pacing.speak_softly,
    "faq": questions.faq,
    "how_long": questions.how_long,
    "ask_progress": questions.ask_progress,
    "explain_step": questions.explain_step,
    "explain_benefit": questions.explain_benefit,
    "explain_technique": questions.explain_technique,
    "list_steps": questions.list_steps,
    "list_routines": questions.list_routines,
    "help": questions.help_,
    "report_symptom": safety.report_symptom,
    "report_pain": safety.report_pain,
    "report_red_flag": safety.report_red_flag,
    "affirm": talk.affirm,
    "deny": talk.deny,
    "greet": talk.greet,
    "goodbye": talk.goodbye,
    "thank": talk.chat,
    "praise": talk.chat,
    "complain": talk.chat,
    "bot_challenge": talk.chat,
    "out_of_scope": talk.out_of_scope,
    "nlu_fallback": talk.not_understood,
}
HEEDED = frozenset("report_red_flag report_pain stop pause".split())
"""What is never taken for a question of privacy."""
PRIVACY = "privacy"
"""No intent: such a question is known by its words, whatever it was taken for."""
MOVES = frozenset(
    "start_routine set_duration next_step previous_step go_to_step pause resume stop restart switch_hand slow_down "
    "speed_up".split()
)
"""What goes on with the routine at hand, and so answers the question whether to leave it."""


@dataclass(frozen=True)
class Turn:
    """What a command led to."""

    session: Session
    reply: Reply | None
    """None: say nothing, as to a timer whose step is over."""


def act(content: Content, session: Session, command: Command, now: float) -> Turn:
    """Answers a command at `now` (unix seconds). Pure: the same arguments give the same turn."""
    session = believed(awake(session, now), command.clock, now)
    if command.by == "timer" and not timely(session, command):
        return Turn(session, None)
    session = replace(steady(session, now), turns=session.turns + 1, seen=now)
    scene = Scene(content, session, now)
    name = _handler_of(command)
    outcome = talk.kept(scene) if name == PRIVACY else HANDLERS[name](scene, command)
    if command.private and name == "stop":
        outcome = talk.kept_as_well(scene, outcome)
    after = scene.with_session(_let_go(session, outcome.session, name))
    return Turn(after.session, reply(after, _asking_again(scene, after, outcome)))


def view(content: Content, session: Session, now: float) -> Reply:
    """The current card again, for a reload or a lost connection."""
    scene = Scene(content, steady(awake(session, now), now), now)
    return reply(scene, moves.current(scene))


def awake(session: Session, now: float) -> Session:
    """The session as it was, or a new one when it was silent for too long."""
    if session.seen and now - session.seen > SILENCE:
        return replace(Session.new(session.seed), visit=session.visit)
    return session


def believed(session: Session, report: ClockReport | None, now: float) -> Session:
    """Takes over what the client's clock shows of this step while it runs: within the step, never backwards."""
    if report is None or report.token != session.token or session.state != "running":
        return session
    if not report.elapsed >= 0:  # NaN as well
        return session
    elapsed = min(max(report.elapsed, session.elapsed), float(session.timeline.duration))
    return replace(session, elapsed=elapsed, since=max(now, session.since))


def steady(session: Session, now: float) -> Session:
    """With the clock set at every turn, so that a server's clock that is set back costs no more than the last one."""
    if session.state == "running" and session.since > now + LEAD_IN:
        return replace(session, since=now)
    return session.frozen_at(now) if session.state == "running" else session


def timely(session: Session, command: Command) -> bool:
    """Whether a timer speaks for the end of the step that is on, by the clock it reports.

    Without a report of that step it is believed: by our own clock a fast one, or one that stood still, would not be.
    """
    if session.state != "running" or command.token != session.token or command.intent != "next_step":
        return False
    report = command.clock
    if report is None or report.token != session.token:
        return True
    return report.elapsed >= session.timeline.duration - EARLY


def _handler_of(command: Command) -> str:
    if command.private and command.intent not in HEEDED:
        return PRIVACY
    name = "faq" if command.intent.startswith("faq") else command.intent
    return name if name in HANDLERS else "nlu_fallback"


def _let_go(before: Session, after: Session, name: str) -> Session:
    """Without the misses once something was understood, and without a question that a move has answered."""
    if name != "nlu_fallback":
        after = replace(after, misses=0)
    if name in MOVES and after.switch_to == before.switch_to:
        after = replace(after, switch_to=None, switch_wish=None)
    return after


def _asking_again(before: Scene, after: Scene, outcome: Outcome) -> Draft:
    """While the safety question is open, whatever else is answered ends with it."""
    draft = outcome.draft
    if before.session.state == after.session.state == "screening" and draft.card != "screening":
        return replace(draft, lines=(*draft.lines, after.line("screening_still")), buttons=None)
    return draft
