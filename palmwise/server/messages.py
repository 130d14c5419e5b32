"""Request parsing: validates messages of clients and turns them into Rasa user messages."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, NoReturn

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from palmwise.coach.replies import Reply
from palmwise.errors import RefusedError

LONGEST_NAME = 128
"""Characters of an id or a token."""
_SLASHES = re.compile(r"[\s/]*/\s*")


@dataclass(frozen=True)
class Incoming:
    """A message that was checked."""

    conversation: str | None
    """None when it did not say."""
    text: str | None
    """What a person said, cleaned, perhaps empty; None when this is a payload."""
    slashed: bool
    """The text began with a slash, as a command would."""
    payload: str | None
    by: str
    token: str | None
    clock: dict[str, Any] | None
    id: str | None
    """The client's own name for this message; the same again means a retry."""

    @property
    def metadata(self) -> dict[str, Any]:
        """What the action and a retry need to know of it."""
        told = {"by": self.by, "token": self.token, "clock": self.clock, "id": self.id, "slashed": self.slashed}
        return {name: value for name, value in told.items() if value}


def body(content_type: str, raw: bytes, longest: int) -> dict[str, Any]:
    """The JSON object in a request. Raises `RefusedError` 415, 413 or 400."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise RefusedError(415, "not_json", "Send the message as application/json.")
    if len(raw) > longest:
        raise RefusedError(413, "too_long", f"A request holds {longest} bytes at most.")
    try:
        found = json.loads(raw, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _malformed("The body is not valid JSON.") from None
    if not isinstance(found, dict):
        raise _malformed("The body must be a JSON object.")
    return found


def incoming(given: Mapping[str, Any], payloads: AbstractSet[str], longest: int) -> Incoming:
    """The message in a JSON object. Raises `RefusedError` 400, or 413 for a text of more than `longest` characters."""
    text, payload = given.get("text"), given.get("payload")
    if (text is None) == (payload is None):
        raise _malformed("Send either text or payload.")
    by = given.get("by")
    if text is not None:
        if not isinstance(text, str):
            raise _malformed("text must be a string.")
        if by not in (None, "person"):
            raise _malformed("Text is always by a person.")
        if len(text) > longest:
            raise RefusedError(413, "too_long", f"A text has {longest} characters at most.")
    else:
        payload = _check_payload(payload, by, given.get("token"), payloads)
    said, slashed = _unslashed(clean(text)) if text is not None else (None, False)
    return Incoming(
        conversation=name(given, "conversation"),
        text=said,
        slashed=slashed,
        payload=payload,
        by=by or ("person" if payload is None else "button"),
        token=name(given, "token"),
        clock=_clock(given.get("clock")),
        id=name(given, "id"),
    )


def name(given: Mapping[str, Any], field: str) -> str | None:
    """A short text, or None where there is none. Raises `RefusedError` 400."""
    value = given.get(field)
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME or not value.isprintable():
        raise _malformed(f"{field} must be a short string.")
    return value


def clean(text: str) -> str:
    """The text without what no person types: control characters, halves of surrogate pairs; blanks at its ends cut."""
    # Cs are lone surrogates (no encoding takes them), Cc controls with NUL among them; breaks stay as blanks.
    blanked = (" " if char.isspace() else char for char in text)
    return "".join(char for char in blanked if unicodedata.category(char) not in ("Cc", "Cs")).strip()


def _unslashed(text: str) -> tuple[str, bool]:
    """Rasa takes any text that begins with a slash for a command; nobody's words may become one."""
    match = _SLASHES.match(text)
    return (text[match.end() :], True) if match else (text, False)


def _check_payload(payload: Any, by: Any, token: Any, payloads: AbstractSet[str]) -> str:
    """The payload as the coach itself writes it."""
    if not isinstance(payload, str):
        raise _malformed("payload must be a string.")
    if by not in (None, "button", "timer"):
        raise _malformed("A payload is by a button or by a timer.")
    written = _as_written(payload)
    if written not in payloads:
        raise RefusedError(400, "unknown_payload", "No button and no timer of the coach sends this payload.")
    if by == "timer" and token is None:
        raise _malformed("A timer must carry the token of its step.")
    return written


def _as_written(payload: str) -> str:
    """Clients that take a payload apart and put it together again may leave blanks out, or put more in."""
    intent, brace, entities = payload.partition("{")
    try:
        found = json.loads(brace + entities, parse_constant=_no_number) if brace else None
    except (ValueError, RecursionError):
        return payload
    return intent + json.dumps(found) if found else payload


def _clock(report: Any) -> dict[str, Any] | None:
    if report is None:
        return None
    if not isinstance(report, dict):
        raise _malformed("clock must be an object.")
    elapsed, token = report.get("elapsed"), name(report, "token")
    if isinstance(elapsed, bool) or not isinstance(elapsed, (int, float)) or token is None:
        raise _malformed("clock holds a token and the elapsed seconds.")
    try:
        seconds = float(elapsed)
    except OverflowError:
        raise _malformed("elapsed is out of all bounds.") from None
    if not math.isfinite(seconds):
        raise _malformed("elapsed is out of all bounds.")
    return {"token": token, "elapsed": seconds}


def _malformed(detail: str) -> RefusedError:
    return RefusedError(400, "malformed", detail)


def _no_number(constant: str) -> NoReturn:
    raise ValueError(constant)


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


NAME = "coach"
Messages = list[dict[str, Any]]
"""Rasa's message objects, as they go out."""


class CoachOutput(CollectingOutputChannel):
    """Rasa's collector, which leaves a text with blank lines in one piece."""

    @classmethod
    def name(cls) -> str:
        """The channel that the answers go to."""
        return NAME

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:
        """Keep one text as one message."""
        await self._persist_message(self._message(recipient_id, text=text))


def messages(recipient_id: str, reply: Reply) -> Messages:
    """The same messages for a reply that no action uttered."""
    told: Messages = [{"recipient_id": recipient_id, "text": text} for text in reply.texts]
    if reply.buttons:
        if not told:
            told.append({"recipient_id": recipient_id, "text": ""})
        told[-1]["buttons"] = [{"title": button.title, "payload": button.payload} for button in reply.buttons]
    return [*told, {"recipient_id": recipient_id, "custom": reply.card.as_json()}]
