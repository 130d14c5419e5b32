"""Our classifier with parts taken out, to see what each is worth; only the benchmark's configs name it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.linear_model import LogisticRegression

from palmwise.language.sound import Echoes
from palmwise.language.tokens import join, tokenize
from palmwise.nlu import features
from palmwise.nlu.classifier import SentenceClassifier, examples_of
from palmwise.nlu.component import Component
from palmwise.nlu.encoder import WIDTH, load_encoder
from palmwise.nlu.head import Floats, Head, Labels
from palmwise.nlu.intent_model import Example, IntentModel, Settings, feature_rows, folding, importance_of, train
from palmwise.nlu.message_repair import LEARNT, WORDS


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class WordsAsTyped(Component):
    """Stands in for `MessageRepair` and leaves every word as it is."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Puts the plain words of each sentence where the repaired ones would be learnt."""
        for message in training_data.intent_examples:
            message.set(LEARNT, [join(tokenize(message.get(TEXT) or ""))])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Puts the plain words where the repaired ones would be."""
        for message in messages:
            message.set(WORDS, tokenize(message.get(TEXT) or ""))
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ReducedClassifier(SentenceClassifier):
    """The classifier without whatever its config turns off: `ngrams`, `sound`, `hidden`, `middle`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """All parts are in, unless they are set to false."""
        whole = SentenceClassifier.get_default_config()
        return {**whole, "ngrams": True, "sound": True, "hidden": True, "middle": True}

    def train(self, training_data: TrainingData) -> Resource:
        """Trains what is left."""
        examples = examples_of(training_data)
        self._model = _model_of(examples, self._config)
        if self._config["sound"]:
            self._echoes = Echoes.of((each.text, each.label) for each in examples)
        return self.kept(self._save)


def _model_of(examples: Sequence[Example], config: Mapping[str, Any]) -> IntentModel:
    settings = Settings() if config["ngrams"] else replace(Settings(), spelling=0.0)
    if not config["hidden"]:
        return _linear(examples, settings)
    if config["middle"]:
        return train(examples, load_encoder().encode, settings)
    model = train(examples, _last_layer, settings)
    model.head.parameters[0][WIDTH // 2 : WIDTH] = 0
    return model


def _last_layer(sentences: Sequence[str]) -> Floats:
    """The encoder's vectors with nothing of its middle layer."""
    vectors = load_encoder().encode(sentences)
    vectors[:, WIDTH // 2 :] = 0
    return vectors


def _linear(examples: Sequence[Example], settings: Settings) -> IntentModel:
    """What `palmwise.nlu.intent_model.train` makes, with a logistic regression in the head's place."""
    labels = tuple(sorted({example.label for example in examples}))
    targets = np.array([labels.index(example.label) for example in examples], dtype=np.int64)
    texts = [example.text for example in examples]
    rows = features.rows_of(texts)
    rarity = features.rarity(rows)
    fold = folding(features.weighed(rows, rarity), settings.folds)
    table = feature_rows(texts, load_encoder().encode, settings, rarity, fold)
    out = np.arange(len(examples)) % settings.held_out == 0
    importance = importance_of(examples, settings.balance)
    head = linear_head(table[~out], targets[~out], importance[~out])
    return IntentModel(labels, settings, rarity, fold, head.calibrated(table[out], targets[out]))


def linear_head(rows: Floats, labels: Labels, importance: Floats) -> Head:
    """A logistic regression in the form of a head: max(x, 0) - max(-x, 0) is x, so its hidden layer changes nothing."""
    fitted = LogisticRegression(max_iter=200, tol=1e-3).fit(rows, labels, sample_weight=importance)
    weights = np.asarray(fitted.coef_.T, dtype=np.float32)
    same = np.eye(weights.shape[1], dtype=np.float32)
    bias = np.zeros(2 * weights.shape[1], dtype=np.float32)
    last = np.asarray(fitted.intercept_, dtype=np.float32)
    return Head((np.hstack([weights, -weights]), bias, np.vstack([same, -same]), last))
