"""Measures the server beside Rasa's own bots, in one run that goes on where it was broken off: `python -m benchmarks`.

What understanding and voice are measured by stands apart: `python -m benchmarks.nlu`, `python -m benchmarks.voice`.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks import service_report
from benchmarks.service import PARTS, QUICK, WHOLE, Bench, Plan
from benchmarks.service_kept import Kept

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"

logger = logging.getLogger(__name__)


def main() -> None:
    """Measures what is asked for, writes `service.md` and its plots, and logs the tables."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    chosen = _parser().parse_args()
    plan, model = _plan(chosen), chosen.model.resolve()
    kept = Kept(chosen.results / "service.state", "quick" if chosen.quick else "whole", Kept.fingerprint(model))
    if chosen.anew:
        kept.clear()
    with tempfile.TemporaryDirectory(prefix="palmwise-bench-") as scratch:
        Path(scratch).chmod(0o755)
        for part in chosen.parts:
            PARTS[part](Bench(plan, kept, Path(scratch), model))
            logger.info(service_report.write(plan, kept, chosen.results))


def _plan(chosen: argparse.Namespace) -> Plan:
    plan = QUICK if chosen.quick else WHOLE
    crowds = tuple(crowd for crowd in plan.crowds if not chosen.people or crowd.people in chosen.people)
    return replace(plan, crowds=crowds, template=plan.template and not chosen.without_template)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure the server. What was measured before with the same model and plan is not measured again.",
    )
    parser.add_argument("--parts", nargs="+", choices=list(PARTS), default=list(PARTS), help="only these")
    parser.add_argument("--people", nargs="+", type=int, help="only with so many at once, such as 1 8")
    parser.add_argument("--quick", action="store_true", help="fewer people and turns, some minutes")
    parser.add_argument("--without-template", action="store_true", help="without the bot of rasa init")
    parser.add_argument("--anew", action="store_true", help="measure again what was measured before")
    parser.add_argument("--model", type=Path, default=ROOT / "models", help="trained model of the coach")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the tables and plots go")
    return parser


if __name__ == "__main__":
    main()
