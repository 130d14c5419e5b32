"""Measures understanding: `make bench-nlu`, or `python -m benchmarks.nlu --quick`."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.nlu import plots, report
from benchmarks.nlu.duplicates import near_duplicates
from benchmarks.nlu.laboratory import Laboratory
from benchmarks.nlu.pipelines import DEFAULT, OURS, SPARSE, Pipeline, load_pipelines
from benchmarks.nlu.report import Judged, judge
from benchmarks.nlu.sets import OWN, Case, load_cases, unseen, with_noise
from benchmarks.nlu.trained import trained_sentences

RESULTS = Path("benchmarks/results")
MORE = "PALMWISE_MORE_SETS"
"""Environment variable with a folder of more sets."""
QUICK_EPOCHS = 10
COMPARED = (OURS, SPARSE, DEFAULT)

logger = logging.getLogger("benchmarks.nlu")


def main(words: Sequence[str] | None = None) -> None:
    """Measures what was not measured yet, then writes `nlu.md` with its plots and prints it."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logger.setLevel(logging.INFO)
    given = _given(words)
    state = given.results / "nlu.state"
    laboratory = Laboratory(given.resume) if given.resume else Laboratory.of(Path("data/nlu"), state)
    trained = trained_sentences(laboratory.data)
    cases = load_cases([OWN, *given.more])
    cases = (*cases, *with_noise(cases))
    chosen = [
        each
        for each in load_pipelines(Path("config.yml"), QUICK_EPOCHS if given.quick else None)
        if _wanted(each, given.only)
    ]
    judged = [_judged(laboratory, each, cases, trained) for each in chosen]
    clean = [case for case in cases if not case.noisy]
    sizes = f"{len(trained)} sentences to train on, {len(clean)} to measure with, {len(cases) - len(clean)} with slips."
    notes = [
        f"{sizes} {_twins(cases, trained)}",
        "Times are for comparison between the columns: one machine, whatever else it had to do.",
    ]
    if given.resume:
        notes.append("Trained on a copy of the training data that an earlier run made.")
    if given.quick:
        notes.append(f"**Quick: Rasa's default trained for {QUICK_EPOCHS} epochs instead of its own 100.**")
    _write(given.results, judged, notes)


def _given(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nlu", description="Measure understanding.")
    parser.add_argument("--quick", action="store_true", help=f"Rasa's default with {QUICK_EPOCHS} epochs, not 100")
    parser.add_argument("--only", action="append", help="pipelines whose name begins so (all); ours always comes along")
    parser.add_argument("--resume", type=Path, help="an earlier run's folder in nlu.state, with its copy of the data")
    parser.add_argument("--more", type=Path, action="append", help=f"a folder of more .jsonl sets (or ${MORE})")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the tables and plots go")
    given = parser.parse_args(words)
    if given.more is None:
        given.more = [Path(os.environ[MORE])] if os.environ.get(MORE) else []
    return given


def _wanted(pipeline: Pipeline, only: Sequence[str] | None) -> bool:
    return not only or pipeline.name == OURS or any(pipeline.name.lower().startswith(name.lower()) for name in only)


def _judged(laboratory: Laboratory, pipeline: Pipeline, cases: Sequence[Case], trained: Sequence[str]) -> Judged:
    measured = laboratory.measured(pipeline, [case.text for case in cases])
    pairs = tuple(zip(cases, measured.answers, strict=True))
    kept = frozenset(case.text for case in unseen((case for case in cases if not case.noisy), trained))
    return judge(measured, pairs, [pair for pair in pairs if not pair[0].noisy and pair[0].text in kept])


def _twins(cases: Sequence[Case], trained: Sequence[str]) -> str:
    own = [case.text for case in cases if case.own]
    return (
        f"Of the own sets' {len(own)} sentences {len(own) - len(unseen([c for c in cases if c.own], trained))} are in "
        f"training word for word, nearly all of one to three words; {len(near_duplicates(own, trained))} of four or "
        "more words are near duplicates of one."
    )


def _write(folder: Path, judged: Sequence[Judged], notes: Sequence[str]) -> None:
    compared = [each for each in judged if each.name.startswith(COMPARED)]
    ablations = [each for each in judged if each not in compared]
    folder.mkdir(parents=True, exist_ok=True)
    text = report.page(compared, ablations, notes)
    (folder / "nlu.md").write_text(text, encoding="utf-8")
    plots.draw_confusions(folder / "nlu_confusions.svg", judged[0].pairs)
    plots.draw_calibration(folder / "nlu_calibration.svg", {each.name: each.pairs for each in compared})
    plots.draw_noise(folder / "nlu_noise.svg", {each.name: each.pairs for each in compared})
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
