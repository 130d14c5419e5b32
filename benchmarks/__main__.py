"""Measures the server beside Rasa's own bots: `python -m benchmarks`. A run that was interrupted goes on.

Understanding and voice have benchmarks of their own: `python -m benchmarks.nlu`, `python -m benchmarks.voice`.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks import service_report
from benchmarks.service import PARTS, QUICK, WHOLE, Bench, Extent, Measurements
from palmwise.resources import ROOT

logger = logging.getLogger(__name__)
RESULTS = ROOT / "benchmarks" / "results"


def main() -> None:
    """Measure the chosen parts, write `service.md` after each, and log its tables."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    options = _parser().parse_args()
    extent, model = _extent(options), options.model.resolve()
    stored = Measurements(options.results / "service.state", "quick" if options.quick else "whole", _fingerprint(model))
    if options.anew:
        stored.clear()
    with tempfile.TemporaryDirectory(prefix="palmwise-bench-") as scratch:
        for part in options.parts:
            PARTS[part](Bench(extent, stored, Path(scratch), model))
            logger.info(service_report.write(extent, stored, options.results))


def _extent(options: argparse.Namespace) -> Extent:
    extent = QUICK if options.quick else WHOLE
    crowds = tuple(crowd for crowd in extent.crowds if not options.people or crowd.people in options.people)
    return replace(extent, crowds=crowds, template=extent.template and not options.without_template)


def _fingerprint(model: Path) -> tuple[str, int, int]:
    """Name, size and time of a model, or of the newest one in a folder."""
    files = [model] if model.is_file() else sorted(model.glob("*.tar.gz"), key=lambda file: file.stat().st_mtime_ns)
    if not files:
        raise FileNotFoundError(f"There is no model in {model}: run `make train`.")
    status = files[-1].stat()
    return files[-1].name, status.st_size, status.st_mtime_ns


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure the server. What was measured before with the same model and extent is kept.",
    )
    parser.add_argument("--parts", nargs="+", choices=list(PARTS), default=list(PARTS), help="only these")
    parser.add_argument("--people", nargs="+", type=int, help="only with so many at once, such as 1 8")
    parser.add_argument("--quick", action="store_true", help="fewer people and turns; takes some minutes")
    parser.add_argument("--without-template", action="store_true", help="without the bot of rasa init")
    parser.add_argument("--anew", action="store_true", help="measure again what was measured before")
    parser.add_argument("--model", type=Path, default=ROOT / "models", help="trained model of the coach")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for the tables")
    return parser


if __name__ == "__main__":
    main()
