"""Lets a client that sends many messages at once have one at a time, others first, while anybody else is there."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

ALONE = 64
"""Messages of one client that are worked at together while nobody else talks."""
TOGETHER = 1
"""And while others do: a flood then costs each of them the rest of one turn, not the flood's."""
PRESENT = 120.0
"""Seconds for which a client counts as there after a message: longer than a step of a massage, often a silent one."""
LONGEST_REST = 1.0
"""Seconds that a client lets others go first after a turn; a turn that waited for a database would ask for more."""


class Turnstile:
    """One row a client.

    After its turn a client lets those go first who are being served, for as long as its own turn took: who sends
    without a pause has half of the time at most, and all that others leave. People take longer breaths than that.
    """

    def __init__(
        self, clock: Callable[[], float], later: Callable[[float, Callable[[], Any]], Any] | None = None
    ) -> None:
        """`clock` gives seconds that never go back; `later` calls back after seconds (the event loop's own if None)."""
        self._clock = clock
        self._later = later
        self._inside: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self._present: OrderedDict[str, float] = OrderedDict()
        self._resting: OrderedDict[str, float] = OrderedDict()

    @asynccontextmanager
    async def turn(self, client: str, *, speaks: bool = True) -> AsyncIterator[None]:
        """Holds one of the client's places for the block; whoever does not speak does not count as there for others."""
        if speaks:
            self._see(client)
        await self._enter(client)
        began = self._clock()
        try:
            yield
        finally:
            self._leave(client, self._clock() - began)

    def _see(self, client: str) -> None:
        self._present.pop(client, None)
        self._present[client] = self._clock()
        if len(self._present) > 2:  # enough to know of every client whether it is the only one
            self._present.popitem(last=False)

    async def _enter(self, client: str) -> None:
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(place)
        self._admit(client)
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled():
                self._leave(client, 0.0)  # it was let in at the very moment when it gave up
            raise

    def _leave(self, client: str, took: float) -> None:
        self._inside[client] -= 1
        if not self._inside[client]:
            del self._inside[client]
        self._rest(client, min(took, LONGEST_REST))
        if client in self._waiting:
            self._waiting.move_to_end(client)
        while self._waiting and not self._inside:
            self._admit(next(iter(self._waiting)))
        self._admit(client)

    def _rest(self, client: str, seconds: float) -> None:
        now = self._clock()
        self._resting.pop(client, None)
        self._resting[client] = now + seconds
        while self._resting and next(iter(self._resting.values())) <= now:
            self._resting.popitem(last=False)

    def _admit(self, client: str) -> None:
        row = self._waiting.get(client, deque())
        while row and self._may_enter(client):
            place = row.popleft()
            if not place.done():
                self._inside[client] += 1
                place.set_result(None)
        if not row:
            self._waiting.pop(client, None)
        elif client not in self._inside:
            later = self._later or asyncio.get_running_loop().call_later
            later(max(0.0, self._resting[client] - self._clock()), lambda: self._admit(client))

    def _may_enter(self, client: str) -> bool:
        if self._alone(client):
            return self._inside[client] < ALONE
        if self._inside[client] >= TOGETHER:
            return False
        return not self._inside or self._clock() >= self._resting.get(client, 0.0)

    def _alone(self, client: str) -> bool:
        since = self._clock() - PRESENT
        return all(name == client or seen < since for name, seen in self._present.items())
