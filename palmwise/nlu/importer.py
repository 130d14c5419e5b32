"""Gives Rasa what people call the things of the content: lookup tables, synonyms, plain sentences with them.

The answers to questions stay in the content: the coach says them, so that Rasa needs no responses.
"""

from __future__ import annotations

import warnings
from functools import cached_property
from typing import Any

from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import get_text_hash

from palmwise import resources
from palmwise.nlu.training_data import all_sentences, names_of

# Rasa looks for its own components only, and would tell all who train that nobody reads lookup tables and synonyms
# (entities.py does), and for each of a thousand questions that it has no response (the coach has). It adds the intent
# `faq` and its action itself, and then finds them double and without an answer.
for _said in (
    "You have defined training data with examples for training a response",
    "You have defined training data consisting of lookup",
    "You have defined synonyms in",
    "The following duplicated intents have been found across multiple domain files: faq",
    "Action 'utter_faq' is listed as a response action",
    "Your training data contains an example '.*' for the 'faq/",
):
    warnings.filterwarnings("ignore", message=f"(?s){_said}")


UNUSED_INTENTS = frozenset({"back", "session_start"})
"""Intents that Rasa adds to every domain and that the coach does not have."""
ACTIONS = {"restart": "action_restart"}
"""Intent -> action, where it is not `action_coach`: Rasa runs `action_restart` for `restart` whatever a rule says."""


class Taught(Message):
    """A sentence to learn from that is cheap to hand on.

    Rasa's importers copy all training data many times over, set each intent anew without its spaces, and
    therefore fingerprint every copy again, value by value: two thirds of the time that reading takes.
    """

    def fingerprint(self) -> str:
        """Tells this sentence from any other; of all its values at once."""
        if self._cached_fingerprint is None:
            self._cached_fingerprint = get_text_hash(repr(self.data))
        return self._cached_fingerprint

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:  # noqa: FBT001, FBT002 - as in Rasa
        """Sets a property; the fingerprint stays where nothing changes."""
        if add_to_output or self.data.get(prop) != info:
            super().set(prop, info, add_to_output)

    def __deepcopy__(self, memo: dict[int, Any]) -> Taught:
        """A sentence of its own, whose fingerprint is known already."""
        copied = Taught(self.data, set(self.output_properties), features=list(self.features))
        copied._cached_fingerprint = self._cached_fingerprint
        return copied


class ContentImporter(RasaFileImporter):
    """The sentences of Rasa's own files, with what `content/` adds to them.

    It stands alone in `config.yml` because Rasa warns about every second importer.
    """

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:  # noqa: ARG002 - all is English
        """The training sentences with the content's names, which a new file of the content brings along."""
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
        # Rasa asks twice, once for the domain's sake.
        names = names_of(resources.content())
        return TrainingData(
            [Taught.build(sentence.text, sentence.label) for sentence in all_sentences(self._nlu_files)],
            {f"{entity}:{name}": value for entity, values in names.items() for name, value in values.items()},
            lookup_tables=[{"name": entity, "elements": sorted(values)} for entity, values in names.items()],
        )
