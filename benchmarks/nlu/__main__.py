"""Measures understanding beside Rasa's default pipeline and writes `nlu.md`: `make bench-nlu`."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import quantiles
from typing import Any

import yaml

from benchmarks.bots import REFERENCE_PYTHON
from benchmarks.nlu.cases import OURS, OWN, Case, load_cases, unseen, with_slips
from benchmarks.nlu.scores import Answer, accuracy_by_set, scores_of
from benchmarks.tables import RESULTS, percent, table, write_report
from palmwise.nlu.training_data import all_sentences

QUICK_EPOCHS = 10
ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    # Components cached by an earlier training would make this one look quick.
    "RASA_MAX_CACHE_SIZE": "0",
}
HEAD = """# Understanding, measured

{trained} sentences to train on, {tested} to measure with; {known} of these are in the training data word for word,
nearly all of one to three words. Rasa's default was trained for {epochs} epochs. Made on {machine}, Python {python}.
Shares in percent.
"""


@dataclass(frozen=True)
class Result:
    """What a pipeline answered and cost."""

    name: str
    facts: Mapping[str, float]
    pairs: Sequence[tuple[Case, Answer]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure our pipeline and Rasa's default, whose model is kept while config and training data stay the same."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nlu", description="Measure understanding.")
    parser.add_argument("--quick", action="store_true", help=f"Rasa's default with {QUICK_EPOCHS} epochs, not 100")
    parser.add_argument("--ours", action="store_true", help="without Rasa's default")
    parser.add_argument("--more", type=Path, action="append", default=[], help="folder of more .jsonl sets")
    options = parser.parse_args(arguments)
    files = sorted(str(file) for file in Path("data/nlu").glob("*.yml"))
    trained = [sentence.text for sentence in all_sentences(files)]
    clean = load_cases([OWN, *options.more])
    cases = (*clean, *with_slips(clean))
    epochs = QUICK_EPOCHS if options.quick else 100
    results = [run("Palmwise", yaml.safe_load(Path("config.yml").read_text(encoding="utf-8")), OURS, cases)]
    if not options.ours:
        config = rasa_default(epochs)
        digest = sha256(json.dumps([config, trained]).encode()).hexdigest()[:12]
        results.append(run("Rasa's default", config, digest, cases))
    new = unseen(clean, trained)
    numbers = {"trained": len(trained), "tested": len(clean), "known": len(clean) - len(new), "epochs": epochs}
    head = HEAD.format(**numbers, machine=platform.machine(), python=platform.python_version())
    found = json.loads((RESULTS / "nlu" / OURS / "questions.json").read_text(encoding="utf-8"))
    answers = table(("unseen questions", "Palmwise"), [(name, percent(share)) for name, share in found.items()])
    sys.stdout.write(write_report("nlu", head, *tables(results, frozenset(new)), answers, conversation_table()))


def rasa_default(epochs: int) -> dict[str, Any]:
    """The pipeline that the installed Rasa takes for a config without one, with a seed."""
    # find_spec of a top-level package does not import it, which would take seconds.
    spec = importlib.util.find_spec("rasa")
    folder = Path(next(iter((spec.submodule_search_locations if spec else None) or [""])))
    raw = yaml.safe_load((folder / "engine/recipes/config_files/default_config.yml").read_text(encoding="utf-8"))
    trained = {"random_seed": 1, "epochs": epochs}
    pipeline = [{**each, **trained} if "epochs" in each else each for each in raw["pipeline"]]
    importer = {"name": "benchmarks.nlu.annotated_importer.AnnotatedImporter"}
    return {"recipe": "default.v1", "assistant_id": "reference", "language": "en", "importers": [importer],
            "pipeline": pipeline}  # fmt: skip


def run(name: str, config: Mapping[str, Any], kept_as: str, cases: Sequence[Case]) -> Result:
    """Train a pipeline and parse all cases; a model of the same `kept_as`, other than ours, is trained once.

    Ours is trained in this environment, others in the one that has the whole Rasa.
    """
    folder = RESULTS / "nlu" / kept_as
    if kept_as == OURS:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.yml").write_text(yaml.safe_dump(dict(config), sort_keys=False), encoding="utf-8")
    (folder / "sentences.json").write_text(json.dumps([case.text for case in cases]), encoding="utf-8")
    python = sys.executable if kept_as == OURS else str(REFERENCE_PYTHON)
    command = [python, "-W", "ignore", "-m", "benchmarks.nlu.worker", str(folder)]
    with (folder / "log.txt").open("ab") as log:
        subprocess.run(command, env={**os.environ, **ENVIRONMENT}, stdout=log, stderr=log, check=True)
    answers, facts = (
        json.loads((folder / f"{part}.json").read_text(encoding="utf-8")) for part in ("answers", "facts")
    )
    return Result(name, facts, list(zip(cases, answers, strict=True)))


def tables(results: Sequence[Result], new: frozenset[Case]) -> list[str]:
    """The tables of the report: a column for each result, and our errors as a share of theirs."""
    names = [result.name for result in results]
    own = [[pair for pair in result.pairs if pair[0].is_own] for result in results]
    by_set = [accuracy_by_set(result.pairs) for result in results]
    shown = [accuracy_by_set([pair for pair in result.pairs if pair[0] in new]) for result in results]
    scores = [scores_of(pairs) for pairs in own]
    costs = [{**result.facts, "parse p50, ms": cuts[49], "parse p99, ms": cuts[98]}
             for result, pairs in zip(results, own, strict=True)
             for cuts in [quantiles([answer["milliseconds"] for _, answer in pairs], n=100)]]  # fmt: skip
    return [
        table(("set", *names, *("our errors by theirs" for _ in names[1:])),
              [(name, *(percent(each[name]) for each in by_set), *_ratios([each[name] for each in by_set]))
               for name in by_set[0]], "Intent right, and the id of a question"),
        table(("set", *names), [(name, *(percent(each[name]) for each in shown)) for name in shown[0]],
              "Without what is trained on word for word"),
        table(("over all own sets", *names), [(name, *(percent(each[name]) for each in scores)) for name in scores[0]]),
        table(("costs", *names), [(name, *(each[name] for each in costs)) for name in costs[0]]),
    ]  # fmt: skip


def conversation_table() -> str:
    """Cases in context by kind, and what they lose without each part of the reading."""
    found = json.loads((RESULTS / "nlu" / OURS / "conversations.json").read_text(encoding="utf-8"))
    kinds = list(next(iter(found.values())))
    rows = [(kind, *(percent(right[kind][0] / right[kind][1]) for right in found.values())) for kind in kinds]
    sums = [[sum(column) for column in zip(*right.values(), strict=True)] for right in found.values()]
    rows.append(("all", *(percent(good / count) for good, count in sums)))
    return table(("cases in context", *found), rows)


def _ratios(shares: Sequence[float]) -> list[str]:
    return [f"{(1 - shares[0]) / (1 - other):.2f}" if other < 1 else "-" for other in shares[1:]]


if __name__ == "__main__":
    main()
