"""A coach to talk to in tests: the real content, scripted time."""

from __future__ import annotations

import json

from palmwise.coach.behaviour import act, view
from palmwise.coach.commands import By, ClockReport, Command
from palmwise.coach.replies import Reply
from palmwise.coach.session import Session
from palmwise.coach.turns import Turn
from palmwise.resources import content

BEGUN = ["start_routine", "affirm", "deny", "affirm"]
WAYS: dict[str, list[str]] = {
    "none": [],
    "offered": ["start_routine"],
    "screening": ["start_routine", "affirm"],
    "preparing": ["start_routine", "affirm", "deny"],
    "running": BEGUN,
    "paused": [*BEGUN, "pause"],
    "finished": [*BEGUN, *["next_step"] * 6],
    "stopped": [*BEGUN, "stop"],
    "flagged, stopped": [*BEGUN, "report_red_flag"],
}
"""What to say to come to each state."""
COMMAND = {"command": 0.9, "question": 0.02, "statement": 0.04, "not_addressed": 0.02}
"""What is plainly a command: acts of speech, and their probabilities."""


class Talk:
    """A conversation with the heart. Each word takes `step` seconds of scripted time."""

    def __init__(self) -> None:
        self.session = Session.new("0123456789abcdef")
        self.now = 1_700_000_000.0
        self.reply: Reply | None = None

    def says(
        self,
        intent: str,
        after: float = 1.0,
        by: By = "person",
        token: str | None = None,
        clock: ClockReport | None = None,
        **entities: str,
    ) -> Talk:
        """The person says something after `after` seconds."""
        return self.does(Command(intent, {name: (value,) for name, value in entities.items()}, by, token, clock), after)

    def does(self, command: Command, after: float = 1.0) -> Talk:
        """The coach takes a turn; the session goes through JSON as it does on the server."""
        self.now += after
        turn: Turn = act(content(), self.session, command, self.now)
        self.session = Session.from_json(json.loads(json.dumps(turn.session.to_json())))
        assert self.session == turn.session
        self.reply = turn.reply
        return self

    def timer(self, after: float = 1.0) -> Talk:
        """The client's clock has run out."""
        return self.says("next_step", after, by="timer", token=self.session.token)

    def view(self) -> Reply:
        """What a reload shows."""
        return view(content(), self.session, self.now)

    @property
    def card(self) -> str:
        """The kind of the last card."""
        assert self.reply is not None
        return str(self.reply.custom["card"])

    @property
    def text(self) -> str:
        """All the texts of the last answer."""
        assert self.reply is not None
        return "\n".join(self.reply.texts)

    @property
    def shown(self) -> dict[str, object]:
        """The contract's `session` of the last answer."""
        assert self.reply is not None
        return dict(self.reply.custom["session"])

    @property
    def clock(self) -> dict[str, float]:
        """The contract's `clock` of the last answer."""
        assert self.reply is not None
        return dict(self.reply.custom["clock"])


def at(way: str) -> Talk:
    """A conversation in the state that `WAYS` leads to."""
    talk = Talk()
    for word in WAYS[way]:
        talk.says(word)
    return talk


def running(routine: str = "classic") -> Talk:
    """A conversation at the first second of a routine."""
    return Talk().says("start_routine", routine=routine).says("deny").says("affirm")


def said(text: str, intent: str, *parts: Command, **entities: str) -> Command:
    """A command in words, with its clauses."""
    return Command(intent, {name: (value,) for name, value in entities.items()}, text=text, parts=parts, acts=COMMAND)


def saying(talk: Talk, text: str, intent: str = "nlu_fallback", **entities: str) -> Talk:
    """The person says a text that was classified as an intent, at the time of the last turn."""
    return talk.does(Command(intent, {name: (value,) for name, value in entities.items()}, text=text), after=0)
