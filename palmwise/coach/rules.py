"""Rules of behaviour: handlers, rows of the table, guards and open questions.

The rules themselves, what happens for each command in each state, are in `palmwise.coach.behaviour`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from palmwise.coach.commands import ASIDE, EMPTY, HALTING, PLACING, REMARK, URGENT, VAGUE, Command, State
from palmwise.coach.scene import Outcome, Scene
from palmwise.coach.session import Session

SURE_ANSWER, SURE_AGAINST, SURE_AGAINST_MOVE = 0.65, 0.85, 0.95
"""Probability at which a learned answer counts: if the message is no command, if it is one, if it plainly is a move."""
PLAINLY = 0.98
"""Probability at which a message plainly is a move: "go back"."""
LOOSE = VAGUE | {"resume", "stay"}
"""Intents that often stand for an answer."""
HEDGED_YES = frozenset("affirm resume next_step start_routine".split())
"""Intents that "maybe" is mistaken for."""
NEVER_PRIVATE = URGENT | HALTING
"""Commands that are never taken for a question about privacy."""
Handler = Callable[[Scene, Command], Outcome]
"""Carries one command out: from the scene to the session after it and the answer."""


@dataclass(frozen=True)
class Row:
    """What a command does in each state."""

    none: Handler
    offered: Handler
    screening: Handler
    preparing: Handler
    running: Handler
    paused: Handler
    finished: Handler
    stopped: Handler

    def at(self, state: State) -> Handler:  # noqa: RET503  mypy knows that every state is handled
        """The handler of a state."""
        match state:
            case "none":
                return self.none
            case "offered":
                return self.offered
            case "screening":
                return self.screening
            case "preparing":
                return self.preparing
            case "running":
                return self.running
            case "paused":
                return self.paused
            case "finished":
                return self.finished
            case "stopped":
                return self.stopped
            case _:
                _assert_never(state)


def _assert_never(state: NoReturn) -> NoReturn:
    """Tell the type checker that every state has been handled."""
    raise AssertionError(f"unknown state {state}")


def everywhere(handler: Handler) -> Row:
    """The row of a command that does the same in every state."""
    return Row(handler, handler, handler, handler, handler, handler, handler, handler)


@dataclass(frozen=True)
class Guard:
    """A situation in which some commands mean something of their own."""

    name: str
    when: str
    """When it holds, in words."""
    holds: Callable[[Scene, Command], bool]
    answers: Mapping[str, Handler]
    """Intent -> handler; "*" stands for every other intent."""

    def handler(self, scene: Scene, command: Command, intent: str) -> Handler | None:
        """The handler of a command, or None if the guard lets it pass."""
        if not self.holds(scene, command):
            return None
        return self.answers.get(intent) or self.answers.get("*")


def learned_answer(scene: Scene, command: Command, question: str) -> str | None:
    """The meaning of a message as an answer to a question, as learned; None if it is not sure, or said to others."""
    # A wish for a hand is more than a yes to any question: "let's start with the right hand", at "ready?".
    names_hand = command.intent == "switch_hand" and command.first("hand") is not None
    names_another = names_hand or command.first("routine") not in (None, scene.session.routine)
    is_aside = (
        command.doubt == "aside"
        or command.acts.get("not_addressed", 0.0) >= ASIDE
        or scene.content.readings["aside"].match(command.words)
    )
    if names_another or is_aside or command.intent in ("report_red_flag", "goodbye"):
        return None
    is_loose = command.intent in LOOSE or command.confidence < SURE_ANSWER
    is_move = command.intent in PLACING and command.confidence >= PLAINLY
    against = SURE_AGAINST_MOVE if is_move else SURE_AGAINST
    meaning = command.learned(question, SURE_ANSWER if is_loose else against)
    # "She says no, so without" is of the oil: what ends everything needs a no of its own.
    return None if (question, meaning) == ("ready", "no") and command.intent in EMPTY else meaning


def _has_known_answer(command: Command) -> bool:
    """Whether it asks or tells something that there is an answer to: "is lotion ok?", "I've got rings on"."""
    is_told = command.acts.get("statement", 0.0) >= REMARK
    return command.answer is not None and (command.is_asked or is_told)


def unless_halting(read: Callable[[Scene, Command], str | None]) -> Callable[[Scene, Command], str | None]:
    """A reader that leaves danger, pain, stop and privacy alone."""
    return lambda scene, command: None if command.private or command.intent in NEVER_PRIVATE else read(scene, command)


@dataclass(frozen=True)
class OpenQuestion:
    """A question of the coach that waits for an answer: what a person says is read against it first."""

    name: str
    when: str
    """When it is open, in words."""
    is_open: Callable[[Session], bool]
    answers: Mapping[str, Handler]
    """Meaning -> handler."""
    read: Callable[[Scene, Command], str | None] | None = None
    """The meaning of a message as an answer, None if it is none; by default what is declared under its id."""
    id: str | None = None
    """Its id in the contract (`session.asked`); None if the coach does not ask it in words."""
    commands: Mapping[str, Handler] = field(default_factory=dict)
    """Intent -> handler, for buttons and for sentences that stand for an answer only while the question is open.

    With any of them, a maybe and what is too little to go by are the answer "unsure".
    """

    @staticmethod
    def declared(id: str) -> Callable[[Scene, Command], str | None]:
        """The reader of a question: first by the phrases of `questions/<id>.yml`, then by what was learned of it."""

        def read(scene: Scene, command: Command) -> str | None:
            if command.private or _has_known_answer(command):
                return None
            listed = scene.content.questions.get(id)
            found = listed.match(command.words) if listed else None
            if found and found.id == "shorter" and command.minutes is not None:
                return None  # The minutes say how short.
            return found.id if found else learned_answer(scene, command, id)

        return read

    @staticmethod
    def at_any_time(
        name: str, read: Callable[[Scene, Command], str | None], answers: Mapping[str, Handler]
    ) -> OpenQuestion:
        """What may be said at any time, as if it had been asked for; danger, pain, stop and privacy are left alone."""
        return OpenQuestion(name, "at any time", lambda _: True, answers, unless_halting(read))

    def handler(self, scene: Scene, command: Command) -> Handler | None:
        """The handler of an answer; None if the question is not open, or the message is no answer to it."""
        if command.by != "person" or not self.is_open(scene.session):
            return None
        read = self.read or OpenQuestion.declared(self.id or "")
        return self.answers.get(read(scene, command) or "")

    def command_handler(self, session: Session, command: Command, intent: str) -> Handler | None:
        """The handler of a command that answers it; None if the question is not open, or the command no answer."""
        is_elsewhere = command.doubt in ("aside", "remark") or (command.private and command.intent not in NEVER_PRIVATE)
        if not self.commands or is_elsewhere or not self.is_open(session):
            return None
        is_maybe = command.doubt == "unsure" or (command.hedged and intent in HEDGED_YES)
        return self.answers["unsure"] if is_maybe else self.commands.get(intent)
