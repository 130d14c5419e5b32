"""Scores on answers that can be counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.nlu.cases import Case
from benchmarks.nlu.scores import accuracy_by_set, is_right, scores_of


def answer(label: str, confidence: float = 1.0, entities: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    return {"label": label, "confidence": confidence, "entities": entities, "milliseconds": 2.0}


FLAG = Case("red_flags", "it is broken", ("report_red_flag",))
NEXT = Case("typed", "next", ("next_step",))
OILS = Case("typed", "which oil", ("faq/oils",))
PIZZA = Case("foreign", "a pizza", ("out_of_scope",))


def test_any_of_the_intents_is_right() -> None:
    either = Case("typed", "go on", ("resume", "next_step"))
    assert is_right(either, "next_step")
    assert not is_right(either, "pause")


def test_out_of_scope_may_be_called_not_understood() -> None:
    assert is_right(PIZZA, "nlu_fallback")
    assert not is_right(NEXT, "nlu_fallback")


def test_scores_are_shares_of_their_sentences() -> None:
    pairs = [
        (FLAG, answer("report_red_flag")),
        (FLAG, answer("report_pain")),
        (NEXT, answer("next_step")),
        (NEXT, answer("report_red_flag")),
        (NEXT, answer("nlu_fallback")),
        (OILS, answer("faq/oils")),
        (PIZZA, answer("out_of_scope")),
        (PIZZA, answer("next_step")),
    ]
    scores = scores_of(pairs)
    assert accuracy_by_set(pairs) == {"red_flags": 0.5, "typed": 0.5, "foreign": 0.5}
    assert scores == {
        "question's id right": 1.0,
        "entities, F1": None,
        "red flags found": 0.5,
        "red flags, false alarms": pytest.approx(1 / 6),
        "out of scope rejected": 0.5,
        "in scope rejected": pytest.approx(1 / 6),
        "calibration error": pytest.approx(3 / 7),
    }


def test_entities_are_counted_by_value() -> None:
    case = Case("entities", "step 4, left", ("go_to_step",), {"step_number": ("4",), "hand": ("left",)})
    found = (("step_number", "4"), ("hand", "right"), ("minutes", "4"))
    # One of two found, one of three right: twice the hits over both sums.
    assert scores_of([(case, answer("go_to_step", entities=found))])["entities, F1"] == pytest.approx(2 / 5)


def test_calibration_is_counted_in_bins() -> None:
    pairs = [
        (NEXT, answer("next_step", 0.95)),
        (NEXT, answer("pause", 0.97)),
        (NEXT, answer("next_step", 0.2)),
        (NEXT, answer("nlu_fallback", 0.9)),
    ]
    assert scores_of(pairs)["calibration error"] == pytest.approx((0.8 + 2 * 0.46) / 3)


def test_a_calibrated_confidence_has_no_error() -> None:
    pairs = [(NEXT, answer("next_step", 0.5)), (NEXT, answer("pause", 0.5))]
    assert scores_of(pairs)["calibration error"] == 0.0


def test_accuracy_keeps_the_order_of_the_sets() -> None:
    assert list(accuracy_by_set([(PIZZA, answer("x")), (NEXT, answer("x")), (PIZZA, answer("x"))])) == [
        "foreign",
        "typed",
    ]
