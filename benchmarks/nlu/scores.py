"""Figures out of answers: accuracy by set, red flags, rejection, entities, calibration, times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.nlu.sets import Case

REJECTED = frozenset({"out_of_scope", "nlu_fallback"})
BINS = 10
"""Of confidence, equally wide."""

# The test sets were written without sight of the content, so that some of their values have other names there.
_SAME = {
    "hands_and_wrists": "classic", "tiredness": "fatigue", "tingling": "neuropathy", "numbness": "neuropathy",
    "pain": "soreness", "cold": "cold_hands", "insomnia": "sleep", "weakness": "weak_grip", "knuckle": "knuckles",
}  # fmt: skip

Answer = Mapping[str, Any]
Pairs = Sequence[tuple[Case, Answer]]


@dataclass(frozen=True)
class Scores:
    """Shares are from 0 to 1; None where there was nothing to count."""

    by_set: Mapping[str, float]
    faq: float | None
    red_flags_heard: float | None
    red_flags_false: float | None
    foreign_rejected: float | None
    own_rejected: float | None
    entities: float | None
    """F1 over (entity, value) pairs of sentences with judged entities."""
    calibration: float | None
    """Expected calibration error: how far confidence and accuracy lie apart, on average over all answers."""
    milliseconds: tuple[float, float, float]
    """50th, 95th and 99th percentile of a parse."""


@dataclass(frozen=True)
class Bin:
    """Answers of about the same confidence."""

    confidence: float
    """Their mean, from 0 to 1."""
    right: float
    """Share of them that is right."""
    count: int


def right(case: Case, label: str) -> bool:
    """Whether a label counts; what is foreign may be called out of scope or not understood."""
    return label in case.intents or ("out_of_scope" in case.intents and label in REJECTED)


def scores_of(pairs: Pairs) -> Scores:
    """Figures over all pairs of case and answer; noisy copies count for the accuracy of their own set only."""
    clean = [(case, answer) for case, answer in pairs if not case.noisy]
    flags = [pair for pair in clean if "report_red_flag" in pair[0].intents]
    others = [pair for pair in clean if "report_red_flag" not in pair[0].intents]
    foreign = [pair for pair in clean if "out_of_scope" in pair[0].intents]
    own = [pair for pair in clean if "out_of_scope" not in pair[0].intents]
    faq = [pair for pair in clean if any(intent.startswith("faq/") for intent in pair[0].intents)]
    times = [answer["milliseconds"] for _, answer in clean] or [float("nan")]
    return Scores(
        by_set=accuracy_by_set(pairs),
        faq=_share(right(case, answer["label"]) for case, answer in faq),
        red_flags_heard=_share(answer["label"] == "report_red_flag" for _, answer in flags),
        red_flags_false=_share(answer["label"] == "report_red_flag" for _, answer in others),
        foreign_rejected=_share(answer["label"] in REJECTED for _, answer in foreign),
        own_rejected=_share(answer["label"] in REJECTED for _, answer in own),
        entities=_entities(clean),
        calibration=_calibration(clean),
        milliseconds=(
            float(np.percentile(times, 50)),
            float(np.percentile(times, 95)),
            float(np.percentile(times, 99)),
        ),
    )


def accuracy_by_set(pairs: Pairs) -> dict[str, float]:
    """Share of right intents in each set, in the order of the sets' first sentences."""
    hits: dict[str, list[bool]] = {}
    for case, answer in pairs:
        hits.setdefault(case.set, []).append(right(case, answer["label"]))
    return {name: sum(each) / len(each) for name, each in hits.items()}


def error_ratios(ours: Mapping[str, float], theirs: Mapping[str, float]) -> dict[str, float | None]:
    """Our errors as a share of theirs in each set; None where they make none."""
    return {
        name: (1 - ours[name]) / (1 - theirs[name]) if theirs[name] < 1 else None for name in ours if name in theirs
    }


def reliability(pairs: Pairs) -> list[Bin]:
    """Answers by confidence, empty bins left out.

    A fallback's confidence is that nothing was meant, which no set can judge, so that it is left out too, as is an
    answer without any.
    """
    judged = [pair for pair in pairs if pair[1]["label"] != "nlu_fallback" and "confidence" in pair[1]]
    bins: dict[int, list[tuple[float, bool]]] = {}
    for case, answer in judged:
        at = min(BINS - 1, int(BINS * answer["confidence"]))
        bins.setdefault(at, []).append((answer["confidence"], right(case, answer["label"])))
    return [
        Bin(sum(sure for sure, _ in each) / len(each), sum(hit for _, hit in each) / len(each), len(each))
        for _, each in sorted(bins.items())
    ]


def _calibration(pairs: Pairs) -> float | None:
    bins = reliability(pairs)
    whole = sum(each.count for each in bins)
    return sum(each.count * abs(each.confidence - each.right) for each in bins) / whole if whole else None


def _share(hits: Iterable[bool]) -> float | None:
    every = list(hits)
    return sum(every) / len(every) if every else None


def _entities(pairs: Pairs) -> float | None:
    both = wanted = found = 0
    for case, answer in pairs:
        if case.entities is not None:
            want = {(entity, _SAME.get(value, value)) for entity, values in case.entities.items() for value in values}
            got = {(entity, value) for entity, value in answer["entities"]}
            both, wanted, found = both + len(want & got), wanted + len(want), found + len(got)
    return 2 * both / (wanted + found) if wanted + found else None
