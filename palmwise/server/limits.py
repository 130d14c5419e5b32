"""Rate limits: one token bucket per client address or conversation."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from palmwise.errors import RefusedError

MAX_BUCKETS = 10_000
"""Buckets in memory; the least recently used one is dropped, and would start full again."""
REFUSAL_DELAY = 0.5
"""Seconds by which a refusal is delayed, so that a client that sends one request after the other slows down."""
MAX_DELAYED = 64
"""Delayed refusals per key; further ones are sent at once, so that they take up no memory."""


@dataclass(frozen=True)
class Bucket:
    """State of a token bucket at a time."""

    tokens: float
    at: float
    """Seconds of the clock in use."""


class RateLimit:
    """One bucket per key, which holds `burst` tokens and refills by `rate` tokens a second."""

    def __init__(self, burst: float, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives monotonic seconds."""
        self._burst = burst
        self._rate = rate
        self._clock = clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._delayed: Counter[str] = Counter()

    def take(self, key: str) -> int:
        """Take one token of `key`; 0 if there was one, else the whole seconds until there will be."""
        now = self._clock()
        bucket = self._buckets.pop(key, Bucket(self._burst, now))
        tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate)
        allowed = tokens >= 1
        self._buckets[key] = Bucket(tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > MAX_BUCKETS:
            self._buckets.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - tokens) / self._rate))

    async def require(self, key: str) -> None:
        """Take one token of `key`. Raises `RefusedError` 429, after `REFUSAL_DELAY`, if there is none."""
        seconds = self.take(key)
        if not seconds:
            return
        if self._delayed[key] < MAX_DELAYED:
            self._delayed[key] += 1
            try:
                await asyncio.sleep(REFUSAL_DELAY)
            finally:
                self._delayed[key] -= 1
                if not self._delayed[key]:
                    del self._delayed[key]
        raise RefusedError(429, "too_many", f"Too many messages. Please wait {seconds} s.", seconds)
