"""Replacements of our components by ones that do less, to measure what each is worth."""

from __future__ import annotations

from dataclasses import replace

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from palmwise.language.tokens import join, tokenize
from palmwise.nlu.classifier import SentenceClassifier, examples_of
from palmwise.nlu.component import TOKENS, VARIANTS, Component
from palmwise.nlu.encoder import load_encoder
from palmwise.nlu.intent_model import Settings, train_intent_model


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class NoRepair(Component):
    """Replaces `MessageRepair` and leaves every word as it is."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set each sentence itself to be trained on."""
        for message in training_data.intent_examples:
            message.set(VARIANTS, [join(tokenize(message.get(TEXT) or ""))])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the tokens as they were typed."""
        for message in messages:
            message.set(TOKENS, tokenize(message.get(TEXT) or ""))
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NoNgrams(SentenceClassifier):
    """The classifier with sentence vectors alone."""

    def train(self, training_data: TrainingData) -> Resource:
        """Train with n-grams of length zero."""
        settings = replace(Settings(), ngram_scale=0.0)
        return self.keep(train_intent_model(examples_of(training_data), load_encoder().encode, settings))
