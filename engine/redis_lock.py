"""Turns of one conversation in the order of their arrival, across servers, by way of Redis."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockStore
from rasa.utils.endpoints import EndpointConfig
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from engine.errors import LockUnavailableError
from engine.lock_store import LiveLockStore

logger = logging.getLogger(__name__)

LEASE = 4.0
"""Seconds after which a server that gives no more sign of life loses its place."""
SIGN_OF_LIFE = LEASE / 4
"""Seconds between two of them."""
PATIENCE = 2.0
"""Seconds for an answer of Redis."""

# KEYS: row of tokens. ARGV: token, lease in ms, prefix of the signs of life. Atomic, and harmless when sent twice.
# Takes a place, drops those before it that died, and returns 0 if it is first, else 1.
_ENTER = """
redis.call('SET', ARGV[3] .. ARGV[1], 1, 'PX', ARGV[2])
if not redis.call('LPOS', KEYS[1], ARGV[1]) then redis.call('RPUSH', KEYS[1], ARGV[1]) end
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 2)
while true do
  local first = redis.call('LINDEX', KEYS[1], 0)
  if first == ARGV[1] then return 0 end
  if redis.call('EXISTS', ARGV[3] .. first) == 1 then return 1 end
  redis.call('LPOP', KEYS[1])
end
"""
# Gives the place up and wakes whoever is first now.
_LEAVE = """
redis.call('LREM', KEYS[1], 0, ARGV[1])
redis.call('DEL', ARGV[3] .. ARGV[1])
local first = redis.call('LINDEX', KEYS[1], 0)
if first then
  redis.call('RPUSH', ARGV[3] .. first .. ':go', 1)
  redis.call('PEXPIRE', ARGV[3] .. first .. ':go', ARGV[2])
end
return 0
"""


@dataclass(frozen=True)
class _Place:
    """One server's place in the row of a conversation."""

    token: str
    row: str
    """Key of the row."""
    prefix: str
    """Of the keys that tell who lives."""

    @property
    def arguments(self) -> tuple[str, str, int, str]:
        return self.row, self.token, int(LEASE * 1000), self.prefix


class RedisLockStore(LockStore):
    """Waits for a word of Redis instead of asking every second; each step is one script, so nothing comes between.

    Within a server the turns wait for each other as in `LiveLockStore`, so that Redis sees one a conversation. A server
    that dies holds a conversation up for `LEASE` seconds at most.
    """

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        """`url` is `redis://…` (`rediss://` for TLS), or a host with `port`, `db`, `username`, `password`, `use_ssl`."""
        settings = dict(endpoint_config.kwargs)
        common = {
            "socket_timeout": PATIENCE,
            "socket_connect_timeout": PATIENCE,
            "retry": Retry(NoBackoff(), 1),
            # Connections from before a restart of Redis.
            "retry_on_error": [RedisConnectionError],
        }
        url = str(endpoint_config.url)
        self._prefix = str(settings.get("key_prefix", "palmwise"))
        if "://" in url:
            self._redis: Redis[bytes] = Redis.from_url(url, **common)
        else:
            self._redis = Redis(
                host=url,
                port=int(settings.get("port", 6379)),
                db=int(settings.get("db", 0)),
                username=settings.get("username"),
                password=settings.get("password"),
                ssl=bool(settings.get("use_ssl", False)),
                **common,
            )
        self._enter = self._redis.register_script(_ENTER)
        self._leave = self._redis.register_script(_LEAVE)
        self._here = LiveLockStore()

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,  # noqa: ARG002
    ) -> AsyncIterator[TicketLock]:
        """Holds `conversation_id`; raises `LockUnavailableError` when Redis is gone or the wait is over."""
        async with self._here.lock(conversation_id, lock_lifetime) as lock:
            # The braces keep all keys of a conversation on one node of a cluster.
            row = f"{self._prefix}:{{{conversation_id}}}"
            place = _Place(secrets.token_hex(8), row, f"{row}:")
            try:
                await self._await(place, lock_lifetime)
                alive = asyncio.create_task(self._stay(place))
            except BaseException:
                await self._give_up(place)
                raise
            try:
                yield lock
            finally:
                alive.cancel()
                await self._give_up(place)

    async def ping(self) -> None:
        """Raises `LockUnavailableError` when Redis does not answer."""
        try:
            await self._redis.ping()
        except (RedisError, OSError) as error:
            raise LockUnavailableError("Redis does not answer.") from error

    def is_someone_waiting(self, conversation_id: str) -> bool:
        """Whether a turn of `conversation_id` works or waits on this server."""
        return self._here.is_someone_waiting(conversation_id)

    async def _await(self, place: _Place, lifetime: float) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + lifetime
        while await self._in_row(place):
            if loop.time() > deadline:
                raise LockUnavailableError("An earlier message of this conversation takes too long.")
            try:
                # Also the moment to look whether the one before is still alive, and to say that this one is.
                await self._redis.blpop(f"{place.prefix}{place.token}:go", timeout=SIGN_OF_LIFE)
            except (RedisError, OSError) as error:
                raise LockUnavailableError("Redis does not answer.") from error

    async def _in_row(self, place: _Place) -> bool:
        key, *arguments = place.arguments
        try:
            return bool(await self._enter(keys=[key], args=arguments))
        except (RedisError, OSError) as error:
            raise LockUnavailableError("Redis does not answer.") from error

    async def _stay(self, place: _Place) -> None:
        """Gives signs of life while the turn goes on; most are over before the first."""
        while True:
            await asyncio.sleep(SIGN_OF_LIFE)
            with suppress(LockUnavailableError):
                await self._in_row(place)

    async def _give_up(self, place: _Place) -> None:
        key, *arguments = place.arguments
        try:
            await asyncio.shield(self._leave(keys=[key], args=arguments))
        except (RedisError, OSError) as error:
            # The place is lost by itself when its lease ends.
            logger.warning("A conversation could not be handed on: %s", type(error).__name__)
