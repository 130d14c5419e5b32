"""The benchmark trains and parses each pipeline once and reports every column."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message

from benchmarks.nlu.annotated_importer import annotated
from benchmarks.nlu.cases import Case, with_noise
from benchmarks.nlu.experiment import Experiment, PipelineError, Run
from benchmarks.nlu.nlu_report import Result, page
from benchmarks.nlu.pipelines import DEFAULT, OURS, Pipeline, changed, load_pipelines
from benchmarks.nlu.worker import answer_of
from palmwise.language.names import NameTable
from palmwise.resources import ROOT

CONFIG = ROOT / "config.yml"
NAMES = NameTable.build([("technique", "kneading", "petrissage"), ("hand", "left", "left")])


def test_components_are_changed_or_left_out() -> None:
    pipeline: list[dict[str, Any]] = [{"name": "a", "size": 1}, {"name": "b"}, {"name": "c"}]
    assert changed(pipeline, {"a": {"name": "x", "part": False}, "b": None}) == [
        {"name": "x", "size": 1, "part": False},
        {"name": "c"},
    ]


def test_each_ablation_differs_from_our_pipeline() -> None:
    ours, *others = load_pipelines(CONFIG)
    assert ours.name == OURS
    ablations = [each for each in others if each.is_ours]
    assert ablations
    assert all(each.config["pipeline"] != ours.config["pipeline"] for each in ablations)
    assert len({each.slug for each in (ours, *others)}) == len(others) + 1


def test_rasas_default_pipeline_is_that_of_the_installed_rasa() -> None:
    default, quick = load_pipelines(CONFIG)[-1], load_pipelines(CONFIG, 3)[-1]
    epochs = {each["name"]: each["epochs"] for each in default.config["pipeline"] if "epochs" in each}
    assert (default.name, epochs) == (DEFAULT, {"DIETClassifier": 100, "ResponseSelector": 100})
    assert {each["epochs"] for each in quick.config["pipeline"] if "epochs" in each} == {3}
    assert "3 epochs" in quick.name


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


class FakeWorker:
    """Writes what the process that trains and parses would write."""

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
            paths[-1].write_text('{"megabytes": 4.0, "answers": [{"label": "pause"}]}', encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/nlu.yml").write_text("nlu: []", encoding="utf-8")
    return tmp_path / "data"


def test_results_are_kept(data: Path, tmp_path: Path) -> None:
    worker, pipeline = FakeWorker(), Pipeline("some", {"pipeline": []})
    first = Experiment.prepare(data, tmp_path / "state", worker).run(pipeline, ["wait"])
    again = Experiment.prepare(data, tmp_path / "state", worker).run(pipeline, ["wait"])
    assert worker.tasks == ["train", "parse"]
    assert first == again
    assert (first.train_seconds, first.parse_megabytes, first.answers) == (3.0, 4.0, [{"label": "pause"}])


def test_new_sentences_are_parsed_by_the_kept_model(data: Path, tmp_path: Path) -> None:
    worker = FakeWorker()
    experiment = Experiment.prepare(data, tmp_path / "state", worker)
    experiment.run(Pipeline("some", {"pipeline": []}), ["wait"])
    experiment.run(Pipeline("some", {"pipeline": []}), ["hold on"])
    experiment.run(Pipeline("some", {"pipeline": [{"name": "x"}]}), ["hold on"])
    assert worker.tasks == ["train", "parse", "parse", "train", "parse"]


def test_a_copy_of_the_training_data_has_the_same_folder(data: Path, tmp_path: Path) -> None:
    experiment = Experiment.prepare(data, tmp_path / "state")
    assert Experiment.prepare(experiment.data, tmp_path / "state") == experiment


def test_without_training_data_nothing_is_prepared(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="no training data"):
        Experiment.prepare(tmp_path, tmp_path / "state")


def test_the_page_has_every_column() -> None:
    clean = [Case("typed", "next", ("next_step",)), Case("held_out", "oil?", ("faq/oils",))]
    cases = [*clean, Case("others/talk", "hi", ("greet",)), *with_noise(clean)]

    def result(name: str, label: str) -> Result:
        answers = [{"label": label, "confidence": 0.5, "entities": [], "milliseconds": 1.0} for _ in cases]
        run = Run(Pipeline(name, {}), answers, 61.4, 90.0, 900.0, 700.0, 13.3)
        return Result.build(run, list(zip(cases, answers, strict=True)), [])

    text = page([result(OURS, "next_step"), result(DEFAULT, "pause")], [result("without x", "pause")], ["a note"])
    assert "| typed | 100.0 | 0.0 |" in text
    assert "| training, s | 61 | 61 |" in text
    assert "**1.00**" in text
    assert "without x" in text
