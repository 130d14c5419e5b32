"""Scores of answers: accuracy by set, red flags, rejection, entities, calibration, times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.nlu.cases import Case

REJECTED = frozenset({"out_of_scope", "nlu_fallback"})
RED_FLAG = "report_red_flag"
BINS = 10
"""Number of equally wide bins of confidence."""

# The test sets were written without sight of the content, so some of their values have other ids there.
_SAME_VALUE = {
    "hands_and_wrists": "classic", "tiredness": "fatigue", "tingling": "neuropathy", "numbness": "neuropathy",
    "pain": "soreness", "cold": "cold_hands", "insomnia": "sleep", "weakness": "weak_grip", "knuckle": "knuckles",
}  # fmt: skip

Answer = Mapping[str, Any]
Pairs = Sequence[tuple[Case, Answer]]


@dataclass(frozen=True)
class Scores:
    """Shares from 0 to 1; None where there was nothing to count."""

    by_set: Mapping[str, float]
    """Share of right intents in each set, in the order of the sets."""
    faq: float | None
    """Share of questions whose id is right."""
    red_flag_recall: float | None
    red_flag_false_alarms: float | None
    """Share of the other sentences that are taken for a red flag."""
    out_of_scope_rejected: float | None
    in_scope_rejected: float | None
    entities: float | None
    """F1 over (entity, value) pairs of sentences with judged entities."""
    calibration: float | None
    """Expected calibration error: the mean distance of confidence and accuracy."""
    milliseconds: tuple[float, float, float]
    """50th, 95th and 99th percentile of a parse."""


@dataclass(frozen=True)
class Bin:
    """Answers of about the same confidence."""

    confidence: float
    """Their mean."""
    right: float
    """Share of them that is right."""
    count: int


def is_right(case: Case, label: str) -> bool:
    """Whether a label counts as right; an out-of-scope sentence may be called not understood."""
    return label in case.intents or ("out_of_scope" in case.intents and label in REJECTED)


def scores_of(pairs: Pairs) -> Scores:
    """Scores over all pairs; noisy copies count for the accuracy of their own set only."""
    clean = [pair for pair in pairs if not pair[0].is_noisy]

    def share(hits: Iterable[bool]) -> float | None:
        every = list(hits)
        return sum(every) / len(every) if every else None

    def labels(intent: str, *, among: bool) -> list[str]:
        return [answer["label"] for case, answer in clean if (intent in case.intents) == among]

    questions = [pair for pair in clean if any(intent.startswith("faq/") for intent in pair[0].intents)]
    times = [answer["milliseconds"] for _, answer in clean] or [float("nan")]
    return Scores(
        by_set=accuracy_by_set(pairs),
        faq=share(is_right(case, answer["label"]) for case, answer in questions),
        red_flag_recall=share(label == RED_FLAG for label in labels(RED_FLAG, among=True)),
        red_flag_false_alarms=share(label == RED_FLAG for label in labels(RED_FLAG, among=False)),
        out_of_scope_rejected=share(label in REJECTED for label in labels("out_of_scope", among=True)),
        in_scope_rejected=share(label in REJECTED for label in labels("out_of_scope", among=False)),
        entities=_entity_f1(clean),
        calibration=_calibration_error(clean),
        milliseconds=tuple(float(each) for each in np.percentile(times, (50, 95, 99))),  # type: ignore[arg-type]
    )


def accuracy_by_set(pairs: Pairs) -> dict[str, float]:
    """Share of right intents in each set, in the order of the sets' first sentences."""
    hits: dict[str, list[bool]] = {}
    for case, answer in pairs:
        hits.setdefault(case.set, []).append(is_right(case, answer["label"]))
    return {name: sum(each) / len(each) for name, each in hits.items()}


def error_ratios(ours: Mapping[str, float], theirs: Mapping[str, float]) -> dict[str, float | None]:
    """Our errors as a share of theirs in each set; None where they make none."""
    return {
        name: (1 - ours[name]) / (1 - theirs[name]) if theirs[name] < 1 else None for name in ours if name in theirs
    }


def reliability(pairs: Pairs) -> list[Bin]:
    """Answers by confidence, without empty bins.

    A fallback is left out: its confidence is that nothing was meant, which no set can judge. So is an answer without
    confidence.
    """
    bins: dict[int, list[tuple[float, bool]]] = {}
    for case, answer in pairs:
        if answer["label"] != "nlu_fallback" and "confidence" in answer:
            at = min(BINS - 1, int(BINS * answer["confidence"]))
            bins.setdefault(at, []).append((answer["confidence"], is_right(case, answer["label"])))
    return [
        Bin(sum(sure for sure, _ in each) / len(each), sum(hit for _, hit in each) / len(each), len(each))
        for _, each in sorted(bins.items())
    ]


def _calibration_error(pairs: Pairs) -> float | None:
    bins = reliability(pairs)
    count = sum(each.count for each in bins)
    return sum(each.count * abs(each.confidence - each.right) for each in bins) / count if count else None


def _entity_f1(pairs: Pairs) -> float | None:
    both = wanted = found = 0
    for case, answer in pairs:
        if case.entities is not None:
            values = [(entity, value) for entity, each in case.entities.items() for value in each]
            expected = {(entity, _SAME_VALUE.get(value, value)) for entity, value in values}
            got = {(entity, value) for entity, value in answer["entities"]}
            both, wanted, found = both + len(expected & got), wanted + len(expected), found + len(got)
    return 2 * both / (wanted + found) if wanted + found else None
