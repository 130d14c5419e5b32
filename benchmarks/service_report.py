"""Tables of what was measured of the server."""

from __future__ import annotations

import platform
from pathlib import Path

from benchmarks.bots import SMALLEST
from benchmarks.service import Extent, Measurements
from benchmarks.turn_times import TurnTimes

SERVERS = ("smallest", "coach", "template")


def write(extent: Extent, measurements: Measurements, folder: Path) -> str:
    """Write `service.md` with what has been measured so far; return its text."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = _speed(extent, measurements), _growth(measurements), _memory(measurements)
    text = "\n\n".join((_introduction(), *(table for table in tables if table))) + "\n"
    (folder / "service.md").write_text(text, encoding="utf-8")
    return text


def _introduction() -> str:
    return (
        "# The server, measured\n\nMilliseconds a turn, the bots taking turns block by block in one run, on "
        f"{platform.machine()}, Python {platform.python_version()}. Ratios are to {SMALLEST}: one keyword intent, one "
        'response, RulePolicy, trackers in memory, `rest`. "Next" is typed, and its parse is cached after the first '
        "time; a question is parsed anew each time; a button needs no understanding."
    )


def _speed(extent: Extent, measurements: Measurements) -> str:
    lines = []
    for crowd in extent.crowds:
        found = measurements.get(f"speed-{crowd.people}") or {}
        bots = {name: TurnTimes(tuple(values)) for name, values in found.items()}
        for name, times in bots.items():
            cells = [f"{times.at(percent):.1f}" for percent in (50, 95, 99)]
            cells += [f"{times.at(percent) / bots[SMALLEST].at(percent):.2f}" for percent in (50, 99)]
            rate = crowd.people * 1000 * len(times.values) / sum(times.values)
            lines.append(f"| {crowd.people} | {name} | {' | '.join(cells)} | {rate:.0f} |")
    head = f"| people | bot | p50 | p95 | p99 | p50 to {SMALLEST} | p99 | turns/s |\n|--:|---|--:|--:|--:|--:|--:|--:|"
    return "\n".join((head, *lines)) if lines else ""


def _growth(measurements: Measurements) -> str:
    lines = [
        f"| {found['bot']} | {early:.1f} | {turn} | {late:.1f} | {late / early:.2f} |"
        for found in (measurements.get(f"growth-{server}") for server in SERVERS)
        if found
        for turn, early, late in found["rows"]
    ]
    head = "| bot | turn 10, ms | late turn | ms | ratio |\n|---|--:|--:|--:|--:|"
    return "\n".join((head, *lines)) if lines else ""


def _memory(measurements: Measurements) -> str:
    lines = []
    for found in (measurements.get(f"memory-{server}") for server in SERVERS):
        if found:
            sizes = [str(megabytes) for megabytes in found["megabytes"]]
            lines.append(f"| {found['bot']} | {found['start']:.1f} | {' | '.join((*sizes, '')[:2])} |")
    head = "| bot | start, s | memory at the start, MB | after many turns, MB |\n|---|--:|--:|--:|"
    return "\n".join((head, *lines)) if lines else ""
