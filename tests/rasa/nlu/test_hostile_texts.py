"""No text costs much more than an ordinary one, so that nobody can keep others waiting with a few words."""

from __future__ import annotations

from benchmarks.hostile_texts import ordinary_work, texts, work
from tests.rasa.nlu.conftest import Parse

MOST_CALLS = 10
"""Times those of an ordinary text. What takes five times its time, half of which goes into the encoder, makes so many
calls: the benchmark measures the time, on a machine that does nothing else."""
MOST_PIECES = 150
"""Word pieces to encode: they take about seven times as long as the ten of an ordinary text."""


def test_no_text_takes_many_more_steps_than_an_ordinary_one(parse: Parse) -> None:
    usual = ordinary_work(parse)
    times = {name: work(parse, text).calls / usual.calls for name, text in texts().items()}
    assert {name: round(each, 1) for name, each in times.items() if each > MOST_CALLS} == {}


def test_no_text_is_encoded_again_and_again(parse: Parse) -> None:
    pieces = {name: work(parse, text).pieces for name, text in texts().items()}
    assert {name: each for name, each in pieces.items() if each > MOST_PIECES} == {}
