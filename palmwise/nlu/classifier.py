"""The intent classifier of the pipeline: fills intent, ranking and, for questions, the response selector."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from palmwise.nlu.component import Component, write
from palmwise.nlu.encoder import load_encoder
from palmwise.nlu.errors import UntrainedError
from palmwise.nlu.lessons import examples_for
from palmwise.nlu.message_repair import LEARNT, words_in
from palmwise.nlu.model import Example, IntentModel, train
from palmwise.nlu.ranking import Ranking
from palmwise.nlu.sound import Echoes
from palmwise.nlu.text import joined

RESPONSE_SELECTOR = "response_selector"

_ECHOES = "echoes.json"
_NO_ECHO = frozenset({"report_red_flag"})
"""Too grave to be guessed by sound."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentenceClassifier(IntentClassifier, Component):
    """Sentence encoder beside spelling features, one head over full labels (`faq/oils` beside `next_step`)."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._model: IntentModel | None = None
        self._echoes = Echoes({})

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`sure`: confidence below which sound is asked."""
        return {"sure": 0.3}

    def train(self, training_data: TrainingData) -> Resource:
        """Trains the model on the sentences of the training data."""
        examples = examples_of(training_data)
        self._model = train(examples, load_encoder().encode)
        originals = (example for at, example in enumerate(examples) if example.family == at)
        self._echoes = Echoes.of(
            (example.text, example.label) for example in originals if example.label not in _NO_ECHO
        )
        return self.kept(self._save)

    def read(self, folder: Path) -> None:
        """Reads the model, and the encoder, which takes a second."""
        load_encoder()
        self._model = IntentModel.load(folder)
        self._echoes = Echoes(json.loads((folder / _ECHOES).read_text(encoding="utf-8")))

    def _save(self, folder: Path) -> None:
        if self._model is not None:
            self._model.save(folder)
        write(folder / _ECHOES, json.dumps(dict(self._echoes.labels)))

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets what Rasa's own classifier and response selector would set."""
        if self._model is None:
            raise UntrainedError("The intent classifier was not trained.")
        for message in messages:
            sentence = joined(words_in(message))
            chances = self._model.probabilities([sentence], load_encoder().encode)[0]
            ranking = Ranking.of(self._model.labels, chances.tolist())
            if ranking.doubtful(self._config["sure"]):
                ranking = ranking.raised(self._echoes.label(sentence))
            message.set(INTENT, ranking.best, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking.intents, add_to_output=True)
            message.set(RESPONSE_SELECTOR, ranking.selectors, add_to_output=True)
        return messages


def examples_of(training_data: TrainingData) -> list[Example]:
    """What `MessageRepair` left to be learnt."""
    messages = [message for message in training_data.intent_examples if message.get(LEARNT)]
    labels = (message.get_full_intent() for message in messages)
    return examples_for(labels, (message.get(LEARNT) for message in messages))
