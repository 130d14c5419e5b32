"""Hands a checked message to Rasa, with what needs no understanding already understood."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from rasa.core.channels.channel import UserMessage

from palmwise.server.output import NAME, CoachOutput
from palmwise.server.reading import Incoming

_PAYLOAD = re.compile(r"/(?P<intent>[^{]+)(?P<entities>\{.*\})?")


def hand(conversation: str, message: Incoming, output: CoachOutput) -> UserMessage:
    """Rasa's message. A payload and a blank text carry their meaning with them, so that no recogniser guesses at it."""
    return UserMessage(
        text=message.text if message.payload is None else message.payload,
        output_channel=output,
        sender_id=conversation,
        # Rasa's signature forgets that None is the usual case.
        parse_data=_meaning(message),  # type: ignore[arg-type]
        input_channel=NAME,
        metadata=message.metadata,
    )


def _meaning(message: Incoming) -> dict[str, Any] | None:
    if message.payload is not None:
        return understood(message.payload)
    return None if _has_words(message.text or "") else _parsed(message.text or "", "nlu_fallback", {})


def _has_words(text: str) -> bool:
    """Whether there is anything to understand: letters or numbers, not dots, signs and blanks alone."""
    return any(unicodedata.category(char)[0] in "LN" for char in text)


def understood(payload: str) -> dict[str, Any]:
    """What Rasa's recogniser would say of `/intent{"entity": value}`; `/faq/<id>` too, which Rasa's own cannot read."""
    match = _PAYLOAD.fullmatch(payload)
    if match is None:
        return _parsed(payload, "nlu_fallback", {})
    entities = json.loads(match["entities"]) if match["entities"] else {}
    return _parsed(payload, match["intent"], entities)


def _parsed(text: str, intent: str, entities: dict[str, Any]) -> dict[str, Any]:
    name, _, question = intent.partition("/")
    found: dict[str, Any] = {
        "text": text,
        "intent": {"name": name, "confidence": 1.0},
        "entities": [
            {"entity": entity, "value": value, "start": 0, "end": len(text)} for entity, value in entities.items()
        ],
    }
    if question:
        found["intent"]["full_retrieval_intent_name"] = intent
    return found
