"""Ends the server at SIGINT or SIGTERM, whenever that comes."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable

_PASSES = 3
"""Passes of the event loop that end what Sanic runs of its start; uvloop needs one more than asyncio."""


class StopSignals:
    """Calls `stop` at the first SIGINT or SIGTERM, but not before the server runs.

    Sanic's own handlers stop the event loop at once. While Sanic still runs the last steps of its start, that is
    forgotten: a server that was told to end just when it was ready went on, and took no further signal.
    """

    def __init__(self, stop: Callable[[], object]) -> None:
        """Take the signals from now on; called in the event loop."""
        self._stop = stop
        self._is_running = False
        self._is_wanted = False
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._want)

    async def wait_for(self, start: Awaitable[object]) -> bool:
        """Wait for the end of `start`, which the event loop runs for; return whether the server is to go on.

        A signal that came before takes effect then.
        """
        await start
        for _ in range(_PASSES):
            await asyncio.sleep(0)
        self._is_running = True
        if self._is_wanted:
            self._stop()
        return not self._is_wanted

    def _want(self) -> None:
        if self._is_running and not self._is_wanted:
            self._stop()
        self._is_wanted = True
