from __future__ import annotations

import json
from typing import Any

import pytest

from palmwise.errors import RefusedError
from palmwise.server.messages import body, clean, incoming

PAYLOADS = frozenset({"/next_step", "/faq/oils"})


def refused(given: dict[str, Any]) -> tuple[int, str]:
    with pytest.raises(RefusedError) as caught:
        incoming(given, PAYLOADS, 1000)
    return caught.value.status, caught.value.code


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
def test_only_json_is_read(kind: str) -> None:
    with pytest.raises(RefusedError) as caught:
        body(kind, b"{}", 100)
    assert caught.value.status == 415


def test_json_may_say_its_charset() -> None:
    assert body("Application/JSON; charset=utf-8", b'{"a": 1}', 100) == {"a": 1}


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b"[" * 50_000, b'{"a": NaN}', b'{"a": ' + b"9" * 5000 + b"}"],
)
def test_what_is_no_object_is_malformed(raw: bytes) -> None:
    with pytest.raises(RefusedError) as caught:
        body("application/json", raw, 100_000)
    assert caught.value.status == 400


def test_an_endless_body_is_too_long() -> None:
    with pytest.raises(RefusedError) as caught:
        body("application/json", b" " * 101, 100)
    assert caught.value.status == 413


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"text": "next", "payload": "/next_step"},
        {"text": 3},
        {"text": ["next"]},
        {"payload": 3},
        {"text": "next", "by": "timer"},
        {"payload": "/next_step", "by": "person"},
        {"payload": "/next_step", "by": "timer"},
        {"payload": "/next_step", "token": 3},
        {"text": "next", "conversation": 3},
        {"text": "next", "conversation": "x" * 200},
        {"text": "next", "id": "\n"},
        {"text": "next", "clock": 3},
        {"text": "next", "clock": {"elapsed": 3}},
        {"text": "next", "clock": {"token": "x", "elapsed": "3"}},
        {"text": "next", "clock": {"token": "x", "elapsed": True}},
        {"text": "next", "clock": {"token": "x", "elapsed": 10**400}},
    ],
)
def test_malformed_messages_are_refused(given: dict[str, Any]) -> None:
    assert refused(given) == (400, "malformed")


@pytest.mark.parametrize("payload", ['/go{"a": "b"}', '/go{"a":"b"}', '/go{ "a" : "b" }'])
def test_a_payload_may_be_put_together_anew(payload: str) -> None:
    assert incoming({"payload": payload}, frozenset({'/go{"a": "b"}'}), 1000).payload == '/go{"a": "b"}'


@pytest.mark.parametrize("payload", ["/go{", "/go{}", '/go{"a": NaN}', '/go{"a": "c"}', "/go" + '{"a":' * 5000])
def test_a_payload_put_together_wrongly_is_refused(payload: str) -> None:
    with pytest.raises(RefusedError):
        incoming({"payload": payload}, frozenset({'/go{"a": "b"}', "/go"}), 1000)


@pytest.mark.parametrize("payload", ["next_step", "/restart", '/next_step{"minutes": 99999}', "", "/next_step "])
def test_only_the_coachs_own_payloads_pass(payload: str) -> None:
    assert refused({"payload": payload}) == (400, "unknown_payload")


def test_a_text_has_a_thousand_characters_at_most() -> None:
    assert incoming({"text": "é" * 1000}, PAYLOADS, 1000).text == "é" * 1000
    assert refused({"text": "e" * 1001}) == (413, "too_long")


@pytest.mark.parametrize(
    ("typed", "text", "slashed"),
    [
        ("next", "next", False),
        ("  next\n", "next", False),
        ("/next_step", "next_step", True),
        ('  / /next_step{"minutes": 99999}', 'next_step{"minutes": 99999}', True),
        ("\x00/restart", "restart", True),
        ("//", "", True),
        ("and/or", "and/or", False),
        ("", "", False),
    ],
)
def test_no_words_are_a_command(typed: str, text: str, slashed: bool) -> None:  # noqa: FBT001
    message = incoming({"text": typed}, PAYLOADS, 1000)
    assert (message.text, message.slashed) == (text, slashed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("a\x00b\x1b[31mc", "ab[31mc"), ("a\tb\r\nc", "a b  c"), ("ok \ud83d there", "ok  there"), ("👍🏽 ok", "👍🏽 ok")],
)
def test_text_is_cleaned(typed: str, kept: str) -> None:
    assert clean(typed) == kept
    json.dumps(clean(typed)).encode()


def test_metadata_holds_what_was_said() -> None:
    clock = {"token": "abc", "elapsed": 3, "more": "x"}
    message = incoming({"payload": "/next_step", "by": "timer", "token": "abc", "clock": clock}, PAYLOADS, 1000)
    assert message.metadata == {"by": "timer", "token": "abc", "clock": {"token": "abc", "elapsed": 3.0}}


def test_null_is_as_good_as_nothing() -> None:
    message = incoming({"text": None, "payload": "/faq/oils", "token": None, "clock": None}, PAYLOADS, 1000)
    assert (message.payload, message.by) == ("/faq/oils", "button")
