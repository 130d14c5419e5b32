"""Reads the server's answer to a message, as far as a client without a page needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

STATES_AT_A_STEP = ("running", "paused")
MAX_VOLUME = 3
MAX_SECONDS, MAX_LEAD_IN = 10_800.0, 60.0
"""Longest step and lead-in that are believed: an hour at half the pace is two."""
Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class StepCue:
    """Words that belong to a second of the step."""

    at: float
    """Seconds into the step."""
    say: str
    names_hand: bool = False
    """Whether it says which hand is on now: such a cue must not be left out."""


@dataclass(frozen=True)
class StepClock:
    """The clock of a step as the server sent it, in seconds."""

    duration: float
    elapsed: float
    running: bool
    lead_in: float = 0.0
    """Until the clock goes on, counted from the answer or from its last spoken word."""


@dataclass(frozen=True)
class Answer:
    """The card of one turn."""

    kind: str
    """The contract's `card`: `step`, `paused`, `note` and so on."""
    say: str
    """What to say aloud."""
    state: str
    """State of the session."""
    token: str | None
    """Of the step that is on, None away from a step."""
    title: str = ""
    volume: int = 0
    """-3 to 3."""
    pace: float = 1.0
    """Factor on what a hold lasts."""
    clock: StepClock | None = None
    cues: tuple[StepCue, ...] = ()
    asked: str | None = None
    """Id of the question that is open."""
    aside: bool = False
    """Whether the coach took the message for one that was not meant for it: a voice need say nothing."""
    buttons: int = 0
    """How many buttons there are: with some, the coach has asked something."""

    @property
    def at_a_step(self) -> bool:
        """Whether there is a countdown."""
        return self.state in STATES_AT_A_STEP


def is_readable(messages: Sequence[Any]) -> bool:
    """Whether the messages of a turn follow the contract, as far as a client needs it."""
    try:
        for message in messages:
            if not isinstance(message.get("text") or "", str):
                return False
            for button in message.get("buttons") or ():
                if not (isinstance(button["title"], str) and isinstance(button["payload"], str)):
                    return False
        read_answer(messages)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError):
        return False
    return True


def read_answer(messages: Sequence[Mapping[str, Any]]) -> Answer | None:
    """Read the messages of one turn; None if there is no card among them.

    Raises `KeyError`, `TypeError` or `ValueError` for a card that does not follow the contract.
    """
    cards = [message["custom"] for message in messages if isinstance(message.get("custom"), Mapping)]
    if not cards:
        return None
    card = cards[-1]
    session = card["session"]
    texts = " ".join(str(message["text"]) for message in messages if message.get("text"))
    return Answer(
        kind=str(card["card"]),
        say=str(card.get("say") or texts),
        state=str(session["state"]),
        token=session.get("token"),
        title=str(card.get("title") or ""),
        volume=_within(int(session.get("volume") or 0), -MAX_VOLUME, MAX_VOLUME),
        pace=_within(float(session.get("pace") or 1.0), 0.5, 2.0),
        clock=_read_clock(card.get("clock")),
        cues=tuple(StepCue(float(cue["at"]), str(cue["say"]), "hand" in cue) for cue in card.get("cues") or ()),
        asked=session.get("asked"),
        aside=bool(card.get("aside")),
        buttons=sum(len(message.get("buttons") or ()) for message in messages),
    )


def _read_clock(clock: Mapping[str, Any] | None) -> StepClock | None:
    if clock is None:
        return None
    duration = _within(float(clock["duration"]), 0.0, MAX_SECONDS)
    return StepClock(
        duration,
        _within(float(clock["elapsed"]), 0.0, duration),
        bool(clock["running"]),
        _within(float(clock.get("lead_in") or 0), 0.0, MAX_LEAD_IN),
    )


def _within(value: Number, least: Number, most: Number) -> Number:
    return max(least, min(value, most))
