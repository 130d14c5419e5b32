"""Message repair component: the first of the pipeline, it repairs the words for all that follow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from palmwise.errors import UntrainedError
from palmwise.language.spelling import Speller
from palmwise.language.tokens import Tokens
from palmwise.nlu.component import Component, write
from palmwise.nlu.repair import Repairer, load_phrases
from palmwise.nlu.training_data import repairer_for, variants

WORDS = "repaired_words"
"""Key of a message under which the repaired words are found; it does not leave the pipeline."""
LEARNT = "learnt"
"""Key of a training example under which the sentences are found that are learnt for it, itself first."""
STRANGE = "strange_words"
"""Key under which it stands whether none of the words is known."""
_SPELLER_FILE = "speller.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class MessageRepair(Component):
    """Learns which words are good from the training data; repairs the others in every message."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._repairer: Repairer | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`noisy`: whether short sentences are learnt with slips too."""
        return {"noisy": True}

    def train(self, training_data: TrainingData) -> Resource:
        """Learns and keeps the good words."""
        self._repairer = repairer_for(sentences_in(training_data), names_in(training_data))
        speller = self._repairer.speller
        learned = json.dumps({"good": sorted(speller.known), "wanted": dict(sorted(speller.targets.items()))})
        return self.kept(lambda folder: write(folder / _SPELLER_FILE, learned))

    def read(self, folder: Path) -> None:
        """Reads the good words."""
        raw = json.loads((folder / _SPELLER_FILE).read_text(encoding="utf-8"))
        self._repairer = Repairer(load_phrases(), Speller.build(frozenset(raw["good"]), raw["wanted"]))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Puts beside each sentence what is to be learnt of it: itself repaired, and where it is short a noisy copy."""
        if self._repairer is None:
            raise UntrainedError("The message repair was not trained.")
        learnt = variants(self._repairer, sentences_in(training_data), noisy=self._config["noisy"])
        for message, texts in zip(with_text(training_data), learnt, strict=True):
            message.set(LEARNT, texts)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Puts the repaired words beside the text, which stays as it was typed."""
        if self._repairer is None:
            raise UntrainedError("The message repair was not trained.")
        for message in messages:
            words = self._repairer.words(message.get(TEXT) or "")
            message.set(WORDS, words)
            message.set(STRANGE, self._repairer.strange(words))
        return messages


def with_text(training_data: TrainingData) -> list[Message]:
    """The messages of the training sentences."""
    return [message for message in training_data.intent_examples if message.get(TEXT)]


def sentences_in(training_data: TrainingData) -> list[str]:
    """The training sentences as they were written."""
    return [message.get(TEXT) for message in with_text(training_data)]


def names_in(training_data: TrainingData) -> list[str]:
    """Everything that the lookup tables list."""
    return [name for table in training_data.lookup_tables for name in table["elements"] if isinstance(name, str)]


def words_in(message: Message) -> Tokens:
    """The repaired words of a message that went through `MessageRepair`."""
    words: Tokens | None = message.get(WORDS)
    if words is None:
        raise UntrainedError("palmwise.nlu.message_repair.MessageRepair must come first in the pipeline.")
    return words
