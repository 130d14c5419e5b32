"""Fallback: replaces a low-confidence intent by `nlu_fallback`.

Not understood (`nlu_fallback`) and understood but unrelated (`out_of_scope`) get different answers.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import ENTITIES, INTENT
from rasa.shared.nlu.training_data.message import Message

from palmwise.nlu.component import (
    DECIDED_BY,
    NO_KNOWN_WORD,
    Component,
    intent_of,
    probability_of,
    set_intent,
    tokens_of,
)

NEVER_REPLACED = frozenset({"out_of_scope", "report_red_flag"})
"""Intents that are kept at any confidence, unless no word is known: a possible red flag must not be answered with
"I didn't catch that"."""
HALTING_INTENTS = ("stop", "pause", "report_pain")
"""If these are likely together, the most likely one is taken although each alone is below the threshold."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Fallback(IntentClassifier, Component):
    """Sets `nlu_fallback` where the best intent is unlikely, or `out_of_scope` is nearly as likely."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threshold`: least confidence of an intent; `no_known_word`: the same if none of the words is known.

        `out_of_scope`: probability of `out_of_scope` from which on other intents are replaced.
        `halting`: joint probability of `HALTING_INTENTS` from which on the most likely of them is taken.
        All were chosen on sentences that are not in the training data.
        """
        return {"threshold": 0.25, "no_known_word": 0.9, "out_of_scope": 0.3, "halting": 0.35}

    def process(self, messages: list[Message]) -> list[Message]:
        """Put `nlu_fallback`, or a halting intent, first in the ranking where it applies."""
        for message in messages:
            confidence = float((message.get(INTENT) or {}).get("confidence") or 0.0)
            if message.get(DECIDED_BY) is None and self._is_low_confidence(message, confidence):
                halting = self._halting_intent(message)
                set_intent(message, *(halting or (DEFAULT_NLU_FALLBACK_INTENT_NAME, 1 - confidence)))
        return messages

    def _is_low_confidence(self, message: Message, confidence: float) -> bool:
        if message.get(NO_KNOWN_WORD):
            return not tokens_of(message) or confidence < float(self._config["no_known_word"])
        if intent_of(message) in NEVER_REPLACED or _is_known_symptom(message):
            return False
        unrelated = probability_of(message, "out_of_scope") >= float(self._config["out_of_scope"])
        return unrelated or confidence < float(self._config["threshold"])

    def _halting_intent(self, message: Message) -> tuple[str, float] | None:
        """The most likely halting intent and the joint probability of all of them, if that is high enough."""
        probabilities = {name: probability_of(message, name) for name in HALTING_INTENTS}
        joint = sum(probabilities.values())
        if message.get(NO_KNOWN_WORD) or joint < max(self._config["halting"], probability_of(message, "out_of_scope")):
            return None
        return max(HALTING_INTENTS, key=lambda name: probabilities[name]), joint


def _is_known_symptom(message: Message) -> bool:
    """Whether the message is taken for a complaint and names one that the content has: "I have a stuffy nose"."""
    named = any(each["entity"] == "symptom" for each in message.get(ENTITIES) or [])
    return named and intent_of(message) == "report_symptom"
