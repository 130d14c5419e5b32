"""Questions that are not trained on find their answer, with the right yes or no; others find none."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.nlu.answer_scores import Parse, answer_scores, judge, load_questions
from palmwise.nlu.answer_finder import HURTING, NEVER
from palmwise.resources import content
from tests.rasa.nlu.test_near_duplicates import near_duplicates

FLOORS = {"right answer": 0.7, "right polarity among those given": 0.955, "refused where there is none": 0.93}
"""Lower than what is measured, by a few questions: trainings on nearly the same data gave a polarity of
96.9 to 98.3 %, and 2.1 to 4.7 % wrong answers."""


def test_the_questions_are_unseen() -> None:
    known = [text for answer in content().answers.values() for text in (answer.asks, *answer.questions)]
    assert near_duplicates([question.text for question in load_questions()], known) == {}


def test_questions_find_their_answers(parse: Parse) -> None:
    scores = answer_scores(judge(content(), question, parse) for question in load_questions())
    assert {name: score for name, score in scores.items() if score < FLOORS.get(name, 0)} == {}
    assert scores["wrong answer"] <= 0.05


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("do I need oil?", "need_oil"),
        ("can I do it without oil?", "without_oil"),
        ("how much oil should I take?", "how_much_oil"),
        ("why do you use oil at all?", "why_oil"),
        ("is it bad for anxiety?", "stress_bad"),
        ("is it good for anxiety and stress?", "stress_good"),
    ],
)
def test_topic_and_form_must_fit(parse: Parse, text: str, id: str) -> None:
    found = parse(text)["answer"]
    assert found["id"] == id
    assert found["chances"][id] == max(found["chances"].values()) >= found["needed"]


@pytest.mark.parametrize(
    "text",
    ["ouch that hurts", "stop", "my finger is broken", "next", "hold on", "slower", "can i stop for a second to drink"],
)
def test_danger_pain_stop_and_moves_find_none(parse: Parse, text: str) -> None:
    said: dict[str, Any] = parse(text)
    assert said["answer"]["id"] is None
    assert all(chance < said["answer"]["needed"] for chance in said["answer"]["chances"].values())
    assert said["intent"]["name"] in {*NEVER, HURTING, "next_step", "pause", "slow_down"}
