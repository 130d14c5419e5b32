"""Measures the server beside the smallest possible Rasa bot, in one run: `python -m benchmarks [--quick]`.

What understanding and voice are measured by stands apart: `python -m benchmarks.nlu`, `python -m benchmarks.voice`.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
from pathlib import Path

from benchmarks import service_report
from benchmarks.service import QUICK, WHOLE, measure

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"

logger = logging.getLogger(__name__)


def main() -> None:
    """Measures, writes `service.md` and its plots, and logs the tables."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the server.")
    parser.add_argument("--quick", action="store_true", help="fewer people and turns, a minute or two")
    parser.add_argument("--model", type=Path, default=ROOT / "models", help="trained model of the coach")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the tables and plots go")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="palmwise-bench-") as scratch:
        Path(scratch).chmod(0o755)
        found = measure(Path(scratch), chosen.model.resolve(), QUICK if chosen.quick else WHOLE)
    chosen.results.mkdir(parents=True, exist_ok=True)
    text = service_report.text(found)
    (chosen.results / "service.md").write_text(text, encoding="utf-8")
    service_report.plots(found, chosen.results)
    logger.info(text)


if __name__ == "__main__":
    main()
