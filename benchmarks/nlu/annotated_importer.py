"""The training data for Rasa's default pipeline, which gets everything that ours knows."""

from __future__ import annotations

from collections.abc import Sequence

from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from palmwise import resources
from palmwise.language.names import NameTable
from palmwise.language.tokens import EntitySpan, tokenize
from palmwise.nlu.entities import find_numbers, name_table
from palmwise.nlu.importer import ContentImporter
from palmwise.nlu.training_data import names_of


class AnnotatedImporter(ContentImporter):
    """Annotates entities in the training sentences, as our own extractors find them, and adds lookup tables."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The annotated sentences, with the names of the content as lookup tables and synonyms."""
        names, table = names_of(resources.content()), name_table()
        return TrainingData(
            [annotated(message, table) for message in super().get_nlu_data(language).training_examples],
            entity_synonyms={name: value for values in names.values() for name, value in values.items()},
            lookup_tables=[{"name": entity, "elements": sorted(values)} for entity, values in names.items()],
        )


def annotated(message: Message, names: NameTable) -> Message:
    """A training sentence with annotations in Rasa's format; of overlapping entities the longest."""
    text = message.get(TEXT)
    tokens = tokenize(text)
    words = [token.text for token in tokens]
    intent = message.get(INTENT)
    spans = _without_overlaps([*names.find(words, intent), *find_numbers(words, intent)])
    entities = [
        {
            "entity": span.entity,
            "start": tokens[span.first].start,
            "end": tokens[span.first + span.size - 1].end,
            "value": span.value,
        }
        for span in spans
    ]
    return Message.build(text, message.get_full_intent(), entities)


def _without_overlaps(spans: Sequence[EntitySpan]) -> list[EntitySpan]:
    kept: list[EntitySpan] = []
    for span in sorted(spans, key=lambda each: (-each.size, each.first)):
        if not any(span.indices & other.indices for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda each: each.first)
