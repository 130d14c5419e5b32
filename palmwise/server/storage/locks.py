"""Lock stores without polling: within one process, and across servers through Redis."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import redis.asyncio
import redis.exceptions
from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockStore
from rasa.utils.endpoints import EndpointConfig
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from palmwise.errors import LockUnavailableError

logger = logging.getLogger(__name__)

LEASE = 4.0
"""Seconds without a renewal after which a server has lost its turn."""
RENEWAL = 1.0
"""Seconds between two renewals of the lease; most turns are over before the first."""
TIMEOUT = 2.0
"""Seconds that Redis has to answer; longer than any wait for a notification."""

# Raised by uvloop if Redis closes a connection between two uses of it.
_CLOSED = RuntimeError
_FAILURES = (redis.exceptions.RedisError, OSError, _CLOSED)

# A conversation is a sorted set of turns, ordered by a counter. Each turn has a key of its own that expires unless it
# is renewed, so that a server that died delays others by at most one lease.
_ENTER = """
local number = redis.call('INCR', KEYS[1] .. ':count')
redis.call('EXPIRE', KEYS[1] .. ':count', 3600)
redis.call('ZADD', KEYS[1], 'NX', number, ARGV[1])
redis.call('EXPIRE', KEYS[1], 86400)
redis.call('SET', KEYS[1] .. ':' .. ARGV[1], '1', 'PX', ARGV[2])
return number
"""
# 0: the turn may begin; above 0: milliseconds until the lease of the turn in front expires; below 0: it lost its place.
_LOOK = """
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then return -1 end
while true do
  local first = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
  if first == ARGV[1] then return 0 end
  local left = redis.call('PTTL', KEYS[1] .. ':' .. first)
  if left > 0 then return left end
  redis.call('ZREM', KEYS[1], first)
end
"""
# Removes the turn, and notifies the one that is first now through its list (`:bell:`).
_LEAVE = """
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[1] .. ':' .. ARGV[1], KEYS[1] .. ':bell:' .. ARGV[1])
local first = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
if first then
  redis.call('RPUSH', KEYS[1] .. ':bell:' .. first, '1')
  redis.call('EXPIRE', KEYS[1] .. ':bell:' .. first, 3600)
end
return 0
"""


@dataclass(frozen=True)
class _Turn:
    """A turn that waits or works."""

    done: asyncio.Future[None]
    """Set when the next turn may begin."""
    expires: float
    """Time of the event loop's clock at which it counts as lost."""


class LiveLockStore(LockStore):
    """Queues the turns of a conversation; a turn that outlives its lifetime no longer delays the next one."""

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:  # noqa: ARG002
        """Take the argument that Rasa gives to every lock store; there are no settings."""
        self._last: dict[str, _Turn] = {}

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,  # noqa: ARG002
    ) -> AsyncIterator[TicketLock]:
        """Hold the lock of `conversation_id` for at most `lock_lifetime` seconds, waiting included."""
        loop = asyncio.get_running_loop()
        before = self._last.get(conversation_id)
        turn = _Turn(loop.create_future(), loop.time() + lock_lifetime)
        self._last[conversation_id] = turn
        begun = False
        try:
            if before and not before.done.done():
                # Awaiting the future itself would cancel it if this turn is cancelled.
                await asyncio.wait({before.done}, timeout=max(0.0, before.expires - loop.time()))
            begun = True
            yield self.create_lock(conversation_id)
        finally:
            self._end(conversation_id, turn, None if begun else before)

    def _end(self, conversation_id: str, turn: _Turn, before: _Turn | None) -> None:
        """Let the next turn begin: at once, or after `before` if this turn was cancelled while waiting for it."""
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


class RedisLockStore(LockStore):
    """Queues the turns of a conversation in Redis. Every step is one atomic script; a waiting turn is notified."""

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        """Take the settings of endpoints.yml: `url` (`redis://host:6379/1`) and the `key_prefix` of every key."""
        settings: dict[str, Any] = dict(endpoint_config.kwargs) if endpoint_config else {}
        self._prefix = f"{settings.pop('key_prefix', 'palmwise')}:lock:"
        self._url = (endpoint_config.url if endpoint_config else None) or "redis://localhost:6379/1"
        self._settings = {
            "socket_timeout": TIMEOUT,
            "socket_connect_timeout": TIMEOUT,
            # A connection from before a restart of Redis fails once. Every script may run twice.
            "retry": Retry(NoBackoff(), 1),
            "retry_on_error": [redis.exceptions.ConnectionError, _CLOSED],
            **settings,
        }
        self._client: redis.asyncio.Redis | None = None

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,  # noqa: ARG002
    ) -> AsyncIterator[TicketLock]:
        """Hold the lock of `conversation_id` for at most `lock_lifetime` seconds, waiting included.

        Raises `LockUnavailableError` if Redis cannot be reached, or the turn lost its place while it waited.
        """
        key, turn = self._prefix + digest(conversation_id), uuid.uuid4().hex
        lease = int(min(LEASE, lock_lifetime) * 1000)
        alive = asyncio.create_task(self._renew(key, turn, lock_lifetime))
        try:
            await self._run(_ENTER, key, turn, lease)
            await self._wait(key, turn)
            yield self.create_lock(conversation_id)
        finally:
            alive.cancel()
            # A cancelled turn has to be removed as well.
            await asyncio.shield(self._leave(key, turn))

    async def ping(self) -> None:
        """Raise `LockUnavailableError` if Redis does not answer."""
        try:
            await self._redis().ping()
        except _FAILURES as error:
            raise LockUnavailableError("Redis cannot be reached.") from error

    async def close(self) -> None:
        """Close the connections to Redis; the next lock opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.close(close_connection_pool=True)

    async def _wait(self, key: str, turn: str) -> None:
        while (left := await self._run(_LOOK, key, turn)) != 0:
            if left < 0:
                raise LockUnavailableError("The turn of the conversation was lost while it waited.")
            try:
                # Returns when notified, or when the turn in front could be dead.
                await self._redis().blpop([f"{key}:bell:{turn}"], timeout=min(RENEWAL, left / 1000 + 0.001))
            except _FAILURES as error:
                raise LockUnavailableError("Redis cannot be reached.") from error

    async def _renew(self, key: str, turn: str, lifetime: float) -> None:
        """Renew the lease while the turn waits and works; a turn that was removed is not restored by it."""
        loop = asyncio.get_running_loop()
        end = loop.time() + lifetime
        while (left := end - loop.time() - RENEWAL) > 0:
            await asyncio.sleep(RENEWAL)
            with suppress(*_FAILURES):
                await self._redis().pexpire(f"{key}:{turn}", int(min(LEASE, left) * 1000))

    async def _leave(self, key: str, turn: str) -> None:
        try:
            await self._run(_LEAVE, key, turn)
        except LockUnavailableError:
            # What the turn did is stored; its lease expires by itself.
            logger.warning("A conversation could not be handed on: Redis cannot be reached.")

    async def _run(self, script: str, key: str, *arguments: str | int) -> int:
        try:
            return int(await self._redis().eval(script, 1, key, *arguments))
        except _FAILURES as error:
            raise LockUnavailableError("Redis cannot be reached.") from error

    def _redis(self) -> redis.asyncio.Redis:
        if self._client is None:
            self._client = redis.asyncio.from_url(self._url, **self._settings)
        return self._client


def digest(conversation: str) -> str:
    """A digest of the id, for Redis: whoever knows an id can read its conversation."""
    return hashlib.sha256(conversation.encode()).hexdigest()[:32]
