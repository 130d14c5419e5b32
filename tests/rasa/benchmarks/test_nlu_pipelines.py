"""What is trained, what is kept of it, what is told of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.shared.nlu.constants import ENTITIES, INTENT
from rasa.shared.nlu.training_data.message import Message

from benchmarks.nlu.errors import PipelineError
from benchmarks.nlu.importers import AnnotatedImporter, FlatImporter
from benchmarks.nlu.laboratory import Laboratory, Measured
from benchmarks.nlu.pipelines import DEFAULT, OURS, Pipeline, changed, load_pipelines
from benchmarks.nlu.report import Judged, judge, page
from benchmarks.nlu.sets import Case, with_noise
from benchmarks.nlu.variants import linear_head
from benchmarks.nlu.worker import short
from palmwise.language.names import NameTable
from palmwise.resources import ROOT

CONFIG = ROOT / "config.yml"
NAMES = NameTable.build([("technique", "kneading", "petrissage"), ("hand", "left", "left")])


def test_components_are_exchanged_or_left_out() -> None:
    pipeline: list[dict[str, Any]] = [{"name": "a", "size": 1}, {"name": "b"}, {"name": "c"}]
    assert changed(pipeline, {"a": {"name": "x", "part": False}, "b": None}) == [
        {"name": "x", "size": 1, "part": False},
        {"name": "c"},
    ]


def test_each_ablation_differs_from_ours() -> None:
    ours, *others = load_pipelines(CONFIG)
    assert ours.name == OURS
    ablations = [each for each in others if each.ours]
    assert len(ablations) == 9
    assert all(each.config["pipeline"] != ours.config["pipeline"] for each in ablations)
    assert len({each.slug for each in (ours, *others)}) == len(others) + 1


def test_rasas_default_is_rasas_own() -> None:
    default, quick = load_pipelines(CONFIG)[-1], load_pipelines(CONFIG, 3)[-1]
    epochs = {each["name"]: each["epochs"] for each in default.config["pipeline"] if "epochs" in each}
    assert (default.name, epochs) == (DEFAULT, {"DIETClassifier": 100, "ResponseSelector": 100})
    assert {each["epochs"] for each in quick.config["pipeline"] if "epochs" in each} == {3}
    assert "3 epochs" in quick.name


def test_the_references_learn_what_ours_looks_up() -> None:
    message = Message.build(text="Skip to the kneading", intent="go_to_step")
    importer = AnnotatedImporter.__new__(AnnotatedImporter)
    (mark,) = importer.prepared(message, NAMES).get(ENTITIES)
    assert mark == {"entity": "technique", "start": 12, "end": 20, "value": "petrissage"}


def test_a_question_becomes_an_intent_of_its_own() -> None:
    importer = FlatImporter.__new__(FlatImporter)
    flat = importer.prepared(Message.build(text="which oil", intent="faq/oils"), NAMES)
    assert flat.get(INTENT) == "faq__oils"
    assert short({"intent": {"name": "faq__oils", "confidence": 0.7}})["label"] == "faq/oils"


@pytest.mark.parametrize("selector", ["faq", "default"])
def test_a_response_selector_tells_the_question(selector: str) -> None:
    said = {
        "intent": {"name": "faq", "confidence": 0.9},
        "response_selector": {selector: {"response": {"intent_response_key": "faq/oils"}}},
        "entities": [{"entity": "minutes", "value": 5}],
    }
    assert short(said) == {"label": "faq/oils", "confidence": 0.9, "entities": [("minutes", "5")]}


def test_a_linear_head_is_a_logistic_regression() -> None:
    rows = np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0], [0.1, 0.9], [-1.0, -1.0], [-0.9, -1.0]], dtype=np.float32)
    labels = np.array([0, 0, 1, 1, 2, 2], dtype=np.int64)
    head = linear_head(rows, labels, np.ones(6, dtype=np.float32))
    assert head.probabilities(rows).argmax(axis=1).tolist() == labels.tolist()
    middle, ends = head.scores((rows[:1] + rows[2:3]) / 2), (head.scores(rows[:1]) + head.scores(rows[2:3])) / 2
    np.testing.assert_allclose(middle, ends, rtol=1e-4)


class FakeWorker:
    """Stands in for the process that trains and parses."""

    def __init__(self) -> None:
        self.tasks: list[str] = []

    def __call__(self, task: str, paths: Sequence[Path], log: Path) -> None:
        self.tasks.append(task)
        log.touch()
        if task == "train":
            Path(f"{paths[-1]}.tar.gz").write_bytes(b"model")
            facts = {"train_seconds": 3.0, "train_core_seconds": 6.0, "train_megabytes": 5.0}
            Path(f"{paths[-1]}.json").write_text(json.dumps(facts), encoding="utf-8")
        else:
            paths[-1].write_text('{"memory_megabytes": 4.0, "answers": [{"label": "pause"}]}', encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/nlu.yml").write_text("nlu: []", encoding="utf-8")
    return tmp_path / "data"


def test_what_is_done_is_not_done_again(data: Path, tmp_path: Path) -> None:
    worker, pipeline = FakeWorker(), Pipeline("some", {"pipeline": []})
    first = Laboratory.of(data, tmp_path / "state", worker).measured(pipeline, ["wait"])
    again = Laboratory.of(data, tmp_path / "state", worker).measured(pipeline, ["wait"])
    assert worker.tasks == ["train", "parse"]
    assert first == again
    assert (first.train_seconds, first.parse_megabytes, first.answers) == (3.0, 4.0, [{"label": "pause"}])


def test_new_sentences_are_asked_of_the_old_model(data: Path, tmp_path: Path) -> None:
    worker = FakeWorker()
    lab = Laboratory.of(data, tmp_path / "state", worker)
    lab.measured(Pipeline("some", {"pipeline": []}), ["wait"])
    lab.measured(Pipeline("some", {"pipeline": []}), ["hold on"])
    lab.measured(Pipeline("some", {"pipeline": [{"name": "x"}]}), ["hold on"])
    assert worker.tasks == ["train", "parse", "parse", "train", "parse"]


def test_a_copy_is_the_same_state_as_its_original(data: Path, tmp_path: Path) -> None:
    lab = Laboratory.of(data, tmp_path / "state")
    assert Laboratory.of(lab.data, tmp_path / "state") == lab


def test_without_training_data_nothing_begins(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="no training data"):
        Laboratory.of(tmp_path, tmp_path / "state")


def test_the_page_has_every_column() -> None:
    clean = [Case("typed", "next", ("next_step",)), Case("held_out", "oil?", ("faq/oils",))]
    cases = [*clean, Case("others/talk", "hi", ("greet",)), *with_noise(clean)]

    def judged(name: str, label: str) -> Judged:
        said = [{"label": label, "confidence": 0.5, "entities": [], "milliseconds": 1.0} for _ in cases]
        measured = Measured(Pipeline(name, {}), said, 61.4, 90.0, 900.0, 700.0, 13.3)
        return judge(measured, list(zip(cases, said, strict=True)), [])

    text = page([judged(OURS, "next_step"), judged(DEFAULT, "pause")], [judged("without x", "pause")], ["a note"])
    assert "| typed | 100.0 | 0.0 |" in text
    assert "| training, s | 61 | 61 |" in text
    assert "**1.00**" in text
    assert "without x" in text
