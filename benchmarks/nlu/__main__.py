"""`python -m benchmarks.nlu`: trains and measures every pipeline, writes `benchmarks/results/nlu.md` with its plots."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter

from benchmarks.nlu import report
from benchmarks.nlu.scores import scores_of
from benchmarks.nlu.sets import OWN, Case, load_cases, unseen, with_typos

CONFIGS = Path(__file__).parent / "configs"
RESULTS = Path("benchmarks/results")
OURS = "Palmwise"


def main() -> None:
    """Measures ours and, unless `--quick`, Rasa's default, which trains for many minutes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave Rasa's default out")
    parser.add_argument("--more", type=Path, action="append", default=[], help="another folder of .jsonl sets")
    parser.add_argument("--results", type=Path, default=RESULTS)
    given = parser.parse_args()
    pipelines = {OURS: Path("config.yml"), "sparse": CONFIGS / "sparse.yml"}
    if not given.quick:
        pipelines["Rasa default"] = CONFIGS / "rasa_default.yml"
    trained = [
        message.get("text") for message in RasaFileImporter(training_data_paths="data/nlu").get_nlu_data().nlu_examples
    ]
    cases, left_out = unseen(load_cases([OWN, *given.more]), trained)
    typed = [case for case in cases if case.set == "typed"]
    cases = (*cases, *with_typos(typed, 1), *with_typos(typed, 2))
    answers = {name: measured(config, cases) for name, config in pipelines.items()}
    pairs = {name: tuple(zip(cases, facts["answers"], strict=True)) for name, facts in answers.items()}
    results = {name: (scores_of(pairs[name]), facts) for name, facts in answers.items()}
    given.results.mkdir(parents=True, exist_ok=True)
    notes = [
        f"{len(trained)} training sentences, {len(cases)} test sentences; {left_out} that are in both were left out.",
        "Shares in percent. One run on one machine: times are for comparison between the columns.",
    ]
    report.write_table(given.results / "nlu.md", results, notes)
    report.plot_confusions(given.results / "nlu_confusions.png", pairs[OURS])
    report.plot_calibration(given.results / "nlu_calibration.png", pairs[OURS])
    report.plot_noise(given.results / "nlu_noise.png", results)
    sys.stdout.write((given.results / "nlu.md").read_text(encoding="utf-8"))


def measured(config: Path, cases: Sequence[Case]) -> dict[str, Any]:
    """What training and parsing with one pipeline gave."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        sentences = folder / "sentences.json"
        sentences.write_text(json.dumps([case.text for case in cases]), encoding="utf-8")
        _work("train", config, folder / "model")
        _work("parse", folder / "model.tar.gz", sentences, folder / "answers.json")
        facts: dict[str, Any] = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
        facts["train_seconds"] = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        facts["model_megabytes"] = (folder / "model.tar.gz").stat().st_size / 1e6
        return facts


def _work(*words: str | Path) -> None:
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-m", "benchmarks.nlu.worker", *map(str, words)]
    subprocess.run(command, check=True, env={**os.environ, **quiet})


if __name__ == "__main__":
    main()
