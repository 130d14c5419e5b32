"""Measures the voice client: `make bench-voice`, or `python -m benchmarks.voice --only recognizers`."""

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

from benchmarks.voice import leaking, recognizer_results, timing, voice_report
from benchmarks.voice.room import virtual_room
from benchmarks.voice.voice_session import temporary_server

RESULTS = Path(__file__).resolve().parent.parent / "results"
PARTS = ("timing", "recognizers", "leaking")


def main() -> None:
    """Run the parts that are asked for, keep the figures of the others, write the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.voice", description="Measure the voice client.")
    parser.add_argument("--only", choices=PARTS, action="append", help="a part (all)")
    parser.add_argument("--recognizers", default=",".join(recognizer_results.RECOGNIZERS), help="which recognizers")
    parser.add_argument("--minutes", type=float, default=10.0, help="of the coach speaking to itself")
    parser.add_argument("--server", help="address of one that runs already")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    file = RESULTS / "voice.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    RESULTS.mkdir(exist_ok=True)
    for part, figures in _measure(options.only or PARTS, options):
        found[part] = figures
        file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        voice_report.write(found, RESULTS / "voice.md")


def _measure(parts: Sequence[str], options: argparse.Namespace) -> Iterator[tuple[str, Any]]:
    """Measure times first and alone; then the recognizers, while the coach speaks to itself, which takes little."""
    if "timing" in parts:
        with _server(options) as server, virtual_room() as room, room.noise(), tempfile.TemporaryDirectory() as folder:
            yield "timing", asdict(timing.measure(room, server, Path(folder), ("--ear", "sphinx")))
    with ThreadPoolExecutor(1) as pool:
        speaking = pool.submit(_leaking, options) if "leaking" in parts else None
        if "recognizers" in parts:
            yield "recognizers", [asdict(score) for score in recognizer_results.measure(options.recognizers.split(","))]
        if speaking is not None:
            yield "leaking", speaking.result()


def _leaking(options: argparse.Namespace) -> list[dict[str, Any]]:
    def measure(policy: str, server: str) -> dict[str, Any]:
        with virtual_room() as room, room.noise():
            return asdict(leaking.measure(room, server, policy, options.minutes))

    with _server(options) as server, ThreadPoolExecutor(2) as pool:
        return list(pool.map(measure, ("half", "gate"), (server, server)))


def _server(options: argparse.Namespace) -> contextlib.AbstractContextManager[str]:
    return contextlib.nullcontext(options.server) if options.server else temporary_server()


if __name__ == "__main__":
    main()
