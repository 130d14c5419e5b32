"""The sentences that training sees."""

from __future__ import annotations

from pathlib import Path

from rasa.shared.nlu.constants import TEXT

from palmwise.nlu.importer import ContentImporter


def trained_sentences(data: Path) -> list[str]:
    """Every one: the folder's own, and those that the content adds."""
    examples = ContentImporter("config.yml", "domain.yml", [str(data)]).get_nlu_data().nlu_examples
    return [text for message in examples if (text := message.get(TEXT))]
