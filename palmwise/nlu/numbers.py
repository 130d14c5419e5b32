"""The component that finds minutes and step numbers by what stands around a number."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message

from palmwise.nlu.component import Component
from palmwise.nlu.message_repair import words_in
from palmwise.nlu.minutes import find_minutes
from palmwise.nlu.spans import Found, intent_of, tell
from palmwise.nlu.step_numbers import find_steps


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class NumberExtractor(Component):
    """Adds the entities `minutes` ("30" for half an hour) and `step_number` ("4", "last", "-2", "+1")."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Reads numbers after the intent is known, which tells what a bare one counts."""
        for message in messages:
            words = words_in(message)
            tell(message, words, find_numbers([word.text for word in words], intent_of(message)), type(self).__name__)
        return messages


def find_numbers(words: list[str], intent: str) -> list[Found]:
    """Minutes and steps; a word that belongs to the minutes is no step."""
    minutes = find_minutes(words, intent)
    taken = frozenset[int]().union(*(found.places for found in minutes))
    return [*minutes, *(found for found in find_steps(words, intent) if not found.places & taken)]
