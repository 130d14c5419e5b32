"""Reads the server's messages as far as a voice needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

AT_A_STEP = ("running", "paused")


@dataclass(frozen=True)
class Cue:
    """Words for a second of the step."""

    at: float
    say: str
    swap: bool = False
    """Tells which hand: not to be left out."""


@dataclass(frozen=True)
class StepClock:
    """The clock of a step as the server told it, in seconds."""

    duration: float
    elapsed: float
    running: bool
    lead_in: float = 0.0


@dataclass(frozen=True)
class Card:
    """One turn's answer."""

    kind: str
    say: str
    state: str
    token: str | None
    volume: int = 0
    pace: float = 1.0
    clock: StepClock | None = None
    cues: tuple[Cue, ...] = ()
    choices: int = 0
    """How many buttons came along: with some, an answer is awaited."""

    @property
    def at_a_step(self) -> bool:
        """Whether there is a countdown."""
        return self.state in AT_A_STEP


def card(messages: Sequence[Mapping[str, Any]]) -> Card | None:
    """The card of an answer; None when the server had nothing to say. Raises KeyError, ValueError when it is none."""
    found = [message["custom"] for message in messages if isinstance(message.get("custom"), Mapping)]
    if not found:
        return None
    custom = found[-1]
    session = custom["session"]
    texts = " ".join(str(message["text"]) for message in messages if message.get("text"))
    return Card(
        kind=str(custom["card"]),
        say=str(custom.get("say") or texts),
        state=str(session["state"]),
        token=session.get("token"),
        volume=int(session.get("volume") or 0),
        pace=float(session.get("pace") or 1.0),
        clock=_clock(custom.get("clock")),
        cues=tuple(Cue(float(cue["at"]), str(cue["say"]), "hand" in cue) for cue in custom.get("cues") or ()),
        choices=sum(len(message.get("buttons") or ()) for message in messages),
    )


def _clock(told: Mapping[str, Any] | None) -> StepClock | None:
    if told is None:
        return None
    duration, elapsed = float(told["duration"]), float(told["elapsed"])
    return StepClock(duration, elapsed, bool(told["running"]), float(told.get("lead_in") or 0))
