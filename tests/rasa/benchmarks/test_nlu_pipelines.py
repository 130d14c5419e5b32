"""The benchmark's reference, what is judged of an answer, and the report."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message

from benchmarks.nlu.__main__ import Result, rasa_default, tables
from benchmarks.nlu.annotated_importer import annotated
from benchmarks.nlu.cases import Case, with_slips
from benchmarks.nlu.worker import answer_of
from palmwise.language.names import NameTable

NAMES = NameTable.build([("technique", "kneading", "petrissage"), ("hand", "left", "left")])


def test_rasas_default_pipeline_is_that_of_the_installed_rasa() -> None:
    epochs = {each["name"]: each["epochs"] for each in rasa_default(3)["pipeline"] if "epochs" in each}
    assert epochs == {"DIETClassifier": 3, "ResponseSelector": 3}


def test_rasas_default_learns_the_entities_that_ours_looks_up() -> None:
    (entity,) = annotated(Message.build(text="Skip to the kneading", intent="go_to_step"), NAMES).get(ENTITIES)
    assert entity == {"entity": "technique", "start": 12, "end": 20, "value": "petrissage"}


@pytest.mark.parametrize("selector", ["faq", "default"])
def test_the_label_of_a_question_comes_from_the_response_selector(selector: str) -> None:
    result = {
        "intent": {"name": "faq", "confidence": 0.9},
        "response_selector": {selector: {"response": {"intent_response_key": "faq/oils"}}},
        "entities": [{"entity": "minutes", "value": 5}],
    }
    assert answer_of(result) == {"label": "faq/oils", "confidence": 0.9, "entities": [("minutes", "5")]}


def test_the_report_compares_the_results() -> None:
    clean = [Case("typed", "next", ("next_step",)), Case("held_out", "oil?", ("faq/oils",))]
    cases = [*clean, Case("others/talk", "hi", ("greet",)), *with_slips(clean)]

    def result(name: str, label: str) -> Result:
        answers = [{"label": label, "confidence": 0.5, "entities": [], "milliseconds": 1.0} for _ in cases]
        return Result(name, {"training, s": 61.4, "model, MB": 13.3}, list(zip(cases, answers, strict=True)))

    text = "".join(tables([result("Palmwise", "next_step"), result("Rasa's default", "pause")], frozenset(clean)))
    assert "| typed | 100.0 | 0.0 | 0.00 |" in text
    assert "| held_out | 0.0 | 0.0 | 1.00 |" in text
    assert "| training, s | 61.4 | 61.4 |" in text
