"""Messages of clients: the request schema, and the conversion to and from Rasa's messages."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Literal, NoReturn, TypeVar

from pydantic import (
    BaseModel,
    ConstrainedStr,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationError,
    root_validator,
    validator,
)
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from palmwise.coach.replies import Reply
from palmwise.errors import RefusedError

CHANNEL = "coach"
"""Name of the channel in trackers."""
Messages = list[dict[str, Any]]
"""Rasa's message objects, as a response carries them."""
MOST_EMOJI = 2
"""Meanings that are read from a message of emoji alone."""

_SLASHES = re.compile(r"[\s/]*/\s*")
_Model = TypeVar("_Model", bound="Request")
_PAYLOAD = re.compile(r"/(?P<intent>[^{]+)(?P<entities>\{.*\})?")


class Name(ConstrainedStr):
    """An id or a token: a short string without control characters."""

    strict = True
    min_length = 1
    max_length = 128

    @classmethod
    def validate(cls, value: str) -> str:
        """Return `value`, or raise `ValueError` if it cannot be printed."""
        if not value.isprintable():
            raise ValueError("must be a short string")
        return value

    @classmethod
    def __get_validators__(cls) -> Any:
        """Validators of pydantic, then our own."""
        yield from super().__get_validators__()
        yield cls.validate


class Request(BaseModel):
    """Base of the request models; unknown fields are ignored, and null is the same as a missing field."""

    class Config:
        """Settings of pydantic: the sentences of its errors, which the name of the field precedes."""

        frozen = True
        error_msg_templates: Mapping[str, str] = {
            "type_error.dict": "must be an object",
            "type_error.str": "must be a string",
            "value_error.strictbool": "must be true or false",
            "value_error.any_str.max_length": "must be a short string",
            "value_error.any_str.min_length": "must be a short string",
            "value_error.const": "must be person, button or timer",
            "value_error.missing": "is missing",
        }


class ClockRequest(Request):
    """What the client's clock shows."""

    token: Name = Field(description="Token of the step that the client shows.")
    elapsed: float = Field(description="Seconds since the step of this token began, or since `step` did.")
    step: StrictInt | None = Field(
        description="The step (from 1) that the client has led on to by itself since, from the plan, while it could "
        "not reach the coach. The token is that of the step that the coach still has.",
    )

    @validator("elapsed", pre=True)
    @classmethod
    def _check_elapsed(cls, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TypeError("must be a number of seconds")
        try:
            seconds = float(value)
        except OverflowError:
            seconds = math.inf
        if not math.isfinite(seconds):
            raise ValueError("must be a number of seconds")
        return seconds


class NamedRequest(Request):
    """A request that may name its conversation in the body."""

    conversation: Name | None = Field(description="May come by query, header or cookie instead.")


class MessageRequest(NamedRequest):
    """What a person said, or what one of the coach's buttons and timers sends."""

    text: StrictStr | None = Field(description="What a person said.")
    payload: StrictStr | None = Field(description="What one of the coach's buttons sends.", example="/next_step")
    by: Literal["person", "button", "timer"] | None
    token: Name | None = Field(description="Token of the step that a timer is for.")
    id: Name | None = Field(
        description="The client's name for this message; sent again within the next seven messages of the "
        "conversation, it is answered again and not done twice."
    )
    clock: ClockRequest | None
    heard: StrictBool | None = Field(
        description="Whether a recognizer wrote the text: whoever was heard may be a film."
    )

    class Config(Request.Config):
        """One of text and payload, as a schema says it."""

        schema_extra: Mapping[str, Any] = {
            "oneOf": [
                {"required": ["text"], "not": {"required": ["payload"]}},
                {"required": ["payload"], "not": {"required": ["text"]}},
            ]
        }

    @root_validator(skip_on_failure=True)
    @classmethod
    def _check_sender(cls, values: dict[str, Any]) -> dict[str, Any]:
        by = values["by"]
        if (values["text"] is None) == (values["payload"] is None):
            raise ValueError("Send either text or payload")
        if values["text"] is not None and by not in (None, "person"):
            raise ValueError("Text is always by a person")
        if values["payload"] is not None and by == "person":
            raise ValueError("A payload is by a button or by a timer")
        if by == "timer" and values["token"] is None:
            raise ValueError("A timer must carry the token of its step")
        return values


class ClientMessage(MessageRequest):
    """A valid message: the text is without control characters, perhaps empty, and `by` is known."""

    by: Literal["person", "button", "timer"]
    slashed: bool = False
    """Whether the text began with a slash, as Rasa's commands do. The slash is removed."""

    @property
    def metadata(self) -> dict[str, Any]:
        """Metadata of Rasa's message: what the action and a retry need."""
        clock = self.clock and self.clock.dict(exclude_none=True)
        fields = {"by": self.by, "token": self.token, "clock": clock, "id": self.id, "slashed": self.slashed}
        return {name: value for name, value in fields.items() if value}


def parse_json(content_type: str, raw: bytes, max_bytes: int) -> dict[str, Any]:
    """The JSON object in a request's body. Raises `RefusedError` 415, 413 or 400."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise RefusedError(415, "not_json", "Send the message as application/json.")
    if len(raw) > max_bytes:
        raise RefusedError(413, "too_long", f"A request holds {max_bytes} bytes at most.")
    try:
        body = json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise _malformed("The body is not valid JSON.") from None
    if not isinstance(body, dict):
        raise _malformed("The body must be a JSON object.")
    return body


def parse_conversation(body: Mapping[str, Any]) -> str | None:
    """The conversation that a JSON object names, if any. Raises `RefusedError` 400."""
    return _validate(NamedRequest, body).conversation


def parse_message(body: Mapping[str, Any], payloads: AbstractSet[str], max_characters: int) -> ClientMessage:
    """The message in a JSON object; `payloads` are those that the coach's own buttons and timers send.

    Raises `RefusedError` 400, or 413 for a text of more than `max_characters`.
    """
    request = _validate(MessageRequest, body)
    if request.text is not None and len(request.text) > max_characters:
        raise RefusedError(413, "too_long", f"A text has {max_characters} characters at most.")
    payload = None if request.payload is None else _normalize(request.payload)
    if payload is not None and payload not in payloads:
        raise RefusedError(400, "unknown_payload", "No button and no timer of the coach sends this payload.")
    text, slashed = _remove_slashes(clean(request.text)) if request.text is not None else (None, False)
    own = {"text": text, "payload": payload, "by": request.by or ("person" if payload is None else "button")}
    return ClientMessage.construct(**{**vars(request), **own, "slashed": slashed})


def emoji_as_words(message: ClientMessage, words_of_emoji: Mapping[str, str]) -> ClientMessage:
    """The message; if its text has emoji alone, with the words that the first two known ones stand for."""
    text = message.text or ""
    known = list(dict.fromkeys(words_of_emoji[char] for char in text if char in words_of_emoji))
    if not known or _has_words(text):
        return message
    return message.copy(update={"text": ", ".join(known[:MOST_EMOJI])})


def clean(text: str) -> str:
    """Remove what nobody types: control characters, lone surrogates, and blanks at both ends."""
    # Cs are lone surrogates, which cannot be encoded; Cc are controls such as NUL. Line breaks become blanks.
    blanked = (" " if char.isspace() else char for char in text)
    return "".join(char for char in blanked if unicodedata.category(char) not in ("Cc", "Cs")).strip()


def _validate(model: type[_Model], body: Mapping[str, Any]) -> _Model:
    try:
        return model.parse_obj(body)
    except ValidationError as errors:
        first = errors.errors()[0]
        fields = ".".join(str(part) for part in first["loc"] if part != "__root__")
        raise _malformed(f"{fields} {first['msg']}.".strip()) from None


def _remove_slashes(text: str) -> tuple[str, bool]:
    """Rasa takes any text that begins with a slash for a command, which nobody's words may become."""
    match = _SLASHES.match(text)
    return (text[match.end() :], True) if match else (text, False)


def _normalize(payload: str) -> str:
    """Write a payload's entities as the coach does: clients that parse a payload may put it together differently."""
    intent, brace, entities = payload.partition("{")
    try:
        parsed = json.loads(brace + entities, parse_constant=_refuse_constant) if brace else None
    except (ValueError, RecursionError):
        return payload
    return intent + json.dumps(parsed) if parsed else payload


def _malformed(detail: str) -> RefusedError:
    return RefusedError(400, "malformed", detail)


def _refuse_constant(constant: str) -> NoReturn:
    """NaN and Infinity are no JSON, though Python reads them."""
    raise ValueError(constant)


class CoachOutput(CollectingOutputChannel):
    """Rasa's collecting channel, except that a text with blank lines stays one message."""

    @classmethod
    def name(cls) -> str:
        """Name of the channel in trackers."""
        return CHANNEL

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:
        """Collect one text as one message."""
        await self._persist_message(self._message(recipient_id, text=text))


def to_user_message(conversation: str, message: ClientMessage, output: CoachOutput, now: float) -> UserMessage:
    """Rasa's message. Payloads, and texts without words, come parsed, so that the model does not guess at them.

    `now` is the server's time in Unix seconds, which the action goes by.
    """
    return UserMessage(
        text=message.text if message.payload is None else message.payload,
        output_channel=output,
        sender_id=conversation,
        # None is Rasa's default, which its signature does not allow.
        parse_data=_known_parse(message),  # type: ignore[arg-type]
        input_channel=CHANNEL,
        metadata={**message.metadata, "now": now},
    )


def to_rasa_messages(recipient_id: str, reply: Reply) -> Messages:
    """Rasa's message objects for a reply that no action uttered."""
    messages: Messages = [{"recipient_id": recipient_id, "text": text} for text in reply.texts]
    if reply.buttons:
        if not messages:
            messages.append({"recipient_id": recipient_id, "text": ""})
        messages[-1]["buttons"] = [{"title": button.title, "payload": button.payload} for button in reply.buttons]
    return [*messages, {"recipient_id": recipient_id, "custom": reply.card.as_json()}]


def parse_payload(payload: str) -> dict[str, Any]:
    """Rasa's parse of `/intent{"entity": value}`, and of `/faq/<id>`, which Rasa itself cannot read."""
    match = _PAYLOAD.fullmatch(payload)
    if match is None:
        return _parse(payload, "nlu_fallback", {})
    entities = json.loads(match["entities"]) if match["entities"] else {}
    return _parse(payload, match["intent"], entities)


def _known_parse(message: ClientMessage) -> dict[str, Any] | None:
    if message.payload is not None:
        return parse_payload(message.payload)
    text = message.text or ""
    return None if _has_words(text) else _parse(text, "nlu_fallback", {})


def _has_words(text: str) -> bool:
    return any(unicodedata.category(char)[0] in "LN" for char in text)


def _parse(text: str, intent: str, entities: Mapping[str, Any]) -> dict[str, Any]:
    name, _, question = intent.partition("/")
    parse: dict[str, Any] = {
        "text": text,
        "intent": {"name": name, "confidence": 1.0},
        "entities": [
            {"entity": entity, "value": value, "start": 0, "end": len(text)} for entity, value in entities.items()
        ],
    }
    if question:
        parse["intent"]["full_retrieval_intent_name"] = intent
    return parse
