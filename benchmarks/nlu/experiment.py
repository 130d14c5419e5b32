"""Trains each pipeline and parses the test sentences, in processes of their own.

Results are kept, so that an interrupted benchmark, which may take hours, goes on where it was.
"""

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

from benchmarks.nlu.pipelines import Pipeline

OUR_SOURCES = ("palmwise/nlu/*.py", "palmwise/nlu/*.yml", "palmwise/language/*.py", "benchmarks/nlu/ablations.py")
SHARED_SOURCES = ("content/en/**/*.yml", "benchmarks/nlu/annotated_importer.py")
ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    # Components cached by an earlier training would make this one look quick.
    "RASA_MAX_CACHE_SIZE": "0",
}

logger = logging.getLogger(__name__)


class PipelineError(Exception):
    """A pipeline could not be trained or parse; the message says which log tells why."""


@dataclass(frozen=True)
class Run:
    """What a pipeline answered and cost."""

    pipeline: Pipeline
    answers: Sequence[dict[str, Any]]
    """One for each sentence, in their order: `label`, `confidence`, `entities`, `milliseconds`."""
    train_seconds: float
    train_core_seconds: float
    """CPU time of all cores, the start of Rasa included; about the same on a busy machine."""
    train_megabytes: float
    """Peak memory while training."""
    parse_megabytes: float
    """Peak memory while parsing."""
    model_megabytes: float
    """Size of the packed model."""


RunTask = Callable[[str, Sequence[Path], Path], None]
"""Runs a task of `benchmarks.nlu.worker` with its paths and appends the output to a log."""


def run_in_process(task: str, paths: Sequence[Path], log: Path) -> None:
    """Run a task in a process of its own; raises `PipelineError` if it fails."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.nlu.worker", task, *map(str, paths)]
    with log.open("ab") as output:
        done = subprocess.run(command, env={**os.environ, **ENVIRONMENT}, stdout=output, stderr=output, check=False)
    if done.returncode:
        raise PipelineError(f"Could not {task}, see {log}.")


@dataclass(frozen=True)
class Experiment:
    """A folder with a copy of the training data and everything that was made from it."""

    folder: Path
    run_task: RunTask = run_in_process

    @staticmethod
    def prepare(data: Path, state: Path, run_task: RunTask = run_in_process) -> Experiment:
        """Copy the training data, so that all pipelines get the same whatever is edited meanwhile."""
        files = sorted(data.glob("**/*.yml"))
        if not files:
            raise PipelineError(f"There is no training data in {data}.")
        folder = state / _digest(file.read_bytes() for file in (*files, *_matching(SHARED_SOURCES)))
        if not (folder / "data").exists():
            unfinished = folder / "data.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(data, unfinished)
            unfinished.rename(folder / "data")
        return Experiment(folder, run_task)

    @property
    def data(self) -> Path:
        """The copy of the training data."""
        return self.folder / "data"

    def run(self, pipeline: Pipeline, texts: Sequence[str]) -> Run:
        """Train and parse, or read what an earlier run left; raises `PipelineError`."""
        sources = [file.read_bytes() for file in _matching(OUR_SOURCES)] if pipeline.is_ours else []
        config = json.dumps(pipeline.config, sort_keys=True).encode()
        model = self.folder / f"{pipeline.slug}-{_digest([config, *sources])}"
        self._train(pipeline, model)
        facts = _read(model.with_suffix(".json"))
        parsed = _read(self._parse(pipeline, model, texts))
        size = model.with_suffix(".tar.gz").stat().st_size / 1e6
        return Run(pipeline, parsed["answers"], **facts, parse_megabytes=parsed["megabytes"], model_megabytes=size)

    def _train(self, pipeline: Pipeline, model: Path) -> None:
        # The worker writes this file after the model, so the model is complete if it exists.
        if model.with_suffix(".json").exists():
            return
        config = model.with_suffix(".yml")
        config.write_text(yaml.safe_dump(dict(pipeline.config), sort_keys=False), encoding="utf-8")
        self._timed(pipeline, model.with_suffix(".log"), "train", config, self.data, model)

    def _parse(self, pipeline: Pipeline, model: Path, texts: Sequence[str]) -> Path:
        written = json.dumps(list(texts)).encode()
        sentences = self.folder / f"sentences-{_digest([written])}.json"
        sentences.write_bytes(written)
        answers = self.folder / f"{model.name}-{_digest([written])}.answers.json"
        if not answers.exists():
            unfinished = answers.with_suffix(".unfinished")
            log = model.with_suffix(".log")
            self._timed(pipeline, log, "parse", model.with_suffix(".tar.gz"), sentences, unfinished)
            unfinished.rename(answers)
        return answers

    def _timed(self, pipeline: Pipeline, log: Path, task: str, *paths: Path) -> None:
        logger.info("%s: %s; output in %s", pipeline.name, task, log)
        start = time.monotonic()
        self.run_task(task, paths, log)
        logger.info("%s: %s took %.0f s.", pipeline.name, task, time.monotonic() - start)


def _read(path: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return facts


def _matching(patterns: Iterable[str]) -> list[Path]:
    return sorted(path for pattern in patterns for path in Path().glob(pattern))


def _digest(parts: Iterable[bytes]) -> str:
    return sha256(b"\0".join(parts)).hexdigest()[:12]
