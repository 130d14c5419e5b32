"""Lets a client that sends many messages at once have one at a time while anybody else is there."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

ALONE = 64
"""Messages of one client that are worked at together while nobody else talks."""
TOGETHER = 1
"""And while others do: a flood then costs each of them one turn of waiting, not the flood's."""
PRESENT = 2.0
"""Seconds for which a client counts as there after a message."""


class Turnstile:
    """One row a client; rows do not wait for each other."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds that never go back."""
        self._clock = clock
        self._inside: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        self._present: OrderedDict[str, float] = OrderedDict()

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[None]:
        """Holds one of the client's places for the block."""
        self._present.pop(client, None)
        self._present[client] = self._clock()
        if self._inside[client] < self._allowed():
            self._inside[client] += 1
        else:
            await self._wait(client)
        try:
            yield
        finally:
            self._leave(client)

    async def _wait(self, client: str) -> None:
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._leave(client)  # it was let in at the very moment when it gave up
            raise

    def _leave(self, client: str) -> None:
        self._inside[client] -= 1
        row = self._waiting.get(client)
        while row and self._inside[client] < self._allowed():
            place = row.popleft()
            if not place.done():
                self._inside[client] += 1
                place.set_result(None)
        if not row:
            self._waiting.pop(client, None)
        if not self._inside[client]:
            del self._inside[client]

    def _allowed(self) -> int:
        since = self._clock() - PRESENT
        while self._present and next(iter(self._present.values())) < since:
            self._present.popitem(last=False)
        return ALONE if len(self._present) <= 1 else TOGETHER
