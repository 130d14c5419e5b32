from __future__ import annotations

from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from palmwise import resources
from palmwise.coach.behaviour import act
from palmwise.coach.cards import BODIES
from palmwise.coach.commands import Command
from palmwise.coach.session import Session
from palmwise.server.openapi import document, document_bytes
from palmwise.server.settings import Limits

DOCUMENT = document(Limits())
CONVERSATION: tuple[tuple[str, dict[str, str]], ...] = (
    ("greet", {}),
    ("help", {}),
    ("list_routines", {}),
    ("report_symptom", {"symptom": "soreness"}),
    ("start_routine", {"routine": "classic"}),
    ("deny", {}),
    ("affirm", {}),
    ("next_step", {}),
    ("explain_technique", {"technique": "effleurage"}),
    ("how_long", {}),
    ("list_steps", {}),
    ("ask_progress", {}),
    ("faq/oils", {}),
    ("faq/without_oil", {}),
    ("pause", {}),
    ("resume", {}),
    ("report_pain", {}),
    ("stop", {}),
    ("report_red_flag", {"symptom": "fracture"}),
)


def as_json_schema(value: Any) -> Any:
    """JSON Schema for a schema of OpenAPI 3.0, which has `nullable` instead of the type null."""
    if isinstance(value, list):
        return [as_json_schema(item) for item in value]
    if not isinstance(value, dict):
        return value
    schema = {key: as_json_schema(item) for key, item in value.items() if key != "nullable"}
    return {"anyOf": [schema, {"type": "null"}]} if value.get("nullable") is True else schema


def conversation() -> list[dict[str, Any]]:
    """The cards of a conversation that goes through most states."""
    content = resources.content()
    session, cards = Session(seed="seed"), []
    for second, (intent, entities) in enumerate(CONVERSATION):
        command = Command(intent, {name: (value,) for name, value in entities.items()})
        turn = act(content, session, command, 1000.0 + second)
        session = turn.session
        assert turn.reply is not None
        cards.append(turn.reply.card.as_json())
    return cards


def test_every_kind_of_card_is_described() -> None:
    described = {name for name in DOCUMENT["components"]["schemas"] if name.endswith("Card")}
    assert described == {f"{kind.capitalize()}Card" for kind in BODIES}


def test_the_cards_of_a_conversation_are_as_described() -> None:
    components = as_json_schema(DOCUMENT["components"])
    cards = conversation()
    assert len({card["card"] for card in cards}) > 8
    for card in cards:
        schema = {"$ref": f"#/components/schemas/{card['card'].capitalize()}Card", "components": components}
        jsonschema.validate(card, schema)


def test_a_text_may_be_as_long_as_the_limit() -> None:
    described = document(replace(Limits(), text_characters=7))["components"]["schemas"]["MessageRequest"]
    assert described["properties"]["text"]["maxLength"] == 7


@pytest.mark.parametrize("address", ["/coach/conversation", "/coach/message", "/coach/health"])
def test_every_route_of_the_contract_is_described(address: str) -> None:
    assert address in DOCUMENT["paths"]
    assert address.encode() in document_bytes()
