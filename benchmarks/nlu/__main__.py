"""`make bench-nlu`, or `python -m benchmarks.nlu --quick`: measures understanding and writes `nlu.md`."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from rasa.shared.nlu.constants import TEXT

from benchmarks.nlu import nlu_report
from benchmarks.nlu.cases import OWN, Case, load_cases, unseen, with_noise
from benchmarks.nlu.experiment import Experiment
from benchmarks.nlu.nlu_report import Result
from benchmarks.nlu.pipelines import DEFAULT, OURS, Pipeline, load_pipelines
from palmwise.nlu.importer import ContentImporter

RESULTS = Path("benchmarks/results")
QUICK_EPOCHS = 10


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what was not measured yet, then write and print the tables."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("benchmarks.nlu").setLevel(logging.INFO)
    options = _options(arguments)
    experiment = Experiment.prepare(Path("data/nlu"), options.results / "nlu.state")
    trained = _trained_sentences(experiment.data)
    clean = load_cases([OWN, *options.more])
    cases = (*clean, *with_noise(clean))
    pipelines = load_pipelines(Path("config.yml"), QUICK_EPOCHS if options.quick else None)
    chosen = [each for each in pipelines if _is_chosen(each, options.only)]
    results = [_result(experiment, each, cases, trained) for each in chosen]
    text = nlu_report.page(
        [each for each in results if each.name.startswith((OURS, DEFAULT))],
        [each for each in results if not each.name.startswith((OURS, DEFAULT))],
        _notes(clean, trained, quick=options.quick),
    )
    options.results.mkdir(parents=True, exist_ok=True)
    (options.results / "nlu.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nlu", description="Measure understanding.")
    parser.add_argument("--quick", action="store_true", help=f"Rasa's default with {QUICK_EPOCHS} epochs, not 100")
    parser.add_argument("--only", action="append", help="pipelines whose name begins so, and ours (default: all)")
    parser.add_argument("--more", type=Path, action="append", default=[], help="folder of more .jsonl sets")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for the tables")
    return parser.parse_args(arguments)


def _is_chosen(pipeline: Pipeline, only: Sequence[str] | None) -> bool:
    return not only or pipeline.name == OURS or pipeline.name.lower().startswith(tuple(map(str.lower, only)))


def _trained_sentences(data: Path) -> list[str]:
    """The training sentences of the folder and of the content."""
    examples = ContentImporter("config.yml", "domain.yml", [str(data)]).get_nlu_data().nlu_examples
    return [message.get(TEXT) for message in examples]


def _result(experiment: Experiment, pipeline: Pipeline, cases: Sequence[Case], trained: Sequence[str]) -> Result:
    run = experiment.run(pipeline, [case.text for case in cases])
    pairs = tuple(zip(cases, run.answers, strict=True))
    new = frozenset(unseen((case for case in cases if not case.is_noisy), trained))
    return Result.build(run, pairs, [pair for pair in pairs if pair[0] in new])


def _notes(clean: Sequence[Case], trained: Sequence[str], *, quick: bool) -> list[str]:
    known = len(clean) - len(unseen(clean, trained))
    notes = [
        f"{len(trained)} sentences to train on, {len(clean)} to measure with.",
        f"{known} of these are in the training data word for word, nearly all of one to three words.",
        "Times are for comparison between the columns: one machine, whatever else it had to do.",
    ]
    if quick:
        notes.append(f"**Quick: Rasa's default trained for {QUICK_EPOCHS} epochs instead of its own 100.**")
    return notes


if __name__ == "__main__":
    main()
