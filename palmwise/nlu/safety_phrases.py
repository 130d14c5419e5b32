"""The component that hears alarms by phrase lists, beside the classifier: either is enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from palmwise import resources
from palmwise.coach.content_loader import load_safety_lists
from palmwise.language.phrase_matching import PhraseMatch, SafetyLists
from palmwise.language.tokens import EntitySpan, Tokens
from palmwise.nlu.component import Component
from palmwise.nlu.entities import chance_of, intent_of, label_of, tell
from palmwise.nlu.message_repair import words_in

INTENTS = {"red_flag": "report_red_flag", "stop": "stop", "pain": "report_pain"}
_ASKING = frozenset({"faq/who_should_not", "faq/medical_advice"})
"""Questions whose answer names the dangers itself, and a doctor: "can people with a blood clot have a massage?"."""

_OPENINGS = frozenset(
    "can could may might shall should would will is isn't are aren't am was do does don't doesn't did has have what "
    "what's when where which who who's whom how why ought safe unsafe ok okay alright bad any anyone".split()
)
_OPENING = 4
"""Tokens within which a question shows that it is one; "not sure if it matters, my arm is swollen" is none."""

_GRAVITY = ("report_red_flag", "stop", "report_pain")
"""A graver intent that the classifier gave is never taken back."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SafetyPhrases(Component):
    """Sets `report_red_flag`, `stop` or `report_pain` when a phrase list says so, with confidence 1.

    A red flag, whoever heard it, comes with one entity `symptom`: its id in `content/en/safety/red_flags.yml`.
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """Reads the lists as they are in `content/` now; nothing is learned."""
        super().__init__(config, storage, resource)
        self._lists = load_safety_lists(resources.content_folder() / "safety")

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`doubt`: from this probability on the classifier's red flag counts even if another intent is likelier.

        `asked`: from this probability on a question about a danger is answered, instead of taken for the danger.
        """
        return {"doubt": 0.4, "asked": 0.7}

    def process(self, messages: list[Message]) -> list[Message]:
        """Raises the intent where a list hears more than the classifier did."""
        for message in messages:
            words = words_in(message)
            plain = [word.text for word in words]
            alarm = self._lists.match(plain)
            if alarm is not None and alarm.kind == "red_flag" and self._asked(message, plain):
                continue
            if alarm is not None:
                _raise(message, INTENTS[alarm.kind])
            elif self._lists.only_denies(plain):
                _lower(message)
            elif chance_of(message, "report_red_flag") >= self._config["doubt"]:
                _raise(message, "report_red_flag")
            if intent_of(message) == "report_red_flag":
                _name(message, words, alarm, self._lists)
        return messages

    def _asked(self, message: Message, words: Sequence[str]) -> bool:
        about = label_of(message) in _ASKING and chance_of(message, "faq") >= float(self._config["asked"])
        return about and not _OPENINGS.isdisjoint(words[:_OPENING])


def _raise(message: Message, intent: str) -> None:
    now = intent_of(message)
    if now in _GRAVITY and _GRAVITY.index(now) < _GRAVITY.index(intent):
        return
    told = {"name": intent, "confidence": 1.0}
    others = [each for each in message.get(INTENT_RANKING_KEY) or [] if each["name"] != intent]
    message.set(INTENT, told, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [dict(told), *others], add_to_output=True)


def _lower(message: Message) -> None:
    # "no injuries, nothing swollen" speaks of red flags only to say that there are none.
    ranking = [each for each in message.get(INTENT_RANKING_KEY) or [] if each["name"] != "report_red_flag"]
    if intent_of(message) == "report_red_flag" and ranking:
        message.set(INTENT, dict(ranking[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


def _name(message: Message, words: Tokens, alarm: PhraseMatch | None, lists: SafetyLists) -> None:
    if not words:
        return
    if alarm is None or alarm.kind != "red_flag":
        alarm = lists.identify([word.text for word in words])
    # The everyday complaints in such a message ("numb", "stiff") are not what is to be answered.
    message.set(ENTITIES, [each for each in message.get(ENTITIES) or [] if each["entity"] != "symptom"])
    found = EntitySpan("symptom", alarm.id, alarm.first, alarm.end - alarm.first)
    tell(message, words, [found], "SafetyPhrases")
