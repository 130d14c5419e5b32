"""The component that finds names of the content in a message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from palmwise.nlu.component import Component, write
from palmwise.nlu.errors import UntrainedError
from palmwise.nlu.message_repair import words_in
from palmwise.nlu.names import Names
from palmwise.nlu.spans import intent_of, tell

_FILE = "names.json"

Entry = tuple[str, str, str]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class NameExtractor(Component):
    """Adds the entities of the lookup tables with the ids that they stand for."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._names: Names | None = None

    def train(self, training_data: TrainingData) -> Resource:
        """Keeps the names of the lookup tables."""
        entries = entries_of(training_data)
        self._names = Names.of(entries)
        return self.kept(lambda folder: write(folder / _FILE, json.dumps(entries)))

    def read(self, folder: Path) -> None:
        """Reads the names."""
        entries = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        self._names = Names.of(tuple(entry) for entry in entries)

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
