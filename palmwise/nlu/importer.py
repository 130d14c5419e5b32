"""Importer of the training data: Rasa's data files and the sentences that the content adds.

The answers to questions stay in the content and are worded by the coach, so Rasa gets no responses.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import get_text_hash

from palmwise.nlu.coach_policy import ACTION
from palmwise.nlu.training_data import all_sentences
from palmwise.training_files import Sentence

UNUSED_INTENTS = frozenset({"back", "session_start"})
"""Intents that Rasa adds to every domain and that the coach does not have."""
LABEL = "label"
"""Key of a training sentence for its intent, or its question of the content: `faq/oils`."""


class TrainingMessage(Message):
    """A training sentence that is cheap to copy, and has its label where Rasa does not look for retrieval intents.

    Rasa would warn of questions without a response, and without its own response selector: the coach has the
    answers, and `SentenceClassifier` is the selector. Rasa's importers copy all training data many times, set each
    intent again without its spaces, and fingerprint each copy again, value by value: two thirds of the time that
    reading takes.
    """

    @classmethod
    def of(cls, sentence: Sentence) -> TrainingMessage:
        """The sentence with its intent."""
        return cls({TEXT: sentence.text, INTENT: sentence.label.partition("/")[0], LABEL: sentence.label})

    def get_full_intent(self) -> str:
        """The label."""
        return str(self.get(LABEL))

    def fingerprint(self) -> str:
        """Hash of all values at once, computed once."""
        if self._cached_fingerprint is None:
            self._cached_fingerprint = get_text_hash(repr(self.data))
        return self._cached_fingerprint

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:  # noqa: FBT001, FBT002 - as in Rasa
        """Set a property; the fingerprint stays if nothing changes."""
        if add_to_output or self.data.get(prop) != info:
            super().set(prop, info, add_to_output)

    def __deepcopy__(self, memo: dict[int, Any]) -> TrainingMessage:
        """Copy the sentence with its fingerprint."""
        copied = TrainingMessage(self.data, set(self.output_properties), features=list(self.features))
        copied._cached_fingerprint = self._cached_fingerprint
        return copied


class ContentImporter(RasaFileImporter):
    """Adds the sentences of the content to those of the data files.

    It is the only importer in `config.yml`, because Rasa warns of a second one.
    """

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:  # noqa: ARG002 - there is one language
        """The training sentences as plain text, without entities, lookup tables or synonyms."""
        return self._nlu_data

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:  # noqa: ARG002 - rules, no stories
        """A rule for each intent of the domain, as `CoachPolicy` acts without them: Rasa's validation wants them."""
        intents = [intent for intent in self.get_domain().intents if intent not in UNUSED_INTENTS]
        rules = [{"rule": intent, "steps": [{"intent": intent}, {"action": ACTION}]} for intent in intents]
        return StoryGraph(YAMLStoryReader().read_from_parsed_yaml({"rules": rules}))

    @cached_property
    def _nlu_data(self) -> TrainingData:
        # Rasa asks twice, once for the domain.
        return TrainingData([*map(TrainingMessage.of, all_sentences(self._nlu_files))])
