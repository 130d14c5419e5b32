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


logger = logging.getLogger(__name__)

LEASE = 4.0
"""Seconds after which a server that gives no more signs of life has lost its turn."""
SIGN = 1.0
"""Seconds between two signs of life; most turns are over before the first."""
PATIENCE = 2.0
"""Seconds for an answer of Redis; longer than any wait for a bell."""

# What uvloop raises, beside the client's own errors, where Redis hangs up between two looks at the connection.
_HUNG_UP = RuntimeError
_FAILURES = (redis.exceptions.RedisError, OSError, _HUNG_UP)

# A conversation is a sorted set: members are turns, in the order of a counter that never repeats. Each turn has a key
# of its own that expires unless it is renewed, so that a server that died holds nobody up longer than a lease.
_ENTER = """
local number = redis.call('INCR', KEYS[1] .. ':count')
redis.call('EXPIRE', KEYS[1] .. ':count', 3600)
redis.call('ZADD', KEYS[1], 'NX', number, ARGV[1])
redis.call('EXPIRE', KEYS[1], 86400)
redis.call('SET', KEYS[1] .. ':' .. ARGV[1], '1', 'PX', ARGV[2])
return number
"""
# 0: it is this turn's turn; above: milliseconds for which the turn in front may still live; below: this one is lost.
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
# Leaves, and rings the bell of the turn that is first now.
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


class RedisLockStore(LockStore):
    """Every step is one atomic script; who waits is called by name, and polls nothing."""

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        """`endpoint_config.url` is Redis's (`redis://host:6379/1`); `key_prefix` goes before every key."""
        settings: dict[str, Any] = dict(endpoint_config.kwargs) if endpoint_config else {}
        self._prefix = f"{settings.pop('key_prefix', 'palmwise')}:lock:"
        self._url = (endpoint_config.url if endpoint_config else None) or "redis://localhost:6379/1"
        self._settings = {
            "socket_timeout": PATIENCE,
            "socket_connect_timeout": PATIENCE,
            # A connection from before a restart of Redis fails once; every script may be sent twice.
            "retry": Retry(NoBackoff(), 1),
            "retry_on_error": [redis.exceptions.ConnectionError, _HUNG_UP],
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
        """Holds `conversation_id` for at most `lock_lifetime` seconds since it was asked for.

        Raises `LockUnavailableError` when Redis cannot be reached or the wait outlived the turn itself.
        """
        key, turn = self._prefix + digest(conversation_id), uuid.uuid4().hex
        lease = int(min(LEASE, lock_lifetime) * 1000)
        alive = asyncio.create_task(self._stay(key, turn, lock_lifetime))
        try:
            await self._run(_ENTER, key, turn, lease)
            await self._wait(key, turn)
            yield self.create_lock(conversation_id)
        finally:
            alive.cancel()
            # A turn that is cancelled leaves all the same.
            await asyncio.shield(self._leave(key, turn))

    async def ping(self) -> None:
        """Raises `LockUnavailableError` when Redis does not answer."""
        try:
            await self._redis().ping()
        except _FAILURES as error:
            raise LockUnavailableError("Redis cannot be reached.") from error

    async def close(self) -> None:
        """Ends the connections to Redis; whoever asks for a lock afterwards opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.close(close_connection_pool=True)

    async def _wait(self, key: str, turn: str) -> None:
        while (left := await self._run(_LOOK, key, turn)) != 0:
            if left < 0:
                raise LockUnavailableError("The turn of the conversation was lost while it waited.")
            try:
                # Looks up again when the one in front could be dead, else when the bell rings.
                await self._redis().blpop([f"{key}:bell:{turn}"], timeout=min(SIGN, left / 1000 + 0.001))
            except _FAILURES as error:
                raise LockUnavailableError("Redis cannot be reached.") from error

    async def _stay(self, key: str, turn: str, lifetime: float) -> None:
        """Gives signs of life while the turn waits and works; one that has left is not brought back by them."""
        loop = asyncio.get_running_loop()
        end = loop.time() + lifetime
        while (left := end - loop.time() - SIGN) > 0:
            await asyncio.sleep(SIGN)
            with suppress(*_FAILURES):
                await self._redis().pexpire(f"{key}:{turn}", int(min(LEASE, left) * 1000))

    async def _leave(self, key: str, turn: str) -> None:
        try:
            await self._run(_LEAVE, key, turn)
        except LockUnavailableError:
            # What the turn did is done and stays done; its lease ends by itself.
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
    """An id is all that is needed to get into a conversation, so Redis is not told it."""
    return hashlib.sha256(conversation.encode()).hexdigest()[:32]
