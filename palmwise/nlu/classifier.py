"""Intent classifier: sets intent, ranking and response selector of a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from palmwise import resources
from palmwise.errors import UntrainedError
from palmwise.language.tokens import join, words_of
from palmwise.nlu.component import DANGER, RESPONSE_SELECTOR, VARIANTS, VECTOR, Component, texts_in, tokens_of
from palmwise.nlu.context_model import ContextModel, train_context_model
from palmwise.nlu.danger_model import DangerModel, train_danger_model
from palmwise.nlu.encoder import load_encoder
from palmwise.nlu.intent_model import Example, IntentModel, train_intent_model
from palmwise.nlu.training_data import danger_sentences, examples_for, plain_questions, train_repairer
from palmwise.training_files import sentences_in_context

READING = "reading"
"""Key of the parse result for what a message means in context."""
RANKING_LENGTH, RESPONSES_LENGTH = 10, 3
"""Number of entries of the ranking of intents, and of that of a selector's responses."""

Entry = dict[str, Any]


@dataclass(frozen=True)
class Ranking:
    """Probabilities of full labels, as intents and responses in Rasa's format."""

    probabilities: Mapping[str, float]
    """Full label, such as `next_step` or `faq/oils` -> probability."""

    @staticmethod
    def build(labels: Sequence[str], probabilities: Sequence[float]) -> Ranking:
        """Build a ranking from labels and their probabilities, in the same order."""
        return Ranking(dict(zip(labels, probabilities, strict=True)))

    @property
    def best(self) -> Entry:
        """Rasa's `intent`."""
        return dict(self.intents[0])

    @cached_property
    def intents(self) -> list[Entry]:
        """Rasa's `intent_ranking`. The intent of the most likely label comes first.

        A retrieval intent has the summed probability of its labels.
        """
        sums: dict[str, float] = {}
        for label, probability in self.probabilities.items():
            intent = label.partition("/")[0]
            sums[intent] = sums.get(intent, 0.0) + probability
        first = max(self.probabilities, key=lambda label: self.probabilities[label]).partition("/")[0]
        order = sorted(sums, key=lambda intent: (intent != first, -sums[intent]))
        return [{"name": intent, "confidence": sums[intent]} for intent in order[:RANKING_LENGTH]]

    @property
    def selectors(self) -> Entry:
        """Rasa's `response_selector`: for each retrieval intent its responses by probability."""
        intents = sorted({label.partition("/")[0] for label in self.probabilities if "/" in label})
        return {"all_retrieval_intents": intents, **{intent: self._selector(intent) for intent in intents}}

    def _selector(self, intent: str) -> Entry:
        own = {label: chance for label, chance in self.probabilities.items() if label.startswith(f"{intent}/")}
        total = sum(own.values()) or 1.0
        order = sorted(own, key=lambda label: -own[label])
        best = order[0]
        return {
            "response": {
                "responses": [],
                "confidence": own[best] / total,
                "intent_response_key": best,
                "utter_action": f"utter_{best}",
            },
            "ranking": [
                {"confidence": own[label] / total, "intent_response_key": label} for label in order[:RESPONSES_LENGTH]
            ],
        }


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentenceClassifier(IntentClassifier, Component):
    """Sentence encoder beside spelling features, one head over full labels (`faq/oils` beside `next_step`)."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._model: IntentModel | None = None
        self._danger: DangerModel | None = None
        self._context: ContextModel | None = None

    def train(self, training_data: TrainingData) -> Resource:
        """Train the intents on the repaired sentences and their noisy copies, then danger and meaning in context."""
        examples = examples_of(training_data)
        encode = load_encoder().encode
        vectors = encode([example.text for example in examples])
        model = train_intent_model(examples, lambda _: vectors)
        originals = [example for at, example in enumerate(examples) if example.original == at]
        rows = model.features([example.text for example in originals], lambda texts: vectors[: len(texts)])
        sentences = danger_sentences()
        own = model.features([" ".join(words_of(sentence.text)) for sentence in sentences], encode)
        danger = train_danger_model(sentences, own, [example.label for example in originals], rows)
        in_context = list(sentences_in_context(resources.CONVERSATION))
        asked = plain_questions(train_repairer(texts_in(training_data)))
        return self.keep(model, danger, train_context_model(in_context, examples, asked, model, encode))

    def keep(self, model: IntentModel, danger: DangerModel, context: ContextModel) -> Resource:
        """Use trained models and put them into the component's folder."""
        self._model, self._danger, self._context = model, danger, context

        def write(folder: Path) -> None:
            for each in (model, danger, context):
                each.save(folder)

        return self.persist(write)

    def read(self, folder: Path) -> None:
        """Read the models, and the encoder, which takes a second."""
        load_encoder()
        self._model, self._danger = IntentModel.load(folder), DangerModel.load(folder)
        self._context = ContextModel.load(folder)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set what Rasa's own classifier and response selector would set, the danger, and what is meant in context."""
        if self._model is None or self._danger is None or self._context is None:
            raise UntrainedError("The intent classifier was not trained.")
        if not messages:
            return messages
        sentences = [join(tokens_of(message)) for message in messages]
        vectors = load_encoder().encode(sentences)
        features = self._model.features(sentences, lambda _: vectors)
        rows, dangers = self._model.head.probabilities(features), self._danger.read(features)
        readings = self._context.read(features, rows)
        for message, vector, probabilities, danger, reading in zip(
            messages, vectors, rows, dangers, readings, strict=True
        ):
            message.set(VECTOR, vector)
            message.set(READING, dict(vars(reading)), add_to_output=True)
            ranking = Ranking.build(self._model.labels, probabilities.tolist())
            message.set(INTENT, ranking.best, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking.intents, add_to_output=True)
            message.set(RESPONSE_SELECTOR, ranking.selectors, add_to_output=True)
            message.set(DANGER, danger)
        return messages


def examples_of(training_data: TrainingData) -> list[Example]:
    """The texts that `MessageRepair` set for training, with their labels."""
    messages = [message for message in training_data.intent_examples if message.get(VARIANTS)]
    labels = (message.get_full_intent() for message in messages)
    return examples_for(labels, (message.get(VARIANTS) for message in messages))
