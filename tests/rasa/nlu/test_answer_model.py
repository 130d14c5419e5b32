"""The answer model: form and condition decide between answers of one topic; what is kept is what was trained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from palmwise.nlu.answer_model import NONE, AnswerModel, Lesson, train_answer_model
from palmwise.nlu.encoder import load_encoder
from palmwise.nlu.training_data import condition_words
from palmwise.resources import content

ASKED = {
    "need": ["do i need oil", "is oil necessary", "must i take oil", "is oil needed"],
    "why": ["why oil at all", "why use oil", "why do you put oil on", "why the oil"],
    "safe": ["is oil safe for everybody", "is it safe to use oil", "can oil do harm", "is the oil harmless"],
    "pregnant": ["is oil safe when pregnant", "oil while pregnant", "i am pregnant can i use oil", "oil and pregnant"],
    NONE: ["next step please", "stop the massage", "what is the weather", "a bit slower", "go back one", "hello there"],
}
FORMS = {"need": "need", "why": "why", "safe": "is_safe", "pregnant": "is_safe"}


@pytest.fixture(scope="module")
def model() -> AnswerModel:
    lessons = [Lesson(text, id) for id, texts in ASKED.items() for text in texts]
    vectors = load_encoder().encode([lesson.text for lesson in lessons])
    return train_answer_model(lessons, vectors, FORMS, {"pregnant": ("pregnant",)})


def found(model: AnswerModel, text: str) -> tuple[str, float]:
    best = model.find([text], load_encoder().encode([text]))[0]
    return best.id, best.confidence


@pytest.mark.parametrize(("text", "id"), [("is oil really necessary", "need"), ("but why the oil", "why")])
def test_the_answer_fits_the_form_of_the_question(model: AnswerModel, text: str, id: str) -> None:
    assert found(model, text)[0] == id


def test_a_condition_wants_an_answer_that_speaks_of_it(model: AnswerModel) -> None:
    assert found(model, "is it safe to use oil pregnant")[0] == "pregnant"


def test_other_sentences_are_less_likely_to_ask_anything(model: AnswerModel) -> None:
    assert found(model, "stop this massage")[1] < found(model, "do i need any oil")[1]


def test_what_was_saved_is_read_again(model: AnswerModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = AnswerModel.load(tmp_path)
    assert (again.ids, again.conditions) == (model.ids, model.conditions)
    one, other = (each.find(["why oil"], load_encoder().encode(["why oil"]))[0] for each in (model, again))
    assert one.id == other.id
    assert np.isclose(one.confidence, other.confidence, atol=0.02)


def test_an_answer_without_any_of_the_rarer_words_is_less_likely(model: AnswerModel) -> None:
    sentence = "is the oil harmless"
    vector = load_encoder().encode([sentence])[0]
    other = replace(model, words={**model.words, "safe": frozenset({"butter"})})
    assert other.find([sentence], [vector])[0].if_any < model.find([sentence], [vector])[0].if_any


def test_names_of_conditions_and_medicines_are_known() -> None:
    answers = content().answers.values()
    words = condition_words([Lesson(text.lower(), each.id) for each in answers for text in each.questions])
    assert "limit_dose" in words["paracetamol"]
    assert "pregnancy" in words["pregnant"]
    assert not {"hand", "massage", "oil", "these"} & words.keys()
