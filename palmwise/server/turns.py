"""Facts about the turn that is being taken: whose, what kind, how long its parts take. Never what was said."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

PARTS = ("lock", "load", "understand", "decide", "act", "store")
"""Where a turn's time goes, in this order; what is left over is the way in and out."""


@dataclass
class Turn:
    """One message and its answer, filled in on the way."""

    conversation: str
    """A digest of the id, which does not lead back to it."""
    by: str
    """`person`, `button` or `timer`."""
    began: float
    """Seconds of the performance counter."""
    parts: dict[str, float] = field(default_factory=dict)
    """Milliseconds by name (see `PARTS`)."""
    milliseconds: float = 0.0
    intent: str | None = None
    """Without the entry of a question: its kind tells enough."""
    card: str | None = None
    session: dict[str, Any] = field(default_factory=dict)
    """As the answer shows it."""
    outcome: str = "answered"
    """`answered`, `silent` (a late timer), `apology`, `left` (nobody waited for it), or the code of the refusal."""

    def answered(self, messages: list[dict[str, Any]]) -> None:
        """Takes from the answer what it shows: the card and the session, none of the words."""
        if not messages:
            self.outcome = "silent"
            return
        custom = messages[-1].get("custom", {})
        self.card = custom.get("card")
        self.session = custom.get("session", {})

    def end(self) -> None:
        """Stops the clock."""
        self.milliseconds = (time.perf_counter() - self.began) * 1000

    def told(self) -> dict[str, Any]:
        """All of it, for a log."""
        return {
            "conversation": self.conversation,
            "by": self.by,
            "intent": self.intent,
            "outcome": self.outcome,
            "card": self.card,
            "state": self.session.get("state"),
            "routine": self.session.get("routine"),
            "step": self.session.get("step"),
            "ms": round(self.milliseconds, 1),
            "parts": {name: round(taken, 2) for name, taken in self.parts.items()},
        }


_current: ContextVar[Turn | None] = ContextVar("turn", default=None)


def current() -> Turn | None:
    """The turn that this code runs for; None outside of any."""
    return _current.get()


def digest(conversation: str) -> str:
    """Twelve hexadecimal digits, the same for the same conversation. The id is too random to be guessed from them."""
    return hashlib.sha256(conversation.encode()).hexdigest()[:12]


@contextmanager
def taken(conversation: str, by: str) -> Iterator[Turn]:
    """Makes a turn the current one, for tasks begun within too."""
    turn = Turn(digest(conversation), by, time.perf_counter())
    mark = _current.set(turn)
    try:
        yield turn
    finally:
        _current.reset(mark)


@contextmanager
def part(name: str) -> Iterator[None]:
    """Counts the time of the block to a part of the current turn."""
    turn = _current.get()
    began = time.perf_counter()
    try:
        yield
    finally:
        if turn is not None:
            turn.parts[name] = turn.parts.get(name, 0.0) + (time.perf_counter() - began) * 1000
