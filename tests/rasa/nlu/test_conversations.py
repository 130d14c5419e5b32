"""Cases in context, by the trained model and the coach together.

Two trainings differ by one or two cases of a kind of some thirty, so the floors are three or four cases below what was
measured. `make bench-nlu` shows the figures, and which cases fail.
"""

from __future__ import annotations

from functools import lru_cache

import pytest

from benchmarks.nlu.cases_in_context import accuracy, load_conversations
from tests.rasa.nlu.conftest import Parse

FLOORS = {"screening_answer": 0.9, "red_flag": 0.9, "emergency_level": 0.93, "insist_after_flag": 0.9, "plain": 0.9}
FLOOR, LEAST = 0.85, 0.65
"""Of all cases together, and of those of any kind that has no floor of its own."""


@pytest.fixture(scope="module")
def right(parse: Parse) -> dict[str, tuple[int, int]]:
    return accuracy(load_conversations(), lru_cache(maxsize=None)(parse))


def test_conversations_are_understood(right: dict[str, tuple[int, int]]) -> None:
    assert sum(good for good, _ in right.values()) >= FLOOR * sum(count for _, count in right.values()), right


def test_no_kind_is_misunderstood(right: dict[str, tuple[int, int]]) -> None:
    below = {kind: (good, count) for kind, (good, count) in right.items() if good < FLOORS.get(kind, LEAST) * count}
    assert not below
