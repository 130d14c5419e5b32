"""Runs a conversation file against a real server over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from palmwise.client.http_client import CoachClient
from tests.contract.walk import buttons, shown


class Server(Protocol):
    """A running coach; one that can be killed also has `kill_and_restart`."""

    @property
    def address(self) -> str:
        """`http://host:port`."""


@dataclass(frozen=True)
class Answer:
    """Messages that came back, with the shape of each checked."""

    messages: list[dict[str, Any]]

    @property
    def card(self) -> dict[str, Any]:
        """The `custom` object."""
        return shown(self.messages)

    @property
    def session(self) -> dict[str, Any]:
        """The contract's session."""
        return dict(self.card["session"])

    @property
    def text(self) -> str:
        """All texts."""
        return "\n".join(message["text"] for message in self.messages if "text" in message)

    @property
    def buttons(self) -> dict[str, str]:
        """Payloads by title."""
        return buttons(self.messages)


class Walker:
    """One person in one conversation."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.client = CoachClient(server.address, timeout=60)
        self.client.open()
        self.last = self.look()
        self.elapsed: float = 0.0

    def say(self, text: str) -> Answer:
        """Say something; return the answer."""
        return Answer(self.client.say(text))

    def look(self) -> Answer:
        """Return the card that is on, as a reload does."""
        return Answer(self.client.look()["messages"])

    def turn(self, line: Mapping[str, Any]) -> None:
        """Do what a line of a conversation file says, and check what it expects."""
        act = next((name for name in ACTS if name in line), None)
        assert act, f"nothing is done in {line}"
        answer = ACTS[act](self, line[act])
        expected = {name: value for name, value in line.items() if name != act}
        if answer is None:
            assert not expected, "no answer to check"
            return
        try:
            for name, value in expected.items():
                self._check(name, value, answer)
        except AssertionError as error:
            raise AssertionError(f"{line}: {error}\n{answer.text}") from error
        self.last = answer

    def _check(self, name: str, value: Any, answer: Answer) -> None:
        if name in CHECKS:
            assert CHECKS[name](self, value, answer), (name, value, answer.card)
        else:
            assert {**answer.card, **answer.session}.get(name) == value, (name, value, answer.card)


def _remember(walker: Walker, _: str) -> None:
    walker.elapsed = walker.last.card["clock"]["elapsed"]


def _wait(_: Walker, seconds: float) -> None:
    time.sleep(seconds)  # real time, because the server's own clock is tested


def _timer(walker: Walker, _: str) -> Answer:
    return Answer(walker.client.end_step(walker.last.session["token"]))


def _at_once(walker: Walker, texts: list[str]) -> Answer:
    with ThreadPoolExecutor(len(texts)) as pool:
        answers = list(pool.map(walker.say, texts))
    return max(answers, key=lambda answer: int(answer.session["step"]))


def _kill(walker: Walker, _: str) -> None:
    walker.server.kill_and_restart()  # type: ignore[attr-defined]
    walker.client = CoachClient(walker.server.address, conversation=walker.client.conversation, timeout=60)


ACTS: Mapping[str, Callable[[Walker, Any], Answer | None]] = {
    "says": lambda walker, text: walker.say(text),
    "says_at_once": _at_once,
    "press": lambda walker, title: Answer(walker.client.press(walker.last.buttons[title])),
    "timer": _timer,
    "look": lambda walker, _: walker.look(),
    "remember": _remember,
    "wait": _wait,
    "kill": _kill,
}


def _elapsed(walker: Walker, span: Any, answer: Answer) -> bool:
    elapsed = answer.card["clock"]["elapsed"]
    return bool(elapsed == walker.elapsed if span == "remembered" else span[0] <= elapsed <= span[1])


def _offers_no_massage(_: Walker, word: str, answer: Answer) -> bool:
    starts = any("start" in payload or "resume" in payload for payload in answer.buttons.values())
    return not starts and not any(f"start a {word}" in title.lower() for title in answer.buttons)


CHECKS: Mapping[str, Callable[[Walker, Any, Answer], bool]] = {
    "same": lambda walker, names, answer: all(answer.session[name] == walker.last.session[name] for name in names),
    "text": lambda _, parts, answer: all(part.lower() in answer.text.lower() for part in parts),
    "elapsed": _elapsed,
    "no_button": _offers_no_massage,
    "not_state": lambda _, state, answer: bool(answer.session["state"] != state),
    "remaining": lambda _, span, answer: bool(span[0] <= answer.session["remaining_seconds"] <= span[1]),
}
