"""The OpenAPI document of the routes under `/coach`: schemas of request models and cards, added to `openapi.yml`."""

from __future__ import annotations

import dataclasses
import json
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import yaml
from pydantic import BaseModel, Field, create_model
from pydantic.schema import schema

from palmwise.coach.cards import BODIES, Button, Card, PlanStep, SessionView
from palmwise.server.messages import MessageRequest
from palmwise.server.settings import Limits

ROUTES = Path(__file__).with_suffix(".yml")
"""The document without its schemas."""
_REFS = "#/components/schemas/"


@cache
def document_bytes() -> bytes:
    """The document as JSON, for a server with the default limits."""
    return json.dumps(document(Limits()), indent=1).encode()


def document(limits: Limits) -> dict[str, Any]:
    """The OpenAPI 3.0 document for a server with these limits."""
    schemas: dict[str, Any] = schema([MessageRequest, *_responses()], ref_prefix=_REFS)["definitions"]
    schemas[MessageRequest.__name__]["properties"]["text"]["maxLength"] = limits.text_characters
    routes: dict[str, Any] = yaml.safe_load(ROUTES.read_text(encoding="utf-8"))
    return {**routes, "components": {**routes["components"], "schemas": schemas}}


class _Exact(BaseModel):
    """Base of responses that have no further fields."""

    class Config:
        extra = "forbid"


def _responses() -> list[type[BaseModel]]:
    cards = [_card_model(kind, body) for kind, body in BODIES.items()]
    message = create_model(
        "CoachMessage",
        recipient_id=(str, ...),
        text=(str | None, None),
        buttons=(list[_model(Button)] | None, Field(None, max_items=5)),  # type: ignore[misc]
        custom=(Union[tuple(cards)], None),  # noqa: UP007 - built at run time
    )
    messages: Any = list[message]  # type: ignore[valid-type]
    error = {"error": (str, Field(..., regex="^[a-z_]+$")), "detail": (str, Field(..., min_length=1))}
    current = {
        "session": (_model(SessionView), ...),
        "messages": (messages, Field(..., min_items=1)),
        "plan": (list[_model(PlanStep)] | None, None),  # type: ignore[misc]
    }
    fields: dict[str, Any] = {
        "OpenedResponse": {"conversation": (str, Field(..., min_length=22, max_length=64))},
        "MessageResponse": {"messages": (messages, ...)},
        "ConversationResponse": current,
        "EarResponse": {"ear": (str | None, Field(..., nullable=True))},
        "HeardResponse": {"text": (str, ...), "complete": (bool, ...), "doubtful": (bool, ...)},
        "HealthResponse": {"status": (Literal["ok"], ...)},
        "ErrorResponse": error,
    }
    return [create_model(name, __base__=_Exact, **own) for name, own in fields.items()]


def _card_model(kind: str, body: type[Any]) -> type[BaseModel]:
    """The model of one kind of card: the fields of every card, and those of its body."""
    name = f"{kind.capitalize()}Card"
    own = {key: value for key, value in _fields(Card).items() if key not in ("kind", "body")}
    return create_model(name, card=(Literal[kind], ...), **own, **_fields(body))


@cache
def _model(value: type[Any]) -> type[BaseModel]:
    """The model of a data class as `palmwise.coach.cards.as_json` writes it."""
    return create_model(value.__name__, **_fields(value))


def _fields(value: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(value)
    return {each.name: (_json_type(hints[each.name]), _field(each)) for each in dataclasses.fields(value)}


def _field(field: dataclasses.Field[Any]) -> Any:
    """A field with a default is left out while it is None; another one is null then."""
    key = field.metadata.get("key", field.name)
    if field.default is not dataclasses.MISSING:
        return Field(None, alias=key)
    return Field(..., alias=key, nullable=True) if "None" in str(field.type) else Field(..., alias=key)


def _json_type(hint: Any) -> Any:
    """The type of a field with data classes as models and tuples as lists."""
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _model(hint)
    if get_origin(hint) is tuple:
        return list[_json_type(get_args(hint)[0])]  # type: ignore[misc]
    if get_origin(hint) in (Union, UnionType):
        return Union[tuple(_json_type(argument) for argument in get_args(hint))]  # noqa: UP007 - built at run time
    return hint
