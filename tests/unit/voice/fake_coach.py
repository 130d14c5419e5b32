"""The real coach without a server: a table instead of a model understands what is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from palmwise import resources
from palmwise.coach.behaviour import act, view
from palmwise.coach.commands import ClockReport, Command
from palmwise.coach.replies import Reply
from palmwise.coach.session import Session

INTENTS = {
    "hello": "greet",
    "start the massage": "start_routine",
    "yes": "affirm",
    "no": "deny",
    "next": "next_step",
    "pause": "pause",
    "carry on": "resume",
    "stop": "stop",
    "ouch": "report_pain",
    "my chest feels tight and i can hardly breathe": "report_red_flag",
    "how long": "how_long",
    "how do i do this": "explain_step",
    "what are the steps": "list_steps",
    "louder": "speak_up",
    "slower": "slow_down",
}


class FakeCoach:
    """One conversation. `now` gives seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._content = resources.content()
        self._now = now
        self._session = Session.new("0123456789abcdef")
        self.kinds: list[str] = []

    def answer(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        """To a message of the contract, or to a look when it is empty."""
        now = 1e9 + self._now()
        if not message:
            return self._shown(view(self._content, self._session, now))
        clock = ClockReport(**message["clock"]) if "clock" in message else None
        if "payload" in message:
            command = Command("next_step", {}, "timer", message["token"], clock)
        else:
            command = Command(INTENTS.get(message["text"], "nlu_fallback"), {}, clock=clock)
        turn = act(self._content, self._session, command, now)
        self._session = turn.session
        return self._shown(turn.reply) if turn.reply else []

    def move(self, step: int) -> None:
        """Somebody else goes on."""
        assert step == self._session.step + 1
        self._session = act(self._content, self._session, Command("next_step"), 1e9 + self._now()).session

    def messages_of_step(self) -> list[dict[str, Any]]:
        """The first step's card."""
        for text in ("start the massage", "yes", "no", "yes"):
            messages = self.answer({"text": text})
            if self.state == "running":
                return messages
        raise AssertionError("it never began")

    @property
    def state(self) -> str:
        return self._session.state

    @property
    def step(self) -> int:
        return self._session.step

    @property
    def token(self) -> str | None:
        return self._session.token

    def _shown(self, reply: Reply) -> list[dict[str, Any]]:
        self.kinds.append(reply.custom["card"])
        messages: list[dict[str, Any]] = [{"text": text} for text in reply.texts]
        buttons = [{"title": button.title, "payload": button.payload} for button in reply.buttons]
        if messages and buttons:
            messages[-1]["buttons"] = buttons
        return [*messages, {"custom": dict(reply.custom)}]
