"""A hostile or broken server can neither hurt a client nor end it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from palmwise.client.answers import read_answer
from palmwise.client.http_client import MAX_WAIT, CoachClient
from palmwise.client.terminal import Chat
from palmwise.client.untrusted import MAX_BYTES, clean_text
from palmwise.errors import RefusedError, UnreachableError

SESSION: dict[str, Any] = {"state": "running", "token": "t", "volume": 0, "pace": 1.0}
CLOCK: dict[str, Any] = {"duration": 60, "elapsed": 0, "running": True}


def card(**changes: Any) -> list[dict[str, Any]]:
    return [
        {"text": "Hello"},
        {"custom": {"card": "step", "say": "Hello", "session": SESSION, "clock": CLOCK, **changes}},
    ]


def answering(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> CoachClient:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=body, headers=headers)

    return CoachClient("http://coach", conversation="c", transport=httpx.MockTransport(answer))


def saying(messages: Any) -> CoachClient:
    return answering(json.dumps({"conversation": "c", "messages": messages}).encode())


@pytest.mark.parametrize("text", ["\x1b]0;gone\x07", "\x1b[2J", "a\rb", "\x9b31m", "\u202egnp.exe", "\x00", "\ud800"])
def test_no_control_character_reaches_a_terminal(text: str) -> None:
    shown: list[str] = []
    messages = [{"text": f"Hello {text} there", "buttons": [{"title": text, "payload": "/affirm"}]}, *card()]
    Chat(saying(messages), shown.append).begin()
    assert "Hello" in shown[0]
    assert not set(text) & set("".join(shown)) - set("ab0;gone]31m[2Jgnp.exe")


def test_line_breaks_and_umlauts_stay() -> None:
    assert clean_text("Größe\n\t👋🏽 e\u0301") == "Größe\n\t👋🏽 e\u0301"


HOSTILE: dict[str, Any] = {
    "no list": {"text": "hello"},
    "no objects": ["hello", 5, None],
    "a text that is none": [{"text": {"a": 1}}, *card()],
    "a button without a payload": [{"text": "a", "buttons": [{"title": "Next"}]}, *card()],
    "buttons that are none": [{"text": "a", "buttons": 7}, *card()],
    "no session": [{"custom": {"card": "note"}}],
    "a session that is none": card(session=[1]),
    "a clock that is none": card(clock="now"),
    "a clock without numbers": card(clock={"duration": "long", "elapsed": None, "running": True}),
    "cues that are none": card(cues=[{"at": "later"}]),
    "a volume without end": card(session={**SESSION, "volume": 1e999}),
    "a number of many digits": card(session={**SESSION, "pace": 10**400}),
    "a deep answer": card(more=json.loads("[" * 60 + "]" * 60)),
    "a long list": card(cues=[{"at": 1, "say": "a"}] * 100_000),
}


@pytest.mark.parametrize("messages", list(HOSTILE.values()), ids=list(HOSTILE))
def test_an_answer_that_follows_no_contract_is_not_the_coach(messages: Any) -> None:
    with pytest.raises(UnreachableError):
        saying(messages).say("hello")


BODIES: dict[str, bytes] = {
    "no JSON": b"<html>",
    "brackets without end": b"[" * 100_000,
    "bytes that are no text": b'{"messages": "\xff"}',
    "a number without end": b'{"messages": ' + b"9" * 100_000 + b"}",
    "more than there is to say": b'{"messages": [{"text": "' + b"x" * MAX_BYTES + b'"}]}',
}


@pytest.mark.parametrize("body", list(BODIES.values()), ids=list(BODIES))
def test_a_body_that_cannot_be_read_is_not_the_coach(body: bytes) -> None:
    with pytest.raises(UnreachableError):
        answering(body).say("hello")


def test_a_packed_answer_is_not_unpacked() -> None:
    packed = gzip.compress(json.dumps({"messages": card()}).encode())
    with pytest.raises(UnreachableError):
        answering(packed, headers={"Content-Encoding": "gzip"}).say("hello")


def test_a_long_text_is_cut() -> None:
    (long, _) = saying([{"text": "x" * 450_000}, *card()[1:]]).say("hello")
    assert len(long["text"]) == 5000


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"session": {**SESSION, "volume": 900}}, lambda answer: answer.volume == 3),
        ({"session": {**SESSION, "pace": -5}}, lambda answer: answer.pace == 0.5),
        ({"clock": {**CLOCK, "duration": 9e9}}, lambda answer: answer.clock.duration <= 10_800),
        ({"clock": {**CLOCK, "elapsed": -9e9}}, lambda answer: answer.clock.elapsed == 0),
        ({"clock": {**CLOCK, "lead_in": 9e9}}, lambda answer: answer.clock.lead_in <= 60),
    ],
)
def test_numbers_are_limited_to_what_can_be_meant(changes: dict[str, Any], check: Callable[[Any], bool]) -> None:
    assert check(read_answer(saying(card(**changes)).say("hello")))


@pytest.mark.parametrize(
    "wait", ["99999999", "9" * 10_000, "-5", "soon"], ids=["long", "endless", "below zero", "words"]
)
def test_nobody_is_kept_waiting_for_longer_than_a_minute(wait: str) -> None:
    client = answering(b'{"error": "busy", "detail": "\\u001b[2JLater."}', 503, {"Retry-After": wait})
    with pytest.raises(RefusedError) as caught:
        client.say("hello")
    assert caught.value.detail == "[2JLater."
    assert (caught.value.retry_after or 0) <= MAX_WAIT
