"""Trains and asks each pipeline in processes of its own; what is done is kept for an interrupted run to go on from."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from benchmarks.nlu.errors import PipelineError
from benchmarks.nlu.pipelines import Pipeline

OURS_SOURCES = ("palmwise/nlu/*.py", "palmwise/nlu/*.yml", "benchmarks/nlu/variants.py")
SOURCES = ("content/en/**/*.yml", "palmwise/nlu/importer.py", "benchmarks/nlu/importers.py")
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    # What is kept from an earlier training would make this one look quick.
    "RASA_MAX_CACHE_SIZE": "0",
}

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Measured:
    """What one pipeline cost and answered."""

    pipeline: Pipeline
    answers: Sequence[dict[str, Any]]
    """One for each sentence, in their order: `label`, `confidence`, `entities`, `milliseconds`."""
    train_seconds: float
    train_core_seconds: float
    """Of all processor cores together, the start of Rasa included; hardly longer on a busy machine."""
    train_megabytes: float
    """Peak of memory while training."""
    parse_megabytes: float
    """Peak of memory while answering, the model loaded."""
    model_megabytes: float
    """Size of the packed model."""


Work = Callable[[str, Sequence[Path], Path], None]
"""Does a task of `benchmarks.nlu.worker` with its paths; its words go to the end of the last one."""


def in_its_own_process(task: str, paths: Sequence[Path], log: Path) -> None:
    """Raises `PipelineError` when the process fails."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.nlu.worker", task, *map(str, paths)]
    with log.open("ab") as words:
        done = subprocess.run(command, env={**os.environ, **QUIET}, stdout=words, stderr=words, check=False)
    if done.returncode:
        raise PipelineError(f"Could not {task}, see {log}.")


@dataclass(frozen=True)
class Laboratory:
    """A folder for the training data of one state, with all that was made of them."""

    folder: Path
    work: Work = in_its_own_process

    @staticmethod
    def of(data: Path, state: Path, work: Work = in_its_own_process) -> Laboratory:
        """Copies the data first: what others write meanwhile must not tell one pipeline from another."""
        files = sorted(data.glob("**/*.yml"))
        if not files:
            raise PipelineError(f"There are no training data in {data}.")
        folder = state / _sum(file.read_bytes() for file in (*files, *_matching(SOURCES)))
        copy = folder / "data"
        if not copy.exists():
            unfinished = folder / "data.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(data, unfinished)
            unfinished.rename(copy)
        return Laboratory(folder, work)

    @property
    def data(self) -> Path:
        """The copy of the training data."""
        return self.folder / "data"

    def measured(self, pipeline: Pipeline, texts: Sequence[str]) -> Measured:
        """Trains and asks, or reads what an earlier run left; raises `PipelineError` when Rasa fails."""
        model = self._stem(pipeline)
        self._train(pipeline, model)
        answers = self._asked(pipeline, model, texts)
        facts = {**_read(model.with_suffix(".json")), **_read(answers)}
        return Measured(
            pipeline,
            facts["answers"],
            facts["train_seconds"],
            facts["train_core_seconds"],
            facts["train_megabytes"],
            facts["memory_megabytes"],
            _archive(model).stat().st_size / 1e6,
        )

    def _stem(self, pipeline: Pipeline) -> Path:
        sources = [file.read_bytes() for file in _matching(OURS_SOURCES)] if pipeline.ours else []
        config = json.dumps(pipeline.config, sort_keys=True).encode()
        return self.folder / f"{pipeline.slug}-{_sum([config, *sources])}"

    def _train(self, pipeline: Pipeline, model: Path) -> None:
        # The worker writes the facts after the model, so that they tell that the model is whole.
        if _archive(model).exists() and model.with_suffix(".json").exists():
            logger.info("%s: trained already.", pipeline.name)
            return
        config = model.with_suffix(".yml")
        config.write_text(yaml.safe_dump(dict(pipeline.config), sort_keys=False), encoding="utf-8")
        self._timed(pipeline, model.with_suffix(".log"), "train", config, self.data, model)

    def _asked(self, pipeline: Pipeline, model: Path, texts: Sequence[str]) -> Path:
        written = json.dumps(list(texts)).encode()
        sentences = self.folder / f"sentences-{_sum([written])}.json"
        sentences.write_bytes(written)
        answers = self.folder / f"{model.name}-{_sum([written])}.answers.json"
        if answers.exists():
            logger.info("%s: asked already.", pipeline.name)
            return answers
        unfinished = answers.with_suffix(".unfinished")
        self._timed(pipeline, model.with_suffix(".log"), "parse", _archive(model), sentences, unfinished)
        unfinished.rename(answers)
        return answers

    def _timed(self, pipeline: Pipeline, log: Path, task: str, *paths: Path) -> None:
        logger.info("%s: %s; Rasa's own words go to %s", pipeline.name, task, log)
        begun = time.monotonic()
        self.work(task, paths, log)
        logger.info("%s: %s took %.0f s.", pipeline.name, task, time.monotonic() - begun)


def _archive(model: Path) -> Path:
    return model.with_suffix(".tar.gz")


def _read(path: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return facts


def _matching(patterns: Iterable[str]) -> list[Path]:
    return sorted(path for pattern in patterns for path in Path().glob(pattern))


def _sum(parts: Iterable[bytes]) -> str:
    return sha256(b"\0".join(parts)).hexdigest()[:12]
