"""Messages to the coach's server: one at a time, in order, repeated until answered."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from voice import words


def lost(asking: Asking, asked: Asked) -> str:
    """After nobody answered; empty where all that was said already."""
    if not asking.gone:
        asking.gone = True
        return asking.halting or words.GONE
    return words.GONE_BEFORE if asked.by_person and asked.tries == 1 and not asked.halting else ""


def back(asking: Asking) -> str:
    """After somebody answered; empty where nothing had been amiss."""
    told = [words.BACK] if asking.gone else []
    told += [words.LOST_WORDS] if asking.dropped else []
    asking.gone = asking.dropped = False
    return " ".join(told)


AGAIN = 3.0
"""Seconds until the next try."""
STALE = 20.0
"""Seconds after which a person's words are no longer worth delivering; stopping late is right."""


@dataclass(frozen=True)
class Asked:
    """A message on its way, or waiting for it."""

    number: int
    message: Mapping[str, Any]
    """Empty for a look at the current card."""
    at: float
    """When it was first to be sent."""
    due: float
    """When to send it next."""
    sent: bool = False
    tries: int = 0
    halting: str = ""
    """Of words that mean hands off: what to say where they cannot be delivered; empty for all others."""

    @property
    def by_person(self) -> bool:
        """Whether somebody waits for the answer."""
        return "text" in self.message

    @property
    def timer(self) -> bool:
        """Whether it says that a step's time is up."""
        return self.message.get("by") == "timer"

    def late(self, now: float) -> bool:
        """Whether it is not worth delivering any more."""
        return self.by_person and not self.sent and not self.halting and now - self.at > STALE


class Asking:
    """The queue of messages."""

    def __init__(self, identity: Callable[[], str] = lambda: str(uuid.uuid4())) -> None:
        """`identity` makes an id for each message, by which the server knows one that comes again."""
        self._identity = identity
        self._numbers = count(1)
        self._queue: list[Asked] = []
        self.gone = False
        """The server did not answer last time."""
        self.dropped = False
        """Words of the person were not delivered in time."""
        self.looked = False
        """The last answer was to a look."""

    def ask(self, message: Mapping[str, Any], now: float, halting: str = "") -> None:
        """To be sent when what came before has been answered; `halting` as in `Asked`."""
        if halting:
            # Whoever wants to stop or rest is not to be led on.
            self._queue = [asked for asked in self._queue if asked.sent or not asked.timer]
        self._put({**message, "id": self._identity()}, now, now, halting)

    def look(self, now: float, after: float = 0.0) -> None:
        """To see the current card again, in so many seconds."""
        self._put({}, now, now + after)

    def due(self, now: float) -> list[Asked]:
        """What is to be sent now."""
        if self.gone:
            self._forget(now)
        if not self._queue or self._queue[0].sent or now < self._queue[0].due:
            return []
        first = replace(self._queue[0], sent=True, tries=self._queue[0].tries + 1)
        self._queue[0] = first
        return [first]

    def answered(self, number: int, now: float) -> Asked | None:
        """What was answered; None when nobody waits for it any more. What is too old by now is dropped."""
        asked = self._taken(number)
        if asked is not None:
            self.looked = not asked.message
            self._forget(now)
        return asked

    def failed(self, number: int, now: float, *, gone: bool) -> Asked | None:
        """What failed; with `gone` it will be tried again, unless it is not worth delivering by now."""
        asked = self._taken(number)
        if asked is None:
            return None
        if gone and not (asked.timer and any(other.halting for other in self._queue)):
            self._queue.insert(0, replace(asked, sent=False, due=now + AGAIN))
        self._forget(now)
        if gone and not self._queue:
            # To know when the server is back.
            self.look(now, AGAIN)
        return asked

    @property
    def halting(self) -> str:
        """While the server is gone: of the last words waiting that mean hands off, what to say; else empty."""
        waiting = [asked.halting for asked in self._queue if asked.halting] if self.gone else []
        return waiting[-1] if waiting else ""

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way or waiting."""
        return not self._queue

    @property
    def person_waits(self) -> bool:
        """Whether somebody's words are with the server, which so far has been there."""
        return not self.gone and any(asked.by_person for asked in self._queue)

    def _put(self, message: Mapping[str, Any], now: float, due: float, halting: str = "") -> None:
        self._queue.append(Asked(next(self._numbers), message, now, due, halting=halting))

    def _taken(self, number: int) -> Asked | None:
        return self._queue.pop(0) if self._queue and self._queue[0].number == number else None

    def _forget(self, now: float) -> None:
        """Drops a person's words that came too late."""
        late = [asked for asked in self._queue if asked.late(now)]
        if late:
            self.dropped = True
            self._queue = [asked for asked in self._queue if asked not in late]
