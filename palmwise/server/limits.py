"""Token buckets: how often something may happen."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

REMEMBERED = 10_000
"""Buckets kept; the one that was unused for longest makes room, and comes back full."""


@dataclass(frozen=True)
class Bucket:
    """What was left at a time."""

    tokens: float
    at: float
    """Seconds of the clock in use."""


class Allowance:
    """One bucket a key, each `burst` deep, filling by `rate` a second."""

    def __init__(self, burst: float, rate: float, clock: Callable[[], float]) -> None:
        """`clock` gives seconds that never go back."""
        self._burst = burst
        self._rate = rate
        self._clock = clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, key: str) -> int:
        """Takes one token of `key`; 0 when there was one, else the whole seconds until there will be."""
        now = self._clock()
        bucket = self._buckets.pop(key, Bucket(self._burst, now))
        tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate)
        allowed = tokens >= 1
        self._buckets[key] = Bucket(tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - tokens) / self._rate))
