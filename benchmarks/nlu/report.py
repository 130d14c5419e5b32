"""Writes the figures as a table and as plots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl  # type: ignore[import-untyped]
import numpy as np

from benchmarks.nlu.scores import Pairs, Scores, right

mpl.use("Agg")

from matplotlib import pyplot as plt

Facts = Mapping[str, float]


def write_table(path: Path, results: Mapping[str, tuple[Scores, Facts]], notes: Sequence[str]) -> None:
    """One column a pipeline, one row a figure."""
    names = list(results)
    lines = ["# Understanding", "", *notes, "", f"| | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    for title, cells in _rows(results):
        lines.append(f"| {title} | {' | '.join(cells)} |")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def plot_confusions(path: Path, pairs: Pairs, most: int = 20) -> None:
    """The pairs of labels that are most often taken for each other."""
    wrong = Counter((case.intents[0], answer["label"]) for case, answer in pairs if not right(case, answer["label"]))
    shown = wrong.most_common(most)[::-1]
    figure, axes = plt.subplots(figsize=(9, 6))
    axes.barh([f"{wanted} heard as {got}" for (wanted, got), _ in shown], [count for _, count in shown])
    axes.set_xlabel("sentences")
    _save(figure, path)


def plot_calibration(path: Path, pairs: Pairs) -> None:
    """How often an answer of some confidence is right: on the diagonal when confidence is honest."""
    confidence = np.array([answer["confidence"] for _, answer in pairs])
    hits = np.array([right(case, answer["label"]) for case, answer in pairs])
    edges = np.linspace(0, 1, 11)
    bins = np.clip(np.digitize(confidence, edges) - 1, 0, 9)
    points = [
        (confidence[bins == each].mean(), hits[bins == each].mean()) for each in range(10) if (bins == each).any()
    ]
    figure, axes = plt.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1)
    axes.plot(*zip(*points, strict=True), marker="o")
    axes.set_xlabel("confidence")
    axes.set_ylabel("right")
    _save(figure, path)


def plot_noise(path: Path, results: Mapping[str, tuple[Scores, Facts]]) -> None:
    """Accuracy on typed sentences by the number of slips in each."""
    figure, axes = plt.subplots(figsize=(6, 4))
    for name, (scores, _) in results.items():
        axes.plot(
            [0, 1, 2], [scores.by_set.get(key, np.nan) for key in ("typed", "typos 1", "typos 2")], "o-", label=name
        )
    axes.set_xlabel("slips in a sentence")
    axes.set_ylabel("intent right")
    axes.set_xticks([0, 1, 2])
    axes.legend()
    _save(figure, path)


def _rows(results: Mapping[str, tuple[Scores, Facts]]) -> list[tuple[str, list[str]]]:
    every = [scores for scores, _ in results.values()]
    facts = [fact for _, fact in results.values()]
    rows = [(f"intent right: {name}", [_percent(each.by_set.get(name)) for each in every]) for name in every[0].by_set]
    rows += [
        ("FAQ id right", [_percent(each.faq) for each in every]),
        ("entities, F1", [_percent(each.entities) for each in every]),
        ("red flags heard", [_percent(each.red_flags_heard) for each in every]),
        ("red flags, false alarms", [_percent(each.red_flags_false) for each in every]),
        ("out of scope rejected", [_percent(each.foreign_rejected) for each in every]),
        ("in scope rejected", [_percent(each.own_rejected) for each in every]),
        ("training, s", [f"{fact['train_seconds']:.0f}" for fact in facts]),
        ("model, MB", [f"{fact['model_megabytes']:.1f}" for fact in facts]),
        ("memory, MB", [f"{fact['memory_megabytes']:.0f}" for fact in facts]),
        ("parse p50 / p95 / p99, ms", [" / ".join(f"{time:.1f}" for time in each.milliseconds) for each in every]),
    ]
    return rows


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}"  # noqa: RUF001 - a dash for nothing


def _save(figure: plt.Figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    plt.close(figure)
