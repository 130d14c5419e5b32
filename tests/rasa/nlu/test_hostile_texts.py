"""No text costs much more than an ordinary one, so that nobody can keep others waiting with a few words."""

from __future__ import annotations

from benchmarks.hostile_texts import costs
from tests.rasa.nlu.conftest import Parse

MOST = 8.0
"""The benchmark allows 5; this machine may be busy."""


def test_no_text_costs_much_more_than_an_ordinary_one(parse: Parse) -> None:
    assert {name: round(cost, 1) for name, cost in costs(parse).items() if cost > MOST} == {}
