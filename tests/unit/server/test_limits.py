from __future__ import annotations

import pytest

from palmwise.server import limits
from palmwise.server.limits import Allowance


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_then_waits() -> None:
    allowance = Allowance(burst=3, rate=0.5, clock=Clock())
    assert [allowance.take("a") for _ in range(4)] == [0, 0, 0, 2]


def test_keys_do_not_share() -> None:
    allowance = Allowance(burst=1, rate=1, clock=Clock())
    assert (allowance.take("a"), allowance.take("b"), allowance.take("a")) == (0, 0, 1)


def test_waiting_as_told_is_enough() -> None:
    clock = Clock()
    allowance = Allowance(burst=1, rate=0.3, clock=clock)
    allowance.take("a")
    clock.now += allowance.take("a")
    assert allowance.take("a") == 0


def test_a_bucket_never_overflows() -> None:
    clock = Clock()
    allowance = Allowance(burst=2, rate=1, clock=clock)
    allowance.take("a")
    clock.now += 1000
    assert [allowance.take("a") for _ in range(3)] == [0, 0, 1]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REMEMBERED", 2)
    allowance = Allowance(burst=1, rate=1, clock=Clock())
    for key in "abcd":
        allowance.take(key)
    assert list(allowance._buckets) == ["c", "d"]
