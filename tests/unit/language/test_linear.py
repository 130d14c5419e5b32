"""Steps of understanding that used to grow with the square of a text, or worse, grow with its length."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from palmwise.language.names import NameTable
from palmwise.language.phrase_matching import PhraseRule
from palmwise.language.spelling import Speller
from palmwise.nlu.repair import Repairer, load_repair_phrases

SPELLER = Speller.build(frozenset({"next", "massage", "stop"}), {"massage": 9, "reflexology": 9})
NAMES = NameTable.build(
    [("routine", "hand massage", "classic"), ("body_part", "hand", "hand"), ("hand", "left", "left")]
)
RULE = PhraseRule((("stop", "please"), ("now", "hurts")))
REPAIRER = Repairer(load_repair_phrases(), SPELLER)
STEPS: dict[str, Callable[[int], object]] = {
    "spelling": lambda size: SPELLER.repair("abcdefghijklmnopqrstuvwxyz" * size),
    "names": lambda size: NAMES.find(["left", "hand", "massage", "hand"] * size * 10, ""),
    "phrases": lambda size: RULE.match(["stop", "now"] * size * 10),
    "repair": lambda size: REPAIRER.repair("wrest one two " * size * 10),
}


def seconds(step: Callable[[int], object], size: int) -> float:
    def once() -> float:
        began = time.process_time()
        step(size)
        return time.process_time() - began

    return min(once() for _ in range(3))


@pytest.mark.parametrize("step", list(STEPS.values()), ids=list(STEPS))
def test_a_text_of_eight_times_the_length_costs_little_more_than_eight_times(step: Callable[[int], object]) -> None:
    assert seconds(step, 160) < 24 * seconds(step, 20) + 0.002


def test_repeated_tokens_are_read_three_times() -> None:
    assert REPAIRER.repair_text("stop " * 50) == "stop stop stop"
    assert REPAIRER.repair_text("next " + "\U0001f600\u270b" * 100).count("\u270b") <= 11


def test_a_long_word_is_left_alone_and_a_stretched_one_is_not() -> None:
    assert SPELLER.repair("x" * 20 + "y" * 20) != ()
    assert SPELLER.repair("n" + "e" * 60 + "xt") == ("next",)
    assert SPELLER.repair("abcdefghij" * 5) == ("abcdefghij" * 5,)
