"""Entity extractors: names from the content, minutes and step numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from palmwise.errors import UntrainedError
from palmwise.language.durations import find_minutes
from palmwise.language.names import NameTable
from palmwise.language.step_references import find_steps
from palmwise.language.tokens import EntitySpan, Token
from palmwise.nlu.component import Component, write
from palmwise.nlu.message_repair import words_in


def tell(message: Message, words: Sequence[Token], found: Sequence[EntitySpan], extractor: str) -> None:
    """Adds what was found to the message's entities, in order of mention, with places in the text as it was typed."""
    entities: list[dict[str, Any]] = list(message.get(ENTITIES) or [])
    entities.extend(
        {
            "entity": each.entity,
            "start": words[each.first].start,
            "end": words[each.first + each.size - 1].end,
            "value": each.value,
            "extractor": extractor,
        }
        for each in found
    )
    entities.sort(key=lambda entity: entity["start"])
    message.set(ENTITIES, entities, add_to_output=True)


def chance_of(message: Message, intent: str) -> float:
    """The probability that the ranking gives to an intent."""
    ranking = message.get("intent_ranking") or []
    return next((float(each["confidence"]) for each in ranking if each["name"] == intent), 0.0)


def intent_of(message: Message) -> str:
    """The intent that the classifier before gave, or an empty name."""
    return str((message.get("intent") or {}).get("name") or "")


def label_of(message: Message) -> str:
    """The intent that the classifier before gave, of a question the whole of it: `faq/oils`."""
    selector = (message.get("response_selector") or {}).get(intent_of(message)) or {}
    return str((selector.get("response") or {}).get("intent_response_key") or intent_of(message))


_FILE = "names.json"

Entry = tuple[str, str, str]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class NameExtractor(Component):
    """Adds the entities of the lookup tables with the ids that they stand for."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._names: NameTable | None = None

    def train(self, training_data: TrainingData) -> Resource:
        """Keeps the names of the lookup tables."""
        entries = entries_of(training_data)
        self._names = NameTable.build(entries)
        return self.kept(lambda folder: write(folder / _FILE, json.dumps(entries)))

    def read(self, folder: Path) -> None:
        """Reads the names."""
        entries = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        self._names = NameTable.build(tuple(entry) for entry in entries)

    def process(self, messages: list[Message]) -> list[Message]:
        """Looks for the names among the repaired words."""
        if self._names is None:
            raise UntrainedError("The name extractor was not trained.")
        for message in messages:
            words = words_in(message)
            found = self._names.find([word.text for word in words], intent_of(message))
            tell(message, words, found, type(self).__name__)
        return messages


def entries_of(training_data: TrainingData) -> list[Entry]:
    """(entity, name, value) out of the lookup tables, and the synonyms `<entity>:<name>` that belong to them."""
    synonyms = training_data.entity_synonyms
    return sorted(
        (table["name"], name, synonyms.get(f"{table['name']}:{name}", name))
        for table in training_data.lookup_tables
        for name in table["elements"]
    )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class NumberExtractor(Component):
    """Adds the entities `minutes` ("30" for half an hour) and `step_number` ("4", "last", "-2", "+1")."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Reads numbers after the intent is known, which tells what a bare one counts."""
        for message in messages:
            words = words_in(message)
            tell(message, words, find_numbers([word.text for word in words], intent_of(message)), type(self).__name__)
        return messages


def find_numbers(words: list[str], intent: str) -> list[EntitySpan]:
    """Minutes and steps; a word that belongs to the minutes is no step."""
    minutes = find_minutes(words, intent)
    taken = frozenset[int]().union(*(found.indices for found in minutes))
    return [*minutes, *(found for found in find_steps(words, intent) if not found.indices & taken)]
