"""The training data as the reference pipelines can use it: nothing that ours knows is kept from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from palmwise.language.names import NameTable
from palmwise.language.tokens import EntitySpan, tokenize
from palmwise.nlu.entities import entries_of, find_numbers
from palmwise.nlu.importer import ContentImporter

FLAT = "__"
"""Stands for the slash of `faq/oils` where a classifier has to take it for one plain intent."""


class AnnotatedImporter(ContentImporter):
    """Marks entities in the training sentences, which are plain text, for extractors that learn from marked ones.

    The marks are what our own lookups and number readers find, so that the references learn what ours looks up.
    """

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The same sentences, marked, and what each name stands for in the form that Rasa's own mapper reads."""
        data = super().get_nlu_data(language)
        names = NameTable.build(entries_of(data))
        synonyms = {key.partition(":")[2]: value for key, value in data.entity_synonyms.items()}
        return TrainingData(
            [self.prepared(message, names) for message in data.training_examples],
            entity_synonyms=synonyms,
            lookup_tables=data.lookup_tables,
        )

    def prepared(self, message: Message, names: NameTable) -> Message:
        """One training sentence with its marks."""
        text, intent = message.get(TEXT), message.get(INTENT)
        return Message({**message.data, ENTITIES: marks(text, intent, names)}) if text and intent else message


class FlatImporter(AnnotatedImporter):
    """Makes an intent of each question, for a classifier that has no response selector beside it."""

    def prepared(self, message: Message, names: NameTable) -> Message:
        """One training sentence, its question's id in the intent's name."""
        marked = dict(super().prepared(message, names).data)
        key = marked.pop(INTENT_RESPONSE_KEY, None)
        return Message({**marked, INTENT: key.replace("/", FLAT)} if key else marked)


def marks(text: str, intent: str, names: NameTable) -> list[dict[str, Any]]:
    """Entities as Rasa's training data has them; where two overlap, the longer stays."""
    words = tokenize(text)
    plain = [word.text for word in words]
    found = [*names.find(plain, intent), *find_numbers(plain, intent)]
    return [
        {
            "entity": each.entity,
            "start": words[each.first].start,
            "end": words[each.first + each.size - 1].end,
            "value": each.value,
        }
        for each in _apart(found)
    ]


def _apart(found: Sequence[EntitySpan]) -> list[EntitySpan]:
    kept: list[EntitySpan] = []
    for each in sorted(found, key=lambda one: (-one.size, one.first)):
        if not any(each.indices & other.indices for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda one: one.first)
