"""Writes the figures as tables."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.nlu.laboratory import Measured
from benchmarks.nlu.scores import Pairs, Scores, accuracy_by_set, error_ratios, scores_of

NOTHING = "–"  # noqa: RUF001 - a dash for nothing
BAR = 0.5
"""Our errors as a share of those of Rasa's default: at most this."""


@dataclass(frozen=True)
class Judged:
    """A pipeline with its figures."""

    measured: Measured
    pairs: Pairs
    """Every case with its answer."""
    whole: Scores
    """Over the own sets."""
    outside: Scores | None
    """Over the sets of others, if there are any."""
    unseen: Mapping[str, float]
    """Accuracy by set without the sentences that training has word for word."""

    @property
    def name(self) -> str:
        """What stands at the head of its column."""
        return self.measured.pipeline.name


def judge(measured: Measured, pairs: Pairs, unseen: Pairs) -> Judged:
    """All figures of one pipeline; `unseen` are those of the pairs that training does not have."""
    own = [pair for pair in pairs if pair[0].own]
    outside = [pair for pair in pairs if not pair[0].own and not pair[0].noisy]
    return Judged(measured, pairs, scores_of(own), scores_of(outside) if outside else None, accuracy_by_set(unseen))


def page(judged: Sequence[Judged], ablations: Sequence[Judged], notes: Sequence[str]) -> str:
    """The whole report in Markdown; ours is the first of each."""
    parts = [
        "# Understanding, measured",
        "\n".join(notes),
        f"Made on {platform.machine()}, Python {platform.python_version()}. Shares in percent.",
        "## By set: intent right (a question's id must be right as well)",
        _by_set(judged, [accuracy_by_set(each.pairs) for each in judged]),
        'The same without the sentences that training has word for word, such as "next":',
        _by_set(judged, [each.unseen for each in judged]),
        "## Over all own sets" + (", and those of others" if judged[0].outside else ""),
        _table(["", *(each.name for each in judged)], _figures(judged)),
        "## Costs",
        _table(["", *(each.name for each in judged)], _costs(judged)),
    ]
    if judged[1:]:
        parts += ["## Our errors as a share of theirs", _ratios(judged)]
    if ablations:
        parts += ["## What each part is worth", _worth([judged[0], *ablations])]
    pictures = {"confusions": "What is taken for what", "calibration": "Confidence", "noise": "Accuracy by slips"}
    parts += ["## Plots", *(f"![{title}](nlu_{name}.svg)" for name, title in pictures.items())]
    return "\n\n".join(parts) + "\n"


def _by_set(judged: Sequence[Judged], columns: Sequence[Mapping[str, float]]) -> str:
    rows = [[name, *(_percent(column.get(name)) for column in columns)] for name in columns[0]]
    return _table(["", *(each.name for each in judged)], rows)


def _figures(judged: Sequence[Judged]) -> list[list[str]]:
    rows = [[name, *cells] for name, cells in _shares([each.whole for each in judged])]
    others = [each.outside for each in judged if each.outside]
    return rows + [[f"{name}, sets of others", *cells] for name, cells in _shares(others) if cells[0] != NOTHING]


def _shares(scores: Sequence[Scores]) -> list[tuple[str, list[str]]]:
    if not scores:
        return []
    return [
        ("question's id right", [_percent(each.faq) for each in scores]),
        ("entities, F1", [_percent(each.entities) for each in scores]),
        ("red flags heard", [_percent(each.red_flags_heard) for each in scores]),
        ("red flags, false alarms", [_percent(each.red_flags_false) for each in scores]),
        ("out of scope rejected", [_percent(each.foreign_rejected) for each in scores]),
        ("in scope rejected", [_percent(each.own_rejected) for each in scores]),
        ("calibration error", [_percent(each.calibration) for each in scores]),
    ]


def _costs(judged: Sequence[Judged]) -> list[list[str]]:
    every = [each.measured for each in judged]
    return [
        ["training, s", *(f"{each.train_seconds:.0f}" for each in every)],
        ["training, seconds of a core", *(f"{each.train_core_seconds:.0f}" for each in every)],
        ["memory while training, MB at most", *(f"{each.train_megabytes:.0f}" for each in every)],
        ["memory while parsing, MB at most", *(f"{each.parse_megabytes:.0f}" for each in every)],
        ["model, MB", *(f"{each.model_megabytes:.1f}" for each in every)],
        ["parse p50 / p95 / p99, ms", *(" / ".join(f"{ms:.1f}" for ms in each.whole.milliseconds) for each in judged)],
    ]


def _ratios(judged: Sequence[Judged]) -> str:
    ours, *others = judged
    mine = accuracy_by_set(ours.pairs)
    columns = [error_ratios(mine, accuracy_by_set(each.pairs)) for each in others]
    rows = [[name, *(_ratio(column.get(name)) for column in columns)] for name in mine]
    head = f"1 is as many errors; the bar is {BAR} of Rasa's default, and what is above is bold."
    return f"{head}\n\n{_table(['', *(each.name for each in others)], rows)}"


def _worth(judged: Sequence[Judged]) -> str:
    sets = list(accuracy_by_set(judged[0].pairs))
    head = ["", *sets, "questions", "entities", "red flags", "false alarms", "rejected", "in scope rejected", "ms"]
    rows = []
    for each in judged:
        by_set, whole = accuracy_by_set(each.pairs), each.whole
        shares = [by_set[name] for name in sets]
        shares += [whole.faq or 0, whole.entities or 0, whole.red_flags_heard or 0, whole.red_flags_false or 0]
        shares += [whole.foreign_rejected or 0, whole.own_rejected or 0]
        rows.append([each.name, *map(_percent, shares), f"{whole.milliseconds[0]:.1f}"])
    return _table(head, rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _percent(share: float | None) -> str:
    return NOTHING if share is None else f"{100 * share:.1f}"


def _ratio(share: float | None) -> str:
    if share is None:
        return NOTHING
    return f"{share:.2f}" if share <= BAR else f"**{share:.2f}**"
