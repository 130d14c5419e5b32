"""Unseen questions find their answer, with the right yes or no, by the words and by what is on; others find none."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.nlu.answer_scores import Parse, answer_scores, judge, load_questions
from benchmarks.nlu.answers_in_state import ask, load_questions_in_state, tally
from palmwise.nlu.answer_finder import HURTING, NEVER
from palmwise.resources import content
from tests.rasa.nlu.test_near_duplicates import near_duplicates

FLOORS = {"right answer": 0.75, "right polarity among those given": 0.96, "refused where there is none": 0.94}
"""Lower than what is measured, by a few questions: trainings gave 78.9 to 83.3 % right answers, a polarity of 96.9 to
98.3 %, and 1.6 to 4.7 % wrong answers."""
FLOOR_IN_STATE = 0.4
"""Lower than the 46 to 49 % that three trainings gave."""
GAIN = 4
"""Fewest questions that the state must add to what the words find alone; either training gave 9."""
MORE_WRONG = 3
"""Most wrong answers that it may add; the trainings gave 0 and 1."""


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


def test_the_questions_in_a_state_are_unseen_and_their_answers_known() -> None:
    known = [text for answer in content().answers.values() for text in (answer.asks, *answer.questions)]
    asked = load_questions_in_state()
    assert near_duplicates([question.text for question in asked], known) == {}
    ids = {id for question in asked for id in question.right if not id.startswith("step.")}
    assert ids <= content().answers.keys()


def test_the_state_finds_more_than_the_words_alone(parse: Parse) -> None:
    def by_words(text: str) -> dict[str, Any]:
        parsed = parse(text)
        return {**parsed, "answer": {**parsed["answer"], "chances": {}}}

    questions = load_questions_in_state()
    right, wrong, of = tally(ask(content(), question, parse) for question in questions)
    right_by_words, wrong_by_words, _ = tally(ask(content(), question, by_words) for question in questions)
    assert right / of >= FLOOR_IN_STATE
    assert right >= right_by_words + GAIN
    assert wrong <= wrong_by_words + MORE_WRONG
