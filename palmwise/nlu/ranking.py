"""Turns probabilities of full labels into what Rasa puts into a parsed message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_LEFT = 0.5
"""Share of what is left that other labels keep, so that none makes the raised one doubtful."""
SHOWN = 10
"""Entries of a ranking."""

Entry = dict[str, Any]


@dataclass(frozen=True)
class Ranking:
    """Intents by falling confidence, with the responses of each retrieval intent."""

    chances: Mapping[str, float]
    """Full label -> probability."""

    @staticmethod
    def of(labels: Sequence[str], chances: Sequence[float]) -> Ranking:
        """A ranking of labels such as `next_step` and `faq/oils`."""
        return Ranking(dict(zip(labels, chances, strict=True)))

    @property
    def intents(self) -> list[Entry]:
        """Rasa's `intent_ranking`. The label that is likeliest decides: its intent comes first.

        A retrieval intent has the summed probability of its labels.
        """
        sums: dict[str, float] = {}
        for label, chance in self.chances.items():
            intent = label.partition("/")[0]
            sums[intent] = sums.get(intent, 0.0) + chance
        first = max(self.chances, key=lambda label: self.chances[label]).partition("/")[0]
        order = sorted(sums, key=lambda intent: (intent != first, -sums[intent]))
        return [{"name": intent, "confidence": sums[intent]} for intent in order[:SHOWN]]

    def doubtful(self, sure: float) -> bool:
        """Whether the best intent is less likely than `sure`, or the message seems foreign."""
        best = self.best
        return bool(best["confidence"] < sure or best["name"] == "out_of_scope")

    def raised(self, label: str | None) -> Ranking:
        """The ranking when something else speaks for a label: it has at least even chances."""
        if label is None or label not in self.chances:
            return self
        rest = 1 - self.chances[label] or 1.0
        best = max(0.6, self.chances[label])
        scaled = {each: chance * (1 - best) / rest * _LEFT for each, chance in self.chances.items()}
        return Ranking({**scaled, label: best})

    @property
    def best(self) -> Entry:
        """Rasa's `intent`."""
        return dict(self.intents[0])

    @property
    def selectors(self) -> Entry:
        """Rasa's `response_selector`: for each retrieval intent the response that fits best."""
        retrieval = sorted({label.partition("/")[0] for label in self.chances if "/" in label})
        result: Entry = {"all_retrieval_intents": retrieval}
        for intent in retrieval:
            result[intent] = self._selector(intent)
        return result

    def _selector(self, intent: str) -> Entry:
        own = {label: chance for label, chance in self.chances.items() if label.startswith(f"{intent}/")}
        whole = sum(own.values()) or 1.0
        order = sorted(own, key=lambda label: -own[label])
        best = order[0]
        return {
            "response": {
                "responses": [],
                "confidence": own[best] / whole,
                "intent_response_key": best,
                "utter_action": f"utter_{best}",
            },
            "ranking": [{"confidence": own[label] / whole, "intent_response_key": label} for label in order[:SHOWN]],
        }
