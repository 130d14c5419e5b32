"""Measures the hands-free client: `make bench-voice`, or `python -m benchmarks.voice --only ears`."""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.voice import ears, leaking, report, timing
from tests.voice.room import room
from tests.voice.talk import coach

RESULTS = Path(__file__).resolve().parent.parent / "results"
PARTS = ("timing", "ears", "leaking")


def main() -> None:
    """Runs the parts that are asked for, keeps the figures of the others, writes table and plots."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.voice", description="Measure the hands-free client.")
    parser.add_argument("--only", choices=PARTS, action="append", help="a part (all)")
    parser.add_argument("--ears", default=",".join(ears.EARS), help="which ears")
    parser.add_argument("--minutes", type=float, default=10.0, help="of the coach speaking to itself")
    parser.add_argument("--server", help="one that runs already")
    given = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    file = RESULTS / "voice.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    RESULTS.mkdir(exist_ok=True)
    for part, figures in _measured(given.only or PARTS, given):
        found[part] = figures
        file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        report.write(found, RESULTS)


def _measured(parts: Sequence[str], given: argparse.Namespace) -> Iterator[tuple[str, Any]]:
    """Times first and by themselves; then the ears, while the coach speaks to itself, which takes little else."""
    if "timing" in parts:
        yield "timing", _timing(given)
    with ThreadPoolExecutor(1) as pool:
        speaking = pool.submit(_leaking, given) if "leaking" in parts else None
        if "ears" in parts:
            yield "ears", _ears(given)
        if speaking is not None:
            yield "leaking", speaking.result()


def _ears(given: argparse.Namespace) -> Any:
    return [asdict(score) | {"false_an_hour": score.false_an_hour} for score in ears.measure(given.ears.split(","))]


def _timing(given: argparse.Namespace) -> Any:
    with _server(given) as server, room() as ready, ready.noise(), tempfile.TemporaryDirectory() as folder:
        return asdict(timing.measure(ready, server, Path(folder), ("--ear", "sphinx")))


def _leaking(given: argparse.Namespace) -> Any:
    def one(policy: str, server: str) -> dict[str, Any]:
        with room() as ready, ready.noise():
            return asdict(leaking.measure(ready, server, policy, given.minutes))

    with _server(given) as server, ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda policy: one(policy, server), ("half", "gate")))


def _server(given: argparse.Namespace) -> Any:
    return contextlib.nullcontext(given.server) if given.server else coach()


if __name__ == "__main__":
    main()
