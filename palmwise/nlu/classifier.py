"""Intent classifier: fills intent, ranking and the response selector of a message."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from palmwise.errors import UntrainedError
from palmwise.language.sound import Echoes
from palmwise.language.tokens import join
from palmwise.nlu.component import Component, write
from palmwise.nlu.encoder import load_encoder
from palmwise.nlu.intent_model import Example, IntentModel, train
from palmwise.nlu.message_repair import LEARNT, words_in
from palmwise.nlu.training_data import examples_for

_LEFT = 0.5
"""Share of what is left that other labels keep, so that none makes the raised one doubtful."""
SHOWN = 10
"""Entries of a ranking."""

Entry = dict[str, Any]


@dataclass(frozen=True)
class Ranking:
    """Intents by falling confidence, with the responses of each retrieval intent."""

    chances: Mapping[str, float]
    """Full label -> probability."""

    @staticmethod
    def of(labels: Sequence[str], chances: Sequence[float]) -> Ranking:
        """A ranking of labels such as `next_step` and `faq/oils`."""
        return Ranking(dict(zip(labels, chances, strict=True)))

    @property
    def intents(self) -> list[Entry]:
        """Rasa's `intent_ranking`. The label that is likeliest decides: its intent comes first.

        A retrieval intent has the summed probability of its labels.
        """
        sums: dict[str, float] = {}
        for label, chance in self.chances.items():
            intent = label.partition("/")[0]
            sums[intent] = sums.get(intent, 0.0) + chance
        first = max(self.chances, key=lambda label: self.chances[label]).partition("/")[0]
        order = sorted(sums, key=lambda intent: (intent != first, -sums[intent]))
        return [{"name": intent, "confidence": sums[intent]} for intent in order[:SHOWN]]

    def doubtful(self, sure: float) -> bool:
        """Whether the best intent is less likely than `sure`, or the message seems foreign."""
        best = self.best
        return bool(best["confidence"] < sure or best["name"] == "out_of_scope")

    def raised(self, label: str | None) -> Ranking:
        """The ranking when something else speaks for a label: it has at least even chances."""
        if label is None or label not in self.chances:
            return self
        rest = 1 - self.chances[label] or 1.0
        best = max(0.6, self.chances[label])
        scaled = {each: chance * (1 - best) / rest * _LEFT for each, chance in self.chances.items()}
        return Ranking({**scaled, label: best})

    @property
    def best(self) -> Entry:
        """Rasa's `intent`."""
        return dict(self.intents[0])

    @property
    def selectors(self) -> Entry:
        """Rasa's `response_selector`: for each retrieval intent the response that fits best."""
        retrieval = sorted({label.partition("/")[0] for label in self.chances if "/" in label})
        result: Entry = {"all_retrieval_intents": retrieval}
        for intent in retrieval:
            result[intent] = self._selector(intent)
        return result

    def _selector(self, intent: str) -> Entry:
        own = {label: chance for label, chance in self.chances.items() if label.startswith(f"{intent}/")}
        whole = sum(own.values()) or 1.0
        order = sorted(own, key=lambda label: -own[label])
        best = order[0]
        return {
            "response": {
                "responses": [],
                "confidence": own[best] / whole,
                "intent_response_key": best,
                "utter_action": f"utter_{best}",
            },
            "ranking": [{"confidence": own[label] / whole, "intent_response_key": label} for label in order[:SHOWN]],
        }


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
            sentence = join(words_in(message))
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
