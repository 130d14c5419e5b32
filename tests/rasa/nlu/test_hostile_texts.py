"""No text costs much more than an ordinary one, so that nobody can keep others waiting with a few words."""

from __future__ import annotations

from benchmarks.hostile_texts import costs
from tests.rasa.nlu.conftest import Parse

MOST = 40.0
"""A cost that grows with the square of the text was 70 to 270 times an ordinary one. The benchmark measures how much
less it is, on a machine that does nothing else."""


def test_no_text_costs_much_more_than_an_ordinary_one(parse: Parse) -> None:
    assert {name: round(cost, 1) for name, cost in costs(parse).items() if cost > MOST} == {}
