"""Tables and plots of what was measured of the server."""

from __future__ import annotations

import platform
from pathlib import Path

import matplotlib as mpl  # type: ignore[import-untyped]

from benchmarks.service import SQLITE, Plan
from benchmarks.service_bots import FLOOR
from benchmarks.service_kept import Kept
from benchmarks.turn_times import Times

Crowds = dict[int, dict[str, Times]]
WHO = ("floor", "coach", "template")


def write(plan: Plan, kept: Kept, folder: Path) -> str:
    """Writes `service.md`, `service_latency.svg`, `service_growth.svg` of what is there so far; all tables."""
    folder.mkdir(parents=True, exist_ok=True)
    beside, replicas = _crowds(plan, kept, "beside"), _crowds(plan, kept, "replicas")
    tables = _times(beside, FLOOR), _times(replicas, SQLITE), _growth(kept), _memory(kept)
    told = "\n\n".join((_head(), *(table for table in tables if table))) + "\n"
    (folder / "service.md").write_text(told, encoding="utf-8")
    mpl.use("Agg")
    # Without names made by chance, the same numbers make the same file.
    mpl.rcParams["svg.hashsalt"] = "palmwise"
    _plot_times(beside, replicas, folder / "service_latency.svg")
    _plot_growth(kept, folder / "service_growth.svg")
    return told


def _head() -> str:
    return (
        "# The server, measured\n\nMilliseconds a turn, the bots taking turns block by block in one run, on "
        f"{platform.machine()}, Python {platform.python_version()}. Ratios are to {FLOOR}: one keyword intent, one "
        'response, RulePolicy, trackers in memory, `rest`. "Next" is typed and remembered as understood after its '
        "first time; a question is long enough to be understood anew each time; a button needs no understanding."
    )


def _crowds(plan: Plan, kept: Kept, part: str) -> Crowds:
    """What was measured in one run beside each other: by people, by bot."""
    pieces = {crowd.people: kept.get(f"{part}-{crowd.people}") for crowd in plan.crowds}
    return {
        people: {name: Times(tuple(values)) for name, values in piece.items()}
        for people, piece in pieces.items()
        if piece
    }


def _times(found: Crowds, reference: str) -> str:
    if not found:
        return ""
    lines = [
        f"| people | bot | p50 | p95 | p99 | p50 to {reference} | p99 | turns/s |",
        "|--:|---|--:|--:|--:|--:|--:|--:|",
    ]
    for people, bots in found.items():
        for name, times in bots.items():
            cells = [f"{times.at(percent):.1f}" for percent in (50, 95, 99)]
            cells += [f"{times.at(percent) / bots[reference].at(percent):.2f}" for percent in (50, 99)]
            rate = people * 1000 * len(times.values) / sum(times.values)
            lines.append(f"| {people} | {name} | {' | '.join(cells)} | {rate:.0f} |")
    return "\n".join(lines)


def _growth(kept: Kept) -> str:
    if not _grown(kept):
        return ""
    lines = ["| bot | turn 10, ms | late turn | ms | ratio |", "|---|--:|--:|--:|--:|"]
    for name, turn, early, late in _grown(kept):
        lines.append(f"| {name} | {early:.1f} | {turn} | {late:.1f} | {late / early:.2f} |")
    return "\n".join(lines)


def _grown(kept: Kept) -> list[tuple[str, int, float, float]]:
    pieces = [kept.get(f"growing-{who}") for who in WHO]
    return [(piece["bot"], *row) for piece in pieces if piece for row in piece["rows"]]


def _memory(kept: Kept) -> str:
    lines = ["| bot | start, s | memory at the start, MB | after many turns, MB |", "|---|--:|--:|--:|"]
    pieces = [piece for piece in (kept.get(f"memory-{who}") for who in WHO) if piece]
    for piece in pieces:
        sizes = [str(megabytes) for megabytes in piece["megabytes"]]
        lines.append(f"| {piece['bot']} | {piece['start']:.1f} | {' | '.join((*sizes, '')[:2])} |")
    return "\n".join(lines) if pieces else ""


def _plot_times(beside: Crowds, replicas: Crowds, file: Path) -> None:
    from matplotlib import pyplot as plt  # noqa: PLC0415  after the choice of what it draws on

    figure, both = plt.subplots(ncols=2, figsize=(11, 4.5), sharey=True)
    for axes, found in zip(both, (beside, replicas), strict=True):
        for name in dict.fromkeys(name for bots in found.values() for name in bots):
            rows = [(people, bots[name]) for people, bots in found.items()]
            (line,) = axes.plot([people for people, _ in rows], [times.at(50) for _, times in rows], "o-", label=name)
            axes.plot([people for people, _ in rows], [times.at(99) for _, times in rows], ":", color=line.get_color())
        axes.set(xscale="log", yscale="log", xlabel="people at once", ylabel="ms a turn (line p50, dots p99)")
        if found:
            axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def _plot_growth(kept: Kept, file: Path) -> None:
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, axes = plt.subplots(figsize=(6, 3.5))
    rows = _grown(kept)
    for bot in dict.fromkeys(name for name, *_ in rows):
        own = [row for row in rows if row[0] == bot]
        # The tenth turn was measured beside each late one; their mean is where the line begins.
        early = sum(row[2] for row in own) / len(own)
        axes.plot([10, *(row[1] for row in own)], [early, *(row[3] for row in own)], "o-", label=bot)
    axes.set(xlabel="turn of the conversation", ylabel="ms a turn, median", ylim=(0, None))
    if rows:
        axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)
