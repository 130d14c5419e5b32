"""The first component of the pipeline: repairs a message's words for all that follow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.encoder import load_encoder
from nlu.errors import UntrainedError
from nlu.repair import Repairer, build_repairer, load_phrases
from nlu.spelling import Speller
from nlu.text import Words

WORDS = "repaired_words"
"""Key of a message under which the repaired words are found; it does not leave the pipeline."""

_FILE = "speller.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class MessageRepair(GraphComponent):  # type: ignore[misc]
    """Learns which words are good from the training data; repairs the others in every message."""

    def __init__(self, storage: ModelStorage, resource: Resource, repairer: Repairer | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._repairer = repairer

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageRepair:
        """An untrained component."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MessageRepair:
        """The component as it was trained."""
        with model_storage.read_from(resource) as folder:
            raw = json.loads((Path(folder) / _FILE).read_text(encoding="utf-8"))
        speller = Speller.of(frozenset(raw["good"]), raw["wanted"])
        return cls(model_storage, resource, Repairer(load_phrases(), speller))

    def train(self, training_data: TrainingData) -> Resource:
        """Learns and keeps the good words."""
        self._repairer = repairer_for(training_data)
        speller = self._repairer.speller
        with self._storage.write_to(self._resource) as folder:
            raw = {"good": sorted(speller.good), "wanted": dict(sorted(speller.wanted.items()))}
            (Path(folder) / _FILE).write_text(json.dumps(raw), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves the training data as it is: the classifier repairs its own noisy copies of it."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Puts the repaired words beside the text, which stays as it was typed."""
        if self._repairer is None:
            raise UntrainedError("The message repair was not trained.")
        for message in messages:
            message.set(WORDS, self._repairer.words(message.get(TEXT) or ""))
        return messages


def repairer_for(training_data: TrainingData) -> Repairer:
    """The repairer that this training data teaches."""
    sentences = [message.get(TEXT) for message in training_data.intent_examples if message.get(TEXT)]
    return build_repairer(sentences, names_in(training_data), load_encoder().whole_words())


def names_in(training_data: TrainingData) -> list[str]:
    """Everything that the lookup tables list."""
    return [name for table in training_data.lookup_tables for name in table["elements"] if isinstance(name, str)]


def words_in(message: Message) -> Words:
    """The repaired words of a message that went through `MessageRepair`."""
    words: Words | None = message.get(WORDS)
    if words is None:
        raise UntrainedError("nlu.message_repair.MessageRepair must come first in the pipeline.")
    return words
