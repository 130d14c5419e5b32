"""Figures out of answers: accuracy by set, red flags, rejection, entities, times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.nlu.sets import Case

REJECTED = frozenset({"out_of_scope", "nlu_fallback"})

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
    milliseconds: tuple[float, float, float]
    """50th, 95th and 99th percentile of a parse."""


def right(case: Case, label: str) -> bool:
    """Whether a label counts; what is foreign may be called out of scope or not understood."""
    return label in case.intents or ("out_of_scope" in case.intents and label in REJECTED)


def scores_of(pairs: Pairs) -> Scores:
    """Figures over all pairs of case and answer."""
    names = sorted({case.set for case, _ in pairs})
    clean = [(case, answer) for case, answer in pairs if not case.set.startswith("typos")]
    flags = [pair for pair in clean if "report_red_flag" in pair[0].intents]
    others = [pair for pair in clean if "report_red_flag" not in pair[0].intents]
    foreign = [pair for pair in clean if "out_of_scope" in pair[0].intents]
    own = [pair for pair in clean if "out_of_scope" not in pair[0].intents]
    faq = [pair for pair in clean if any(intent.startswith("faq/") for intent in pair[0].intents)]
    times = [answer["milliseconds"] for _, answer in pairs]
    return Scores(
        {name: _share([right(c, a["label"]) for c, a in pairs if c.set == name]) or 0.0 for name in names},
        _share([right(case, answer["label"]) for case, answer in faq]),
        _share([answer["label"] == "report_red_flag" for _, answer in flags]),
        _share([answer["label"] == "report_red_flag" for _, answer in others]),
        _share([answer["label"] in REJECTED for _, answer in foreign]),
        _share([answer["label"] in REJECTED for _, answer in own]),
        _entities(clean),
        (float(np.percentile(times, 50)), float(np.percentile(times, 95)), float(np.percentile(times, 99))),
    )


def _share(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None


def _entities(pairs: Pairs) -> float | None:
    both = wanted = found = 0
    for case, answer in pairs:
        if case.entities is not None:
            want = {(entity, _SAME.get(value, value)) for entity, values in case.entities.items() for value in values}
            got = {(entity, value) for entity, value in answer["entities"]}
            both, wanted, found = both + len(want & got), wanted + len(want), found + len(got)
    return 2 * both / (wanted + found) if wanted + found else None
