"""Tables and plots of what was measured of the server."""

from __future__ import annotations

import platform
from pathlib import Path

import matplotlib as mpl  # type: ignore[import-untyped]

from benchmarks.service import Found

FLOOR = "the smallest Rasa bot"


def text(found: Found) -> str:
    """All tables in Markdown."""
    head = (
        "# The server, measured\n\nMilliseconds a turn, the bots taking turns block by block in one run, on "
        f"{platform.machine()}, Python {platform.python_version()}. Ratios are to {FLOOR}: one keyword intent, one "
        "response, RulePolicy, trackers in memory, `rest`."
    )
    return "\n\n".join((head, _times(found), _growth(found), _start(found))) + "\n"


def _times(found: Found) -> str:
    lines = [
        "| people | bot | p50 | p95 | p99 | p50 of the floor | p99 of the floor | turns/s |",
        "|--:|---|--:|--:|--:|--:|--:|--:|",
    ]
    for people, bots in found.times.items():
        floor = bots[FLOOR]
        for name, times in bots.items():
            cells = [f"{times.at(percent):.1f}" for percent in (50, 95, 99)]
            cells += [f"{times.at(percent) / floor.at(percent):.2f}" for percent in (50, 99)]
            rate = people * 1000 * len(times.values) / sum(times.values)
            lines.append(f"| {people} | {name} | {' | '.join(cells)} | {rate:.0f} |")
    return "\n".join(lines)


def _growth(found: Found) -> str:
    lines = ["| bot | turn 10, ms | late turn | ms | ratio |", "|---|--:|--:|--:|--:|"]
    for name, (turn, early, late) in found.growth.items():
        lines.append(f"| {name} | {early:.1f} | {turn} | {late:.1f} | {late / early:.2f} |")
    return "\n".join(lines)


def _start(found: Found) -> str:
    lines = ["| bot | start, s | memory at the start, MB | after many turns, MB |", "|---|--:|--:|--:|"]
    for name, seconds in found.start.items():
        memory = [str(megabytes) for megabytes in found.memory.get(name, [])]
        lines.append(f"| {name} | {seconds:.1f} | {' | '.join((*memory, '', '')[:2])} |")
    return "\n".join(lines)


def plots(found: Found, folder: Path) -> None:
    """`service_latency.png`, `service_growth.png`."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415  after the choice of what it draws on

    figure, axes = plt.subplots(figsize=(8, 4.5))
    for name in next(iter(found.times.values()), {}):
        rows = [(people, bots[name]) for people, bots in found.times.items() if name in bots]
        (line,) = axes.plot([people for people, _ in rows], [times.at(50) for _, times in rows], "o-", label=name)
        axes.plot([people for people, _ in rows], [times.at(99) for _, times in rows], ":", color=line.get_color())
    axes.set(xscale="log", yscale="log", xlabel="people at once", ylabel="ms a turn (line p50, dots p99)")
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(folder / "service_latency.png", dpi=120)
    figure, axes = plt.subplots(figsize=(6, 3.5))
    names = list(found.growth)
    axes.bar([f"{name}\nturn 10" for name in names], [found.growth[name][1] for name in names])
    axes.bar([f"{name}\nturn {found.growth[name][0]}" for name in names], [found.growth[name][2] for name in names])
    axes.set(ylabel="ms a turn")
    axes.tick_params(axis="x", labelsize=7)
    figure.tight_layout()
    figure.savefig(folder / "service_growth.png", dpi=120)
