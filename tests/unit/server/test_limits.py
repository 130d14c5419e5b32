from __future__ import annotations

import pytest

from palmwise.server import limits
from palmwise.server.limits import RateLimit


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_allowed_and_then_refused() -> None:
    limit = RateLimit(burst=3, rate=0.5, clock=Clock())
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, 2]


def test_keys_have_separate_buckets() -> None:
    limit = RateLimit(burst=1, rate=1, clock=Clock())
    assert (limit.take("a"), limit.take("b"), limit.take("a")) == (0, 0, 1)


def test_the_reported_wait_is_long_enough() -> None:
    clock = Clock()
    limit = RateLimit(burst=1, rate=0.3, clock=clock)
    limit.take("a")
    clock.now += limit.take("a")
    assert limit.take("a") == 0


def test_a_bucket_holds_no_more_than_the_burst() -> None:
    clock = Clock()
    limit = RateLimit(burst=2, rate=1, clock=clock)
    limit.take("a")
    clock.now += 1000
    assert [limit.take("a") for _ in range(3)] == [0, 0, 1]


def test_the_least_recently_used_bucket_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_BUCKETS", 2)
    limit = RateLimit(burst=1, rate=1, clock=Clock())
    for key in "abcd":
        limit.take(key)
    assert list(limit._buckets) == ["c", "d"]
