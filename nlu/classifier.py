"""The intent classifier of the pipeline: fills intent, ranking and, for questions, the response selector."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.component import Component, write
from nlu.encoder import load_encoder
from nlu.errors import UntrainedError
from nlu.message_repair import repairer_for, words_in
from nlu.model import Example, IntentModel, train
from nlu.noise import noisy_copies
from nlu.ranking import Ranking
from nlu.repair import Repairer
from nlu.sound import Echoes
from nlu.text import joined

RESPONSE_SELECTOR = "response_selector"

_ECHOES = "echoes.json"
_SHORT = 5
"""Words of a sentence that is worth noisy copies; a longer one survives a wrong word without."""
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
        """`noisy_copies`: copies with slips for each short sentence; `sure`: confidence below which sound is asked.

        One copy gains half a point of accuracy for a third more of training time.
        """
        return {"noisy_copies": 0, "sure": 0.5}

    def train(self, training_data: TrainingData) -> Resource:
        """Trains the model on the sentences of the training data."""
        labelled = [(m.get(TEXT), m.get_full_intent()) for m in training_data.intent_examples if m.get(TEXT)]
        examples = examples_of(labelled, repairer_for(training_data), self._config["noisy_copies"])
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


def examples_of(labelled: Sequence[tuple[str, str]], repairer: Repairer, copies: int) -> list[Example]:
    """Repaired examples, the originals first, then their noisy copies, in a fixed order."""
    examples = [Example(repairer.sentence(text), label, at) for at, (text, label) in enumerate(labelled)]
    known = {example.text for example in examples}
    for at, text in noisy_copies([text for text, _ in labelled], copies):
        if len(text.split()) > _SHORT:
            continue
        repaired = repairer.sentence(text)
        if repaired not in known:
            examples.append(Example(repaired, labelled[at][1], at, weight=0.5))
    return examples
