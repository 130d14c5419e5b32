"""Lets turns begin one after the other, the clients taking turns, so that a flood from one holds up nobody else."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque


class Turnstile:
    """One turn begins in each round of the event loop; whoever has fewer in the row is not behind whoever has many."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self._turning = False

    async def through(self, client: str) -> None:
        """Returns when a turn of `client` may begin: at once, if nothing else began in this round."""
        loop = asyncio.get_running_loop()
        if not self._turning:
            self._turning = True
            loop.call_soon(self._next, loop)
            return
        place: asyncio.Future[None] = loop.create_future()
        self._waiting.setdefault(client, deque()).append(place)
        await place

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._waiting:
            client, places = self._waiting.popitem(last=False)
            place = places.popleft()
            if places:
                self._waiting[client] = places  # at the end: the others come first
            if not place.done():  # a client that hung up cancels its place
                place.set_result(None)
                loop.call_soon(self._next, loop)
                return
        self._turning = False
