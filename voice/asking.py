"""The messages to the server: one at a time, in order, again until they are answered."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

AGAIN = 3.0
"""Seconds until the next try."""
STALE = 20.0
"""Seconds after which a person's words are no longer worth delivering."""


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

    @property
    def by_person(self) -> bool:
        """Whether somebody waits for the answer."""
        return "text" in self.message

    @property
    def timer(self) -> bool:
        """Whether it says that a step's time is up."""
        return self.message.get("by") == "timer"


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

    def ask(self, message: Mapping[str, Any], now: float) -> None:
        """To be sent when what came before has been answered."""
        self._put({**message, "id": self._identity()}, now)

    def look(self, now: float) -> None:
        """To see the current card again."""
        self._put({}, now)

    def due(self, now: float) -> list[Asked]:
        """What is to be sent now."""
        if not self._queue or self._queue[0].sent or now < self._queue[0].due:
            return []
        first = replace(self._queue[0], sent=True, tries=self._queue[0].tries + 1)
        self._queue[0] = first
        return [first]

    def answered(self, number: int) -> Asked | None:
        """What was answered; None when nobody waits for it any more."""
        if not self._queue or self._queue[0].number != number:
            return None
        asked = self._queue.pop(0)
        self.looked = not asked.message
        return asked

    def failed(self, number: int, now: float, *, gone: bool) -> Asked | None:
        """What failed; with `gone` it will be tried again, unless it is a person's words and too old by now."""
        asked = self.answered(number)
        if asked is None:
            return None
        if gone and asked.by_person and now - asked.at > STALE:
            self.dropped = True
            # A look instead, to know when the server is back.
            self._queue.insert(0, Asked(next(self._numbers), {}, now, now + AGAIN))
        elif gone:
            self._queue.insert(0, replace(asked, sent=False, due=now + AGAIN))
        return asked

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way or waiting."""
        return not self._queue

    @property
    def person_waits(self) -> bool:
        """Whether somebody's words are with the server, which so far has been there."""
        return not self.gone and any(asked.by_person for asked in self._queue)

    def _put(self, message: Mapping[str, Any], now: float) -> None:
        self._queue.append(Asked(next(self._numbers), message, now, now))
