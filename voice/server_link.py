"""Requests to the coach's server: one at a time, in order, repeated until answered."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from voice import words

RETRY_SECONDS = 3.0
"""Until the next try."""
STALE_SECONDS = 20.0
"""After which what somebody said is no longer worth sending; but stopping late is right."""


@dataclass(frozen=True)
class QueuedRequest:
    """A message that is being sent, or waits to be."""

    number: int
    message: Mapping[str, Any]
    """Empty to fetch the current card."""
    created: float
    due: float
    """When to send it next."""
    sent: bool = False
    tries: int = 0
    halting_reply: str = ""
    """For what means that hands come off: what to say while it cannot be sent. Empty for everything else."""

    @property
    def by_person(self) -> bool:
        """Whether somebody waits for the answer."""
        return "text" in self.message

    @property
    def by_timer(self) -> bool:
        """Whether it reports the end of a step."""
        return self.message.get("by") == "timer"

    def is_stale(self, now: float) -> bool:
        """Return whether it is not worth sending any more."""
        return self.by_person and not self.sent and not self.halting_reply and now - self.created > STALE_SECONDS


class RequestQueue:
    """The requests of a conversation. Times are in seconds of one monotonic clock."""

    def __init__(self, new_id: Callable[[], str] = lambda: str(uuid.uuid4())) -> None:
        """`new_id` makes the id of a message, by which the server recognizes one that is repeated."""
        self._new_id = new_id
        self._numbers = count(1)
        self._queue: list[QueuedRequest] = []
        self._unreachable = False
        self._dropped = False
        self.fetched = False
        """Whether the last answer was to `fetch_card`."""

    def send(self, message: Mapping[str, Any], now: float, halting_reply: str = "") -> None:
        """Send a message when everything before it was answered; `halting_reply` as in `QueuedRequest`."""
        if halting_reply:
            # Whoever wants to stop or rest must not be led on to the next step.
            self._queue = [request for request in self._queue if request.sent or not request.by_timer]
        self._put({**message, "id": self._new_id()}, now, now, halting_reply)

    def fetch_card(self, now: float, after: float = 0.0) -> None:
        """Fetch the current card in so many seconds."""
        self._put({}, now, now + after)

    def due(self, now: float) -> list[QueuedRequest]:
        """Return what to send now, and take it for sent."""
        if self._unreachable:
            self._drop_stale(now)
        if not self._queue or self._queue[0].sent or now < self._queue[0].due:
            return []
        self._queue[0] = replace(self._queue[0], sent=True, tries=self._queue[0].tries + 1)
        return [self._queue[0]]

    def answered(self, number: int, now: float) -> QueuedRequest | None:
        """Return the request that was answered; None if it does not wait any more."""
        request = self._take(number)
        if request is not None:
            self.fetched = not request.message
            self._drop_stale(now)
        return request

    def failed(self, number: int, now: float, *, unreachable: bool) -> QueuedRequest | None:
        """Return the request that failed; if the server is unreachable, it is sent again unless it gets stale."""
        request = self._take(number)
        if request is None:
            return None
        if unreachable and not (request.by_timer and any(other.halting_reply for other in self._queue)):
            self._queue.insert(0, replace(request, sent=False, due=now + RETRY_SECONDS))
        self._drop_stale(now)
        if unreachable and not self._queue:
            # To notice when the server is back.
            self.fetch_card(now, RETRY_SECONDS)
        return request

    def note_unreachable(self, request: QueuedRequest) -> str:
        """Return what to say after a request found no server; empty if all that was said before."""
        if not self._unreachable:
            self._unreachable = True
            return self.halting_reply or words.UNREACHABLE
        first_try = request.by_person and request.tries == 1 and not request.halting_reply
        return words.STILL_UNREACHABLE if first_try else ""

    def note_reached(self) -> str:
        """Return what to say after the server answered; empty if it had not been missed."""
        sentences = [words.REACHED_AGAIN] if self._unreachable else []
        sentences += [words.REPEAT_PLEASE] if self._dropped else []
        self._unreachable = self._dropped = False
        return " ".join(sentences)

    @property
    def halting_reply(self) -> str:
        """While the server is unreachable: the reply to the last waiting words that mean hands off; else empty."""
        waiting = [request.halting_reply for request in self._queue if request.halting_reply]
        return waiting[-1] if waiting and self._unreachable else ""

    @property
    def empty(self) -> bool:
        """Whether nothing is being sent or waits."""
        return not self._queue

    @property
    def person_waits(self) -> bool:
        """Whether somebody waits for an answer of the server, which can be reached as far as is known."""
        return not self._unreachable and any(request.by_person for request in self._queue)

    def _put(self, message: Mapping[str, Any], now: float, due: float, halting_reply: str = "") -> None:
        self._queue.append(QueuedRequest(next(self._numbers), message, now, due, halting_reply=halting_reply))

    def _take(self, number: int) -> QueuedRequest | None:
        return self._queue.pop(0) if self._queue and self._queue[0].number == number else None

    def _drop_stale(self, now: float) -> None:
        fresh = [request for request in self._queue if not request.is_stale(now)]
        self._dropped = self._dropped or len(fresh) < len(self._queue)
        self._queue = fresh
