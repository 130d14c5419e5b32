"""Scores of answers: accuracy by set, red flags, rejection, entities, calibration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


def is_right(case: Case, label: str) -> bool:
    """Whether a label counts as right; an out-of-scope sentence may be called not understood."""
    return label in case.intents or ("out_of_scope" in case.intents and label in REJECTED)


def accuracy_by_set(pairs: Pairs) -> dict[str, float]:
    """Share of right intents in each set, in the order of the sets' first sentences."""
    hits: dict[str, list[bool]] = {}
    for case, answer in pairs:
        hits.setdefault(case.set, []).append(is_right(case, answer["label"]))
    return {name: sum(each) / len(each) for name, each in hits.items()}


def scores_of(pairs: Pairs) -> dict[str, float | None]:
    """Shares from 0 to 1 by name; None where there was nothing to count."""

    def labels(intent: str, *, among: bool) -> list[str]:
        return [answer["label"] for case, answer in pairs if (intent in case.intents) == among]

    questions = [pair for pair in pairs if any(intent.startswith("faq/") for intent in pair[0].intents)]
    return {
        "question's id right": _share(is_right(case, answer["label"]) for case, answer in questions),
        "entities, F1": _entity_f1(pairs),
        "red flags found": _share(label == RED_FLAG for label in labels(RED_FLAG, among=True)),
        "red flags, false alarms": _share(label == RED_FLAG for label in labels(RED_FLAG, among=False)),
        "out of scope rejected": _share(label in REJECTED for label in labels("out_of_scope", among=True)),
        "in scope rejected": _share(label in REJECTED for label in labels("out_of_scope", among=False)),
        "calibration error": _calibration_error(pairs),
    }


def _share(hits: Iterable[bool]) -> float | None:
    every = list(hits)
    return sum(every) / len(every) if every else None


def _calibration_error(pairs: Pairs) -> float | None:
    """Expected calibration error: the mean distance of confidence and accuracy, in bins of about the same confidence.

    A fallback is left out: its confidence is that nothing was meant, which no set can judge.
    """
    judged = [(each["confidence"], is_right(case, each["label"])) for case, each in pairs
              if each["label"] != "nlu_fallback"]  # fmt: skip
    if not judged:
        return None
    sure, right = np.array(judged, float).T
    bins = np.minimum(BINS - 1, (BINS * sure).astype(int))
    return float(np.abs(np.bincount(bins, sure) - np.bincount(bins, right)).sum() / len(judged))


def _entity_f1(pairs: Pairs) -> float | None:
    """F1 over (entity, value) pairs of sentences with judged entities."""
    both = wanted = found = 0
    for case, answer in pairs:
        if case.entities is not None:
            values = [(entity, value) for entity, each in case.entities.items() for value in each]
            expected = {(entity, _SAME_VALUE.get(value, value)) for entity, value in values}
            got = {(entity, value) for entity, value in answer["entities"]}
            both, wanted, found = both + len(expected & got), wanted + len(expected), found + len(got)
    return 2 * both / (wanted + found) if wanted + found else None
