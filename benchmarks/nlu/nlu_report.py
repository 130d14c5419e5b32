"""The report: tables in Markdown."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.nlu.experiment import Run
from benchmarks.nlu.scores import Pairs, Scores, accuracy_by_set, error_ratios, scores_of

NOTHING = "–"  # noqa: RUF001 - a dash for nothing
BAR = 0.5
"""Our errors are to be at most this share of those of Rasa's default."""

_SCORES: Mapping[str, Callable[[Scores], float | None]] = {
    "question's id right": lambda scores: scores.faq,
    "entities, F1": lambda scores: scores.entities,
    "red flags found": lambda scores: scores.red_flag_recall,
    "red flags, false alarms": lambda scores: scores.red_flag_false_alarms,
    "out of scope rejected": lambda scores: scores.out_of_scope_rejected,
    "in scope rejected": lambda scores: scores.in_scope_rejected,
    "calibration error": lambda scores: scores.calibration,
}
_COSTS: Mapping[str, Callable[[Run], str]] = {
    "training, s": lambda run: f"{run.train_seconds:.0f}",
    "training, s of a core": lambda run: f"{run.train_core_seconds:.0f}",
    "peak memory while training, MB": lambda run: f"{run.train_megabytes:.0f}",
    "peak memory while parsing, MB": lambda run: f"{run.parse_megabytes:.0f}",
    "model, MB": lambda run: f"{run.model_megabytes:.1f}",
}


@dataclass(frozen=True)
class Result:
    """A run with its scores."""

    run: Run
    by_set: Mapping[str, float]
    """Accuracy of each set, the noisy ones included."""
    unseen: Mapping[str, float]
    """The same without the sentences that are in the training data word for word."""
    own: Scores
    """Over the project's own sets."""

    @staticmethod
    def build(run: Run, pairs: Pairs, unseen: Pairs) -> Result:
        """Score a run; `unseen` are the pairs that are not in the training data."""
        own = scores_of([pair for pair in pairs if pair[0].is_own])
        return Result(run, accuracy_by_set(pairs), accuracy_by_set(unseen), own)

    @property
    def name(self) -> str:
        """Head of its column."""
        return self.run.pipeline.name


def page(compared: Sequence[Result], ablations: Sequence[Result], notes: Sequence[str]) -> str:
    """The whole report; our result is the first of `compared`."""
    ours, *others = compared
    names = [each.name for each in compared]
    parts = [
        "# Understanding, measured",
        "\n".join(notes),
        f"Made on {platform.machine()}, Python {platform.python_version()}. Shares in percent.",
        "## By set: intent right, and the id of a question",
        _table(names, [(name, [_percent(each.by_set.get(name)) for each in compared]) for name in ours.by_set]),
        'Without the sentences that are in the training data word for word, such as "next":',
        _table(names, [(name, [_percent(each.unseen.get(name)) for each in compared]) for name in ours.unseen]),
        "## Over all own sets",
        _table(names, [(name, [_percent(score(each.own)) for each in compared]) for name, score in _SCORES.items()]),
    ]
    times = (
        "parse p50 / p95 / p99, ms",
        [" / ".join(f"{ms:.1f}" for ms in each.own.milliseconds) for each in compared],
    )
    costs = [(name, [cost(each.run) for each in compared]) for name, cost in _COSTS.items()]
    parts += ["## Costs", _table(names, [*costs, times])]
    if others:
        ratios = [error_ratios(ours.by_set, each.by_set) for each in others]
        rows = [(name, [_ratio(each.get(name)) for each in ratios]) for name in ours.by_set]
        head = f"1 means as many errors. Values above {BAR}, the bar for Rasa's default, are bold."
        parts += ["## Our errors as a share of theirs", head, _table(names[1:], rows)]
    if ablations:
        parts += ["## What each part is worth", _ablation_table([ours, *ablations])]
    return "\n\n".join(parts) + "\n"


def _ablation_table(results: Sequence[Result]) -> str:
    sets = list(results[0].by_set)
    rows = [
        (
            each.name,
            [
                *(_percent(each.by_set.get(name)) for name in sets),
                *(_percent(score(each.own)) for score in _SCORES.values()),
                f"{each.own.milliseconds[0]:.1f}",
            ],
        )
        for each in results
    ]
    return _table([*sets, *_SCORES, "ms"], rows)


def _table(head: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    lines = [["", *head], ["---", *["--:"] * len(head)], *([name, *cells] for name, cells in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _percent(share: float | None) -> str:
    return NOTHING if share is None else f"{100 * share:.1f}"


def _ratio(share: float | None) -> str:
    if share is None:
        return NOTHING
    return f"{share:.2f}" if share <= BAR else f"**{share:.2f}**"
