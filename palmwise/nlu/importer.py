"""Importer of the training data: Rasa's data files and the sentences that the content adds.

The answers to questions stay in the content and are worded by the coach, so Rasa gets no responses.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import get_text_hash

from palmwise.nlu.training_data import all_sentences

_EXPECTED_WARNINGS = (
    "You have defined training data with examples for training a response",
    "The following duplicated intents have been found across multiple domain files: faq",
    "Action 'utter_faq' is listed as a response action",
    "Your training data contains an example '.*' for the 'faq/",
)

UNUSED_INTENTS = frozenset({"back", "session_start"})
"""Intents that Rasa adds to every domain and that the coach does not have."""
ACTIONS = {"restart": "action_restart"}
"""Intent -> action, where it is not `action_coach`: Rasa runs `action_restart` for `restart` whatever a rule says."""


@contextmanager
def without_expected_warnings() -> Iterator[None]:
    """Silence what Rasa warns of because it knows only its own response selector.

    It finds no selector for `faq` (`SentenceClassifier` is one), adds that intent and its action a second time, and
    finds no response for a question (the coach has it).
    """
    with warnings.catch_warnings():
        for message in _EXPECTED_WARNINGS:
            warnings.filterwarnings("ignore", message=f"(?s){message}")
        yield


class TrainingMessage(Message):
    """A training sentence that is cheap to copy.

    Rasa's importers copy all training data many times, set each intent again without its spaces, and fingerprint
    each copy again, value by value: two thirds of the time that reading takes.
    """

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
        """A rule for each intent of the domain: the coach's action answers it."""
        return StoryGraph(YAMLStoryReader().read_from_parsed_yaml({"rules": self._rules()}))

    def _rules(self) -> list[dict[str, Any]]:
        return [
            {"rule": intent, "steps": [{"intent": intent}, {"action": ACTIONS.get(intent, "action_coach")}]}
            for intent in self.get_domain().intents
            if intent not in UNUSED_INTENTS
        ]

    @cached_property
    def _nlu_data(self) -> TrainingData:
        # Rasa asks twice, once for the domain.
        sentences = all_sentences(self._nlu_files)
        return TrainingData([TrainingMessage.build(sentence.text, sentence.label) for sentence in sentences])
