"""Gives Rasa the names of the content as lookup tables with synonyms.

The answers to questions stay in the content: the coach says them, so that Rasa needs no responses.
"""

from __future__ import annotations

import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData

from coach.content import Content, load_content

FOLDER = Path("content")

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


class ContentImporter(RasaFileImporter):
    """Rasa's own files, with what `content/` adds to them.

    It stands alone in `config.yml` because Rasa warns about every second importer.
    """

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The training sentences with the content's names."""
        return super().get_nlu_data(language).merge(names_of(_content(FOLDER)))


def names_of(content: Content) -> TrainingData:
    """A lookup table for each entity, and what each name stands for."""
    tables: list[dict[str, Any]] = []
    synonyms: dict[str, str] = {}
    for entity, values in content.vocabulary.items():
        named = {name: value for value, names in values.items() for name in (value.replace("_", " "), *names)}
        tables.append({"name": entity, "elements": sorted(named)})
        synonyms.update({f"{entity}:{name}": value for name, value in named.items()})
    return TrainingData(lookup_tables=tables, entity_synonyms=synonyms)


@lru_cache(maxsize=1)
def _content(folder: Path) -> Content:
    return load_content(folder)
