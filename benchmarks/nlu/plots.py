"""Draws confusions, calibration, and accuracy by noise as SVG."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl  # type: ignore[import-untyped]

from benchmarks.nlu.scores import Pairs, reliability, right
from benchmarks.nlu.sets import LEVELS, MISHEARD, NOISED, TYPOS

mpl.use("Agg")
# The same figures give the same file.
mpl.rcParams["svg.hashsalt"] = "palmwise"

from matplotlib import pyplot as plt  # noqa: E402  after the choice of what it draws on


def draw_confusions(path: Path, pairs: Pairs, most: int = 20) -> None:
    """The pairs of labels that are most often taken for each other."""
    shown = confusions(pairs).most_common(most)[::-1]
    figure, axes = plt.subplots(figsize=(9, 6))
    axes.barh([f"{wanted} taken for {got}" for (wanted, got), _ in shown], [count for _, count in shown])
    axes.set_xlabel("sentences")
    _save(figure, path)


def confusions(pairs: Pairs) -> Counter[tuple[str, str]]:
    """How often what was meant was taken for something else; noisy copies do not count."""
    return Counter(
        (case.intents[0], answer["label"])
        for case, answer in pairs
        if not case.noisy and not right(case, answer["label"])
    )


def draw_calibration(path: Path, pairs: Mapping[str, Pairs]) -> None:
    """How often an answer of some confidence is right: on the diagonal when confidence is honest."""
    figure, axes = plt.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1)
    for name, each in pairs.items():
        bins = reliability([pair for pair in each if not pair[0].noisy])
        axes.plot([one.confidence for one in bins], [one.right for one in bins], "o-", label=name)
    axes.set(xlabel="confidence", ylabel="right", xlim=(0, 1), ylim=(0, 1))
    axes.legend(fontsize=8)
    _save(figure, path)


def draw_noise(path: Path, pairs: Mapping[str, Pairs]) -> None:
    """Accuracy by the number of slips in each sentence of the sets that have noisy copies."""
    figure, both = plt.subplots(1, 2, figsize=(9, 4), sharey=True)
    for axes, kind in zip(both, (TYPOS, MISHEARD), strict=True):
        for name, each in pairs.items():
            axes.plot([0, *LEVELS], by_noise(each, kind), "o-", label=name)
        axes.set(xlabel=f"slips in a sentence: {kind}", xticks=[0, *LEVELS])
    both[0].set_ylabel("intent right")
    both[0].legend(fontsize=8)
    _save(figure, path)


def by_noise(pairs: Pairs, kind: str) -> list[float]:
    """Share of right intents with no slip, then at each of `LEVELS`."""
    steps = [[pair for pair in pairs if pair[0].set in NOISED]]
    steps += [[pair for pair in pairs if pair[0].set == f"{kind} {level}"] for level in LEVELS]
    return [sum(right(case, answer["label"]) for case, answer in step) / max(1, len(step)) for step in steps]


def _save(figure: plt.Figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
