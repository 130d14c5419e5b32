"""Safety phrases: the safety lists of the content beside the classifier; either of the two is enough."""

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
from palmwise.language.phrase_matching import PhraseMatch
from palmwise.language.tokens import EntitySpan
from palmwise.nlu.component import (
    DECIDED_BY,
    Component,
    add_entities,
    full_intent_of,
    intent_of,
    probability_of,
    set_intent,
    tokens_of,
)

RED_FLAG = "report_red_flag"
INTENTS = {"red_flag": RED_FLAG, "stop": "stop", "pain": "report_pain"}
"""Kind of safety list -> intent, the gravest first. The classifier's intent is never replaced by a less grave one."""
_GRAVITY = tuple(INTENTS.values())

QUESTIONS_ABOUT_RISKS = frozenset({"faq/who_should_not", "faq/medical_advice"})
"""Their answers name the risks and a doctor, so such a question is answered instead of taken for a red flag."""
_QUESTION_WORDS = frozenset(
    "can could may might shall should would will is isn't are aren't am was do does don't doesn't did has have what "
    "what's when where which who who's whom how why ought safe unsafe ok okay alright bad any anyone".split()
)
_QUESTION_START = 4
"""A question has one of `_QUESTION_WORDS` among so many first words; "not sure if it matters, it hurts" has none."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SafetyPhrases(Component):
    """Sets `report_red_flag`, `stop` or `report_pain` with confidence 1 if a safety list matches.

    A red flag, whether from a list or the classifier, has one entity `symptom`: its id in `red_flags.yml`.
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """Read the lists as they are in the content now; nothing is trained."""
        super().__init__(config, storage, resource)
        self._lists = load_safety_lists(resources.content_folder() / "safety")

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`red_flag`: probability from which on the classifier's red flag counts even if another intent is likelier.

        `question`: probability from which on a question about risks is answered instead of taken for a red flag.
        """
        return {"red_flag": 0.4, "question": 0.7}

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent where a list finds more than the classifier did."""
        for message in messages:
            words = [token.text for token in tokens_of(message)]
            match = self._lists.match(words)
            if match is not None and match.kind == "red_flag" and self._asks_about_risks(message, words):
                continue
            if match is not None:
                _escalate(message, INTENTS[match.kind])
            elif self._lists.only_denies(words):
                _drop_red_flag(message)
            elif probability_of(message, RED_FLAG) >= self._config["red_flag"]:
                _escalate(message, RED_FLAG)
            if intent_of(message) == RED_FLAG and words:
                _set_symptom(message, match if match and match.kind == "red_flag" else self._lists.identify(words))
        return messages

    def _asks_about_risks(self, message: Message, words: Sequence[str]) -> bool:
        about_risks = full_intent_of(message) in QUESTIONS_ABOUT_RISKS
        likely = probability_of(message, "faq") >= self._config["question"]
        return about_risks and likely and not _QUESTION_WORDS.isdisjoint(words[:_QUESTION_START])


def _escalate(message: Message, intent: str) -> None:
    """Set an intent unless the one that is set is graver."""
    current = intent_of(message)
    if current in _GRAVITY and _GRAVITY.index(current) < _GRAVITY.index(intent):
        return
    set_intent(message, intent, 1.0)
    message.set(DECIDED_BY, SafetyPhrases.__name__)


def _drop_red_flag(message: Message) -> None:
    """Take the next best intent if the message denies red flags: "no injuries, nothing swollen"."""
    ranking = [each for each in message.get(INTENT_RANKING_KEY) or [] if each["name"] != RED_FLAG]
    if intent_of(message) == RED_FLAG and ranking:
        message.set(INTENT, dict(ranking[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


def _set_symptom(message: Message, match: PhraseMatch) -> None:
    """Replace everyday complaints ("numb", "stiff") by the red flag, which is what is answered."""
    message.set(ENTITIES, [each for each in message.get(ENTITIES) or [] if each["entity"] != "symptom"])
    span = EntitySpan("symptom", match.id, match.first, match.end - match.first)
    add_entities(message, tokens_of(message), [span], SafetyPhrases.__name__)
