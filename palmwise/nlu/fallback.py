"""The last component: says when a message was not understood, which is something else than out of scope."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from palmwise.nlu.component import Component
from palmwise.nlu.entities import chance_of, intent_of
from palmwise.nlu.message_repair import STRANGE, words_in

_SURE = frozenset({"out_of_scope", "report_red_flag"})
"""These stand however unsure, unless no word is known: what may be an alarm is never called not understood."""

_HALTING = ("stop", "pause", "report_pain")
"""Where it is one of these but not plain which, the hands come off all the same."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Fallback(IntentClassifier, Component):
    """Sets `nlu_fallback` where the best intent is unlikely, or out of scope is nearly as likely."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threshold`: least probability of an intent; `strange`: the same where none of the words is known.

        `foreign`: probability of `out_of_scope` that makes others doubtful; `halting`: of stop, pause and pain
        together, from which the likeliest of them counts. All were chosen on sentences that were not trained on.
        """
        return {"threshold": 0.25, "strange": 0.9, "foreign": 0.3, "halting": 0.35}

    def process(self, messages: list[Message]) -> list[Message]:
        """Puts `nlu_fallback` first in the ranking where it applies; the rest of the ranking stays."""
        for message in messages:
            confidence = float((message.get(INTENT) or {}).get("confidence") or 0.0)
            if not self._doubtful(message, confidence):
                continue
            told = self._halting(message)
            told = told or {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 1 - confidence}
            ranking = [each for each in message.get(INTENT_RANKING_KEY) or [] if each["name"] != told["name"]]
            message.set(INTENT, told, add_to_output=True)
            message.set(INTENT_RANKING_KEY, [dict(told), *ranking], add_to_output=True)
        return messages

    def _halting(self, message: Message) -> dict[str, Any] | None:
        chances = {name: chance_of(message, name) for name in _HALTING}
        whole = sum(chances.values())
        if message.get(STRANGE) or whole < max(self._config["halting"], chance_of(message, "out_of_scope")):
            return None
        return {"name": max(_HALTING, key=lambda name: chances[name]), "confidence": whole}

    def _doubtful(self, message: Message, confidence: float) -> bool:
        if confidence >= 1.0:
            return False
        if message.get(STRANGE):
            return bool(not words_in(message) or confidence < self._config["strange"])
        if intent_of(message) in _SURE or _complains(message):
            return False
        foreign = chance_of(message, "out_of_scope")
        return bool(confidence < self._config["threshold"] or foreign >= self._config["foreign"])


def _complains(message: Message) -> bool:
    """Whether it is taken for a complaint, and names one that the coach knows: "I have a stuffy nose"."""
    named = any(each["entity"] == "symptom" for each in message.get(ENTITIES) or [])
    return named and intent_of(message) == "report_symptom"
