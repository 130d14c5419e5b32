"""The first component of the pipeline: repairs a message's words for all that follow."""

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

from coach.safety import load_alarms
from nlu.component import Component, write
from nlu.encoder import load_encoder
from nlu.errors import UntrainedError
from nlu.noise import Noise
from nlu.repair import Repairer, build_repairer, load_phrases
from nlu.spelling import Speller
from nlu.text import Words

WORDS = "repaired_words"
"""Key of a message under which the repaired words are found; it does not leave the pipeline."""

LEARNT = "learnt"
"""Key of a training example under which the sentences are found that are learnt for it, itself first."""

STRANGE = "strange_words"
"""Key under which it stands whether none of the words is known."""

FOLDER = Path("content/safety")

_FILE = "speller.json"
_SHORT = 5
"""Words of a sentence that is worth a noisy copy; a longer one survives a wrong word without."""


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
        self._repairer = repairer_for(training_data)
        speller = self._repairer.speller
        learned = json.dumps({"good": sorted(speller.good), "wanted": dict(sorted(speller.wanted.items()))})
        return self.kept(lambda folder: write(folder / _FILE, learned))

    def read(self, folder: Path) -> None:
        """Reads the good words."""
        raw = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        self._repairer = Repairer(load_phrases(), Speller.of(frozenset(raw["good"]), raw["wanted"]))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Puts beside each sentence what is to be learnt of it: itself repaired, and where it is short a noisy copy."""
        if self._repairer is None:
            raise UntrainedError("The message repair was not trained.")
        noise = Noise.of(sentences_in(training_data))
        for message in training_data.intent_examples:
            text = message.get(TEXT) or ""
            noisy = [noise.copy(text)] if self._config["noisy"] and 0 < len(text.split()) <= _SHORT else []
            message.set(LEARNT, [self._repairer.sentence(each) for each in (text, *noisy)])
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


def repairer_for(training_data: TrainingData) -> Repairer:
    """The repairer that this training data teaches."""
    names = [*names_in(training_data), *load_alarms(FOLDER).vocabulary]
    return build_repairer(sentences_in(training_data), names, load_encoder().whole_words())


def sentences_in(training_data: TrainingData) -> list[str]:
    """The training sentences as they were written."""
    return [message.get(TEXT) for message in training_data.intent_examples if message.get(TEXT)]


def names_in(training_data: TrainingData) -> list[str]:
    """Everything that the lookup tables list."""
    return [name for table in training_data.lookup_tables for name in table["elements"] if isinstance(name, str)]


def words_in(message: Message) -> Words:
    """The repaired words of a message that went through `MessageRepair`."""
    words: Words | None = message.get(WORDS)
    if words is None:
        raise UntrainedError("nlu.message_repair.MessageRepair must come first in the pipeline.")
    return words
