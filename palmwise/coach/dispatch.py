"""Dispatch: the shapes of which `behaviour` is made: handlers, rows of the table, guards, open questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NoReturn

from palmwise.coach.commands import Command
from palmwise.coach.scene import Draft, Outcome, Scene
from palmwise.coach.session import Session, State
from palmwise.coach.transitions import note
from palmwise.language.tokens import words_of

Handler = Callable[[Scene, Command], Outcome]
"""Carries one command out: from the scene to the session after it and the answer."""


@dataclass(frozen=True)
class Say:
    """A handler that changes nothing and says one sentence, then where the person is."""

    key: str
    """Key of the sentence in phrases.yml."""
    card: str = "note"

    def __call__(self, scene: Scene, _: Command) -> Outcome:
        """Says it."""
        outcome = note(scene, self.key)
        return outcome if self.card == "note" else replace(outcome, draft=Draft("progress", outcome.draft.lines))


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
    holds: Callable[[Session, Command], bool]
    answers: Mapping[str, Handler]
    """Intent -> handler; "*" stands for every other intent."""

    def handler(self, session: Session, command: Command, intent: str) -> Handler | None:
        """The handler of a command, or None if the guard lets it pass."""
        if not self.holds(session, command):
            return None
        return self.answers.get(intent) or self.answers.get("*")


@dataclass(frozen=True)
class OpenQuestion:
    """A question of the coach that waits for an answer: what a person says is read against it first."""

    name: str
    when: str
    """When it is open, in words."""
    is_open: Callable[[Session], bool]
    read: Callable[[Scene, Command], str | None]
    """The meaning of a message as an answer; None if it is none."""
    answers: Mapping[str, Handler]
    """Meaning -> handler."""

    @staticmethod
    def declared(id: str) -> Callable[[Scene, Command], str | None]:
        """The reader of a question whose answers are declared in the content, in `questions/<id>.yml`."""

        def read(scene: Scene, command: Command) -> str | None:
            found = None if command.private else scene.content.questions[id].match(words_of(command.text))
            return found.id if found else None

        return read

    def handler(self, scene: Scene, command: Command) -> Handler | None:
        """The handler of an answer; None if the question is not open, or the message is no answer to it."""
        if command.by != "person" or not self.is_open(scene.session):
            return None
        return self.answers.get(self.read(scene, command) or "")
