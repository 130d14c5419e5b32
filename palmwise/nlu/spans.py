"""What an extractor found in the repaired words of a message, and how Rasa wants to be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message

from palmwise.nlu.text import Word


@dataclass(frozen=True)
class Found:
    """A value in a message."""

    entity: str
    value: str
    """Normalised: an id of the content, or a number as text."""
    first: int
    """Index of its first word."""
    size: int
    """How many words."""

    @property
    def places(self) -> frozenset[int]:
        """Indices of its words."""
        return frozenset(range(self.first, self.first + self.size))


def tell(message: Message, words: Sequence[Word], found: Sequence[Found], extractor: str) -> None:
    """Adds what was found to the message's entities, in order of mention, with places in the text as it was typed."""
    entities: list[dict[str, Any]] = list(message.get(ENTITIES) or [])
    entities.extend(
        {
            "entity": each.entity,
            "start": words[each.first].start,
            "end": words[each.first + each.size - 1].end,
            "value": each.value,
            "extractor": extractor,
        }
        for each in found
    )
    entities.sort(key=lambda entity: entity["start"])
    message.set(ENTITIES, entities, add_to_output=True)


def chance_of(message: Message, intent: str) -> float:
    """The probability that the ranking gives to an intent."""
    ranking = message.get("intent_ranking") or []
    return next((float(each["confidence"]) for each in ranking if each["name"] == intent), 0.0)


def intent_of(message: Message) -> str:
    """The intent that the classifier before gave, or an empty name."""
    return str((message.get("intent") or {}).get("name") or "")


def label_of(message: Message) -> str:
    """The intent that the classifier before gave, of a question the whole of it: `faq/oils`."""
    selector = (message.get("response_selector") or {}).get(intent_of(message)) or {}
    return str((selector.get("response") or {}).get("intent_response_key") or intent_of(message))
