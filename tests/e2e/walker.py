"""Walks a conversation file against a real server over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol

import requests

STATUS_FINE = 200


class Server(Protocol):
    """A running coach; one that may be killed has `kill_and_restart` as well."""

    @property
    def address(self) -> str:
        """`http://host:port`."""


@dataclass
class Seen:
    """What one turn showed."""

    status: int
    messages: list[dict[str, Any]]

    @property
    def custom(self) -> dict[str, Any]:
        """The card."""
        return dict(self.messages[-1]["custom"]) if self.messages else {}

    @property
    def session(self) -> dict[str, Any]:
        """The contract's session."""
        return dict(self.custom.get("session", {}))

    @property
    def text(self) -> str:
        """All the texts."""
        return "\n".join(message["text"] for message in self.messages if "text" in message)

    @property
    def buttons(self) -> dict[str, str]:
        """Payloads by title."""
        buttons = [button for message in self.messages for button in message.get("buttons", ())]
        return {button["title"]: button["payload"] for button in buttons}


@dataclass
class Walker:
    """One person, one conversation."""

    server: Server
    conversation: str = ""
    last: Seen = field(default_factory=lambda: Seen(STATUS_FINE, []))
    remembered: dict[str, Any] = field(default_factory=dict)

    def open(self) -> Walker:
        """Begins the conversation."""
        answer = requests.post(f"{self.server.address}/coach/conversation", json={}, timeout=30)
        self.conversation = answer.json()["conversation"]
        return self

    def send(self, **message: Any) -> Seen:
        """One message."""
        body = {"conversation": self.conversation, **message}
        answer = requests.post(f"{self.server.address}/coach/message", json=body, timeout=60)
        return Seen(answer.status_code, answer.json().get("messages", []))

    def look(self) -> Seen:
        """A reload."""
        door = f"{self.server.address}/coach/conversation"
        answer = requests.get(door, params={"conversation": self.conversation}, timeout=30)
        return Seen(answer.status_code, answer.json().get("messages", []))

    def turn(self, line: Mapping[str, Any]) -> None:
        """One line of a conversation file: an act, and what must be seen then."""
        for name, act in ACTS.items():
            if name in line:
                before, seen = self.last, act(self, line[name])
                break
        else:
            raise AssertionError(f"nothing is done in {line}")
        expected = {name: value for name, value in line.items() if name not in ACTS}
        if seen is None:
            assert not expected, "nothing to see after this"
            return
        try:
            check(expected, seen, before, self.remembered)
        except AssertionError as error:
            raise AssertionError(f"{line}: {error}\n{seen.text}") from error
        if seen.messages:
            self.last = seen


def _remember(walker: Walker, what: str) -> None:
    last = walker.last
    walker.remembered[what] = last.session["token"] if what == "token" else last.custom["clock"]["elapsed"]


def _wait(_: Walker, seconds: float) -> None:
    time.sleep(seconds)  # real time is what is tested here: the server's own clock


def _timer(walker: Walker, which: str) -> Seen:
    token = walker.remembered["token"] if which == "remembered" else walker.last.session["token"]
    return walker.send(payload="/next_step", by="timer", token=token)


def _at_once(walker: Walker, texts: list[str]) -> Seen:
    with ThreadPoolExecutor(len(texts)) as pool:
        answers = list(pool.map(lambda text: walker.send(text=text), texts))
    assert all(answer.messages for answer in answers)
    return max(answers, key=lambda answer: int(answer.session["step"] or 0))


def _kill(walker: Walker, _: str) -> None:
    walker.server.kill_and_restart()  # type: ignore[attr-defined]


def _forget(walker: Walker, _: str) -> None:
    door = f"{walker.server.address}/coach/conversation"
    assert requests.delete(door, params={"conversation": walker.conversation}, timeout=30).ok


ACTS: Mapping[str, Callable[[Walker, Any], Seen | None]] = {
    "says": lambda walker, text: walker.send(text=text),
    "says_times": lambda walker, pair: walker.send(text=pair[0] * pair[1]),
    "says_at_once": _at_once,
    "press": lambda walker, title: walker.send(payload=walker.last.buttons[title], by="button"),
    "payload": lambda walker, payload: walker.send(payload=payload, by="button"),
    "timer": _timer,
    "look": lambda walker, _: walker.look(),
    "remember": _remember,
    "wait": _wait,
    "kill": _kill,
    "forget": _forget,
}


def check(expected: Mapping[str, Any], seen: Seen, before: Seen, remembered: Mapping[str, Any]) -> None:
    """Each key of `expected` against what was seen."""
    if "status" not in expected:
        assert seen.status == STATUS_FINE
    if not expected.get("silent") and seen.status == STATUS_FINE:
        check_shape(seen)
    for name, value in expected.items():
        special = CHECKS.get(name)
        if special:
            special(value, seen, before, remembered)
        else:
            assert {**seen.custom, **seen.session}.get(name) == value, (name, seen.custom)


def check_shape(seen: Seen) -> None:
    """What holds for every answer: texts first, then exactly one card, last; not more than five buttons."""
    assert [("custom" in message) for message in seen.messages] == [False] * (len(seen.messages) - 1) + [True]
    assert seen.text.strip()
    assert seen.custom["say"].strip()
    assert len(seen.buttons) <= 5
    assert set(seen.session) >= {"state", "routine", "step", "steps", "technique", "hand", "token", "pace", "minutes"}


def _same(names: list[str], seen: Seen, before: Seen, _: Mapping[str, Any]) -> None:
    assert {name: seen.session[name] for name in names} == {name: before.session[name] for name in names}


def _text(parts: list[str], seen: Seen, *_: Any) -> None:
    assert all(part.lower() in seen.text.lower() for part in parts), seen.text


def _elapsed(span: Any, seen: Seen, _: Seen, remembered: Mapping[str, Any]) -> None:
    elapsed = seen.custom["clock"]["elapsed"]
    if span == "remembered":
        assert elapsed == remembered["elapsed"]
    else:
        assert span[0] <= elapsed <= span[1]


def _status(codes: list[int], seen: Seen, *_: Any) -> None:
    assert seen.status in codes


def _silent(_: bool, seen: Seen, *__: Any) -> None:  # noqa: FBT001  a value out of a file
    assert seen.messages == []


def _different(_: bool, seen: Seen, before: Seen, *__: Any) -> None:  # noqa: FBT001
    assert seen.text != before.text


def _some_buttons(_: bool, seen: Seen, *__: Any) -> None:  # noqa: FBT001
    assert len(seen.buttons) >= 2


def _no_button(word: str, seen: Seen, *_: Any) -> None:
    sent = [payload for payload in seen.buttons.values() if "start" in payload or "resume" in payload]
    assert not sent
    assert not [title for title in seen.buttons if f"start a {word}" in title.lower()]


def _not_state(state: str, seen: Seen, *_: Any) -> None:
    assert seen.session["state"] != state


def _remaining(span: list[int], seen: Seen, *_: Any) -> None:
    assert span[0] <= seen.session["remaining_seconds"] <= span[1]


CHECKS: Mapping[str, Callable[..., None]] = {
    "same": _same,
    "text": _text,
    "elapsed": _elapsed,
    "status": _status,
    "silent": _silent,
    "different": _different,
    "some_buttons": _some_buttons,
    "no_button": _no_button,
    "not_state": _not_state,
    "remaining": _remaining,
}
