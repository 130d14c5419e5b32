"""Entity extractors: names of the content, minutes and step numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from palmwise import resources
from palmwise.language.names import NameTable
from palmwise.language.numbers import find_minutes
from palmwise.language.step_references import find_steps
from palmwise.language.tokens import EntitySpan
from palmwise.nlu.component import Component, add_entities, intent_of, tokens_of
from palmwise.nlu.training_data import names_of

MOST_WORDS = 100
"""Numbers are read among so many words of a message: who says more than that tells a story."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class NameExtractor(Component):
    """Adds what the content has names for (technique, routine, symptom, body part, hand) with its id."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """Take the names as they are in the content now; nothing is trained."""
        super().__init__(config, storage, resource)
        self._names = name_table()

    def process(self, messages: list[Message]) -> list[Message]:
        """Look for names among the repaired words; the intent tells complaints from routines."""
        for message in messages:
            tokens = tokens_of(message)
            spans = self._names.find([token.text for token in tokens], intent_of(message))
            add_entities(message, tokens, spans, type(self).__name__)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class NumberExtractor(Component):
    """Adds the entities `minutes` ("30" for half an hour) and `step_number` ("4", "last", "-2", "+1")."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Read numbers; the intent tells what a bare number counts."""
        for message in messages:
            tokens = tokens_of(message)
            spans = find_numbers([token.text for token in tokens[:MOST_WORDS]], intent_of(message))
            add_entities(message, tokens, spans, type(self).__name__)
        return messages


def name_table() -> NameTable:
    """The names of the content."""
    content = resources.content()
    entries = sorted((entity, name, values[name]) for entity, values in names_of(content).items() for name in values)
    return NameTable.build(
        entries, {value: words for each in content.words for value, words in each.not_before.items()}
    )


def find_numbers(words: Sequence[str], intent: str) -> list[EntitySpan]:
    """Minutes and steps; a word that belongs to minutes is not read as a step."""
    minutes = find_minutes(words, intent)
    taken = frozenset[int]().union(*(span.indices for span in minutes))
    return [*minutes, *(span for span in find_steps(words, intent) if not span.indices & taken)]
