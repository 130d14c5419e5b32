"""Measures the server beside the smallest bot that Rasa can serve: `make bench`, or `python -m benchmarks`.

Understanding and voice have benchmarks of their own: `python -m benchmarks.nlu`, `python -m benchmarks.voice`.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import distributions
from pathlib import Path

from benchmarks.bots import Bot, coach, smallest
from benchmarks.tables import RESULTS, megabytes, table, write_report
from benchmarks.turn_times import TurnTimes, growth, side_by_side
from palmwise.resources import ROOT
from tools import uv

CROWDS = {1: (20, 20), 8: (8, 20), 32: (2, 20), 128: (1, 20)}
"""People at once -> rounds, and turns of each person in a round: as many as a massage has, whatever the crowd.

Rasa goes through the whole history of a conversation at each turn, so crowds with shorter ones cannot be compared.
"""
QUICK = {1: (4, 10), 8: (2, 10)}
LATE_TURN, TURNS = 1000, 10_000
"""The turn of one conversation that is compared with its tenth, and the turns after which memory is measured again."""
HEAD = """# The server, measured

Milliseconds a turn, the bots taking turns block by block in one run, on {machine}, Python {python}. Ratios are to the
smallest Rasa bot: one keyword intent, one response, RulePolicy, trackers in memory, `rest`. "Next" is typed, and its
parse is cached after the first time; a question is parsed anew each time; a button needs no understanding.
"""


def main() -> None:
    """Measure, and write `service.md` after each part."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the server.")
    parser.add_argument("--people", nargs="+", type=int, help="only with so many at once, such as 1 8")
    parser.add_argument("--quick", action="store_true", help="fewer people and turns; takes two minutes")
    parser.add_argument("--model", type=Path, default=ROOT / "models", help="trained model of the coach")
    options = parser.parse_args()
    crowds = {people: extent for people, extent in (QUICK if options.quick else CROWDS).items()
              if not options.people or people in options.people}  # fmt: skip
    parts = [HEAD.format(machine=platform.machine(), python=platform.python_version())]
    with (
        tempfile.TemporaryDirectory(prefix="palmwise-bench-") as scratch,
        smallest(RESULTS / "smallest", Path(scratch)) as least,
        coach(Path(scratch), options.model.resolve()) as ours,
    ):
        for part in _measure(least, ours, crowds, quick=options.quick):
            parts.append(part)
            sys.stdout.write(f"{part}\n")
            write_report("service", *parts)


def _measure(least: Bot, ours: Bot, crowds: Mapping[int, tuple[int, int]], *, quick: bool) -> Iterator[str]:
    before = {bot: megabytes(bot.pid) for bot in (least, ours)}
    asking = replace(ours, name="Palmwise, question", words=("which oil should I use", "how hard should I press"))
    pressing = replace(ours, name="Palmwise, button", words=("/next_step", "/previous_step"))
    bots = (least, ours, pressing, asking)
    head = ("people", "bot", "p50", "p95", "p99", "p50, ratio", "p99, ratio", "CPU", "turns/s")
    for people, (rounds, block) in crowds.items():
        times = asyncio.run(side_by_side(bots, people, rounds, block))
        yield table(head, _rows(people, times, least.name), f"Speed, {people} at once")
    late = LATE_TURN // 10 if quick else LATE_TURN
    early, then = asyncio.run(growth(ours, late))
    yield table(("turn", "10", str(late)), [("ms", early, then)], "Late in a conversation")
    asyncio.run(side_by_side([ours], 8, (TURNS // 20 if quick else TURNS) // 160, 20))
    sizes = [(bot.name, bot.seconds, before[bot], megabytes(bot.pid)) for bot in (least, ours)]
    yield table(("bot", "start, s", "MB then", "MB after all turns"), sizes, "Start and memory")
    costs = [(bot.name, *_setup_costs(lock)) for bot, lock in ((least, "reference"), (ours, "app"))]
    yield table(("bot", "packages", "MB installed", "s to install what was fetched before"), costs, "Set-up")


def _rows(people: int, found: Mapping[str, TurnTimes], least: str) -> Iterator[Sequence[object]]:
    for name, times in found.items():
        ratios = [f"{times.at(percent) / found[least].at(percent):.2f}" for percent in (50, 99)]
        rate = people * 1000 * len(times.values) / sum(times.values)
        percentiles = [times.at(percent) for percent in (50, 95, 99)]
        yield people, name, *percentiles, *ratios, times.cpu / len(times.values), round(rate)


def _setup_costs(name: str) -> tuple[int, int, float]:
    """Install a lock of requirements/ anew; return its packages, their megabytes, and the seconds that it took."""
    lock = ROOT / "requirements" / f"{name}.lock"
    with tempfile.TemporaryDirectory(prefix="palmwise-setup-") as scratch:
        folder = Path(scratch) / "env"
        began = time.monotonic()
        for command in (
            ["venv", "--quiet", "--no-project", "--python", uv.python(), str(folder)],
            ["pip", "sync", "--quiet", "--python", str(folder / "bin" / "python"), "--require-hashes", str(lock)],
        ):
            subprocess.run([uv.uv(), *command], env=uv.environment(), check=True)
        seconds = time.monotonic() - began
        packages = list(distributions(path=[str(next(folder.glob("lib/*/site-packages")))]))
        files = (Path(file.locate()) for package in packages for file in package.files or ())
        size = sum(file.stat().st_size for file in files if file.is_file())
    return len(packages), size >> 20, seconds


if __name__ == "__main__":
    main()
