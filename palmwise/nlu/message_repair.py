"""Message repair: the first component, which repairs the words of a message for all that follow."""

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
from palmwise.nlu.component import (
    NO_KNOWN_WORD,
    TOKENS,
    VARIANTS,
    Component,
    messages_with_text,
    texts_in,
    write_json,
)
from palmwise.nlu.repair import Repairer, load_repair_phrases
from palmwise.nlu.training_data import train_repairer, training_variants

_SPELLER_FILE = "speller.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class MessageRepair(Component):
    """Learns from the training data which words are well spelt, and repairs the others in every message."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._repairer: Repairer | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`noisy`: whether noisy copies of short sentences are trained on too."""
        return {"noisy": True}

    def train(self, training_data: TrainingData) -> Resource:
        """Learn and keep the well-spelt words."""
        self._repairer = train_repairer(texts_in(training_data))
        speller = self._repairer.speller
        learned = {"known": sorted(speller.known), "targets": dict(sorted(speller.targets.items()))}
        return self.persist(lambda folder: write_json(folder / _SPELLER_FILE, learned))

    def read(self, folder: Path) -> None:
        """Read the well-spelt words."""
        learned = json.loads((folder / _SPELLER_FILE).read_text(encoding="utf-8"))
        speller = Speller.build(frozenset(learned["known"]), learned["targets"])
        self._repairer = Repairer(load_repair_phrases(), speller)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set the texts to train on: each sentence repaired, and a noisy copy of it if it is short."""
        variants = training_variants(texts_in(training_data), noisy=self._config["noisy"])
        for message, texts in zip(messages_with_text(training_data), variants, strict=True):
            message.set(VARIANTS, texts)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the repaired tokens; the text of the message stays as it was typed."""
        for message in messages:
            tokens = self._trained.repair(message.get(TEXT) or "")
            message.set(TOKENS, tokens)
            message.set(NO_KNOWN_WORD, self._trained.knows_none(tokens))
        return messages

    @property
    def _trained(self) -> Repairer:
        if self._repairer is None:
            raise UntrainedError("The message repair was not trained.")
        return self._repairer
