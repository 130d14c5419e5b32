"""The OpenAPI document of the routes under `/coach`, generated from the request models and the coach's cards."""

from __future__ import annotations

import dataclasses
import json
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, Field, create_model
from pydantic.schema import schema

from palmwise.coach.cards import BODIES, Button, Card, SessionView
from palmwise.server.messages import MessageRequest
from palmwise.server.settings import Limits

DESCRIPTION = (
    "The hand-massage coach. What a person says goes into `text`; `payload` is for the coach's own buttons and timers."
)
_REFS = "#/components/schemas/"
_RESPONSES = {
    "OpenedResponse": "The id of the new conversation, which is also set as a cookie.",
    "MessageResponse": "The answer: texts first, one card last; nothing for a timer whose step is over.",
    "ConversationResponse": "The session and the current card.",
    "HealthResponse": "It would.",
}


@cache
def document_bytes() -> bytes:
    """The document as JSON, for a server with the default limits."""
    return json.dumps(document(Limits()), indent=1).encode()


def document(limits: Limits) -> dict[str, Any]:
    """The OpenAPI 3.0 document for a server with these limits."""
    schemas: dict[str, Any] = schema([MessageRequest, *_responses()], ref_prefix=_REFS)["definitions"]
    schemas[MessageRequest.__name__]["properties"]["text"]["maxLength"] = limits.text_characters
    health = _operation("health", "Tell whether a message would be answered now.", _ok("HealthResponse"))
    return {
        "openapi": "3.0.3",
        "info": {"title": "Palmwise", "version": "1.0.0", "description": DESCRIPTION},
        "servers": [{"url": "/"}],
        "paths": {
            "/coach/conversation": {"post": _open(), "get": _current(), "delete": _delete()},
            "/coach/message": {"post": _message()},
            "/coach/health": {"get": health},
        },
        "components": {"parameters": _parameters(), "responses": {"Error": _error()}, "schemas": schemas},
    }


# --- response models ----------------------------------------------------------------------------------------------


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
    current = {"session": (_model(SessionView), ...), "messages": (messages, Field(..., min_items=1))}
    fields: dict[str, Any] = {
        "OpenedResponse": {"conversation": (str, Field(..., min_length=22, max_length=64))},
        "MessageResponse": {"messages": (messages, ...)},
        "ConversationResponse": current,
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


# --- operations ---------------------------------------------------------------------------------------------------


def _open() -> dict[str, Any]:
    body = {"required": False, "content": {"application/json": {"schema": {"type": "object"}}}}
    responses = _ok("OpenedResponse")
    return {**_operation("open", "Open a conversation.", responses), "requestBody": body}


def _current() -> dict[str, Any]:
    summary = "Show what is on now: the current card again, with its clock."
    return {**_operation("look", summary, _ok("ConversationResponse")), "parameters": _named_by()}


def _delete() -> dict[str, Any]:
    return {
        **_operation("forget", "Delete everything said in a conversation.", {"204": {"description": "It is deleted."}}),
        "description": "A JSON body may name it as well, in `conversation`, which precedes query, header and cookie.",
        "parameters": _named_by(),
    }


def _message() -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": _REFS + MessageRequest.__name__}}}
    return {
        **_operation("message", "Say something, press a button, report that a step is over.", _ok("MessageResponse")),
        "parameters": _named_by(),
        "requestBody": {"required": True, "content": content},
    }


def _operation(name: str, summary: str, responses: dict[str, Any]) -> dict[str, Any]:
    error = {"$ref": "#/components/responses/Error"}
    return {"operationId": name, "summary": summary, "responses": {**responses, "default": error}}


def _ok(name: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": _REFS + name}}}
    return {"200": {"description": _RESPONSES[name], "content": content}}


def _error() -> dict[str, Any]:
    return {
        "description": "400 malformed, 404 unknown, 413 too long, 415 not JSON, 429 too many, 503 not now.",
        "headers": {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}}},
        "content": {"application/json": {"schema": {"$ref": _REFS + "ErrorResponse"}}},
    }


def _named_by() -> list[dict[str, str]]:
    return [{"$ref": f"#/components/parameters/{name}"} for name in _parameters()]


def _parameters() -> dict[str, Any]:
    """The three ways of naming a conversation outside of the body."""
    places = {"query": "conversation", "header": "X-Palmwise-Conversation", "cookie": "palmwise_conversation"}
    return {
        place.capitalize(): {
            "name": name,
            "in": place,
            "required": False,
            "schema": {"type": "string", "minLength": 1, "maxLength": 128},
        }
        for place, name in places.items()
    }
