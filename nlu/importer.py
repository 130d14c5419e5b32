"""Gives Rasa what people call the things of the content: lookup tables, synonyms, plain sentences with them.

The answers to questions stay in the content: the coach says them, so that Rasa needs no responses.
"""

from __future__ import annotations

import warnings
from copy import copy
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import get_text_hash

from coach.content import Content, load_content

FOLDER = Path("content")
_WHAT_IS = ("what is", "what's", "explain", "tell me about", "what does it mean,")
_BEGIN = ("start the", "do the", "i'd like the")
_I_HAVE = ("i have", "i've got")

# Rasa looks for its own components only, and would tell all who train that nobody reads lookup tables and synonyms
# (nlu.entities does), and for each of a thousand questions that it has no response (the coach has). It adds the intent
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


class Sentence(Message):
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

    def __deepcopy__(self, memo: dict[int, Any]) -> Sentence:
        """A sentence of its own, whose fingerprint is known already."""
        copied = copy(self)
        copied.data = dict(self.data)
        copied.features = list(self.features)
        copied.output_properties = set(self.output_properties)
        return copied


class ContentImporter(RasaFileImporter):
    """The sentences of Rasa's own files, with what `content/` adds to them.

    It stands alone in `config.yml` because Rasa warns about every second importer.
    """

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:  # noqa: ARG002 - all is English
        """The training sentences with the content's names, which a new file of the content brings along."""
        return self._nlu_data

    @cached_property
    def _nlu_data(self) -> TrainingData:
        # Rasa asks twice, once for the domain's sake, and copies all that it has read for each file that it reads.
        read = [RasaYAMLReader().read(path) for path in self._nlu_files]
        written = TrainingData([example for each in read for example in each.training_examples])
        content = _content(FOLDER)
        names = names_of(content)
        messages = (*written.training_examples, *sentences_of(content, written).training_examples)
        return TrainingData(
            [Sentence(message.data) for message in messages],
            names.entity_synonyms,
            lookup_tables=names.lookup_tables,
        )


def names_of(content: Content) -> TrainingData:
    """A lookup table for each entity, and what each name stands for."""
    tables: list[dict[str, Any]] = []
    synonyms: dict[str, str] = {}
    for entity, values in content.vocabulary.items():
        named = {name: value for value, names in values.items() for name in (value.replace("_", " "), *names)}
        tables.append({"name": entity, "elements": sorted(named)})
        synonyms.update({f"{entity}:{name}": value for name, value in named.items()})
    return TrainingData(lookup_tables=tables, entity_synonyms=synonyms)


def sentences_of(content: Content, written: TrainingData) -> TrainingData:
    """How people ask for each thing by its title; what `written` has already is left out."""
    known = {_plain(message.get(TEXT, "")) for message in written.intent_examples}
    asked = [
        (f"{opening} {title.lower()}", intent)
        for titles, intent, openings in (
            ([item.title for item in content.techniques.values()], "explain_technique", _WHAT_IS),
            ([item.title for item in content.routines.values()], "start_routine", _BEGIN),
            ([item.title for item in content.symptoms.values() if not item.belief], "report_symptom", _I_HAVE),
        )
        for title in titles
        for opening in openings
    ]
    asked += [(item.question, f"faq/{item.id}") for item in content.faqs.values()]
    fresh = [Message.build(text=text, intent=intent) for text, intent in asked if _plain(text) not in known]
    return TrainingData(training_examples=fresh)


def _plain(text: str) -> str:
    return " ".join("".join(char for char in text.lower() if char.isalnum() or char.isspace()).split())


@lru_cache(maxsize=1)
def _content(folder: Path) -> Content:
    return load_content(folder)
