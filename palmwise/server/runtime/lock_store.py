"""Turns of one conversation in the order of their arrival, within one process, with no waiting by the second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockStore
from rasa.utils.endpoints import EndpointConfig


@dataclass(frozen=True)
class _Turn:
    """One that waits or works."""

    done: asyncio.Future[None]
    """Set when the next in the row may begin."""
    expires: float
    """Seconds of the loop's clock at which it is taken for lost."""


class LiveLockStore(LockStore):
    """Hands a conversation from turn to turn at once; one that outlives its lifetime no longer holds up the others."""

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:  # noqa: ARG002
        """Needs no setting: `endpoint_config` is what Rasa hands to every lock store."""
        self._last: dict[str, _Turn] = {}

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,  # noqa: ARG002
    ) -> AsyncIterator[TicketLock]:
        """Holds `conversation_id`, for at most `lock_lifetime` seconds since it was asked for; nothing is polled."""
        loop = asyncio.get_running_loop()
        before = self._last.get(conversation_id)
        turn = _Turn(loop.create_future(), loop.time() + lock_lifetime)
        self._last[conversation_id] = turn
        begun = False
        try:
            if before and not before.done.done():
                # Waiting on the future itself would cancel it together with this turn.
                await asyncio.wait({before.done}, timeout=max(0.0, before.expires - loop.time()))
            begun = True
            yield self.create_lock(conversation_id)
        finally:
            self._end(conversation_id, turn, None if begun else before)

    def _end(self, conversation_id: str, turn: _Turn, before: _Turn | None) -> None:
        """Lets the next one begin: at once, or after `before` if this turn was given up while it still waited."""
        if before and not before.done.done():
            before.done.add_done_callback(lambda _: self._end(conversation_id, turn, None))
            return
        if not turn.done.done():
            turn.done.set_result(None)
        if self._last.get(conversation_id) is turn:
            del self._last[conversation_id]

    def is_someone_waiting(self, conversation_id: str) -> bool:
        """Whether a turn of `conversation_id` works or waits."""
        return conversation_id in self._last
