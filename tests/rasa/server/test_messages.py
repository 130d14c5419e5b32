from __future__ import annotations

import json
from typing import Any

import pytest

from palmwise import resources
from palmwise.errors import RefusedError
from palmwise.server.messages import clean, emoji_as_words, parse_json, parse_message

PAYLOADS = frozenset({"/next_step", "/faq/oils"})


def refused(given: dict[str, Any]) -> tuple[int, str]:
    with pytest.raises(RefusedError) as caught:
        parse_message(given, PAYLOADS, 1000)
    return caught.value.status, caught.value.code


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
def test_other_media_types_are_refused(kind: str) -> None:
    with pytest.raises(RefusedError) as caught:
        parse_json(kind, b"{}", 100)
    assert caught.value.status == 415


def test_json_may_name_its_charset() -> None:
    assert parse_json("Application/JSON; charset=utf-8", b'{"a": 1}', 100) == {"a": 1}


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b"[" * 50_000, b'{"a": NaN}', b'{"a": ' + b"9" * 5000 + b"}"],
)
def test_anything_but_a_json_object_is_malformed(raw: bytes) -> None:
    with pytest.raises(RefusedError) as caught:
        parse_json("application/json", raw, 100_000)
    assert caught.value.status == 400


def test_a_body_over_the_limit_is_too_long() -> None:
    with pytest.raises(RefusedError) as caught:
        parse_json("application/json", b" " * 101, 100)
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
def test_blanks_in_a_payload_do_not_matter(payload: str) -> None:
    assert parse_message({"payload": payload}, frozenset({'/go{"a": "b"}'}), 1000).payload == '/go{"a": "b"}'


@pytest.mark.parametrize("payload", ["/go{", "/go{}", '/go{"a": NaN}', '/go{"a": "c"}', "/go" + '{"a":' * 5000])
def test_a_payload_with_other_entities_is_refused(payload: str) -> None:
    with pytest.raises(RefusedError):
        parse_message({"payload": payload}, frozenset({'/go{"a": "b"}', "/go"}), 1000)


@pytest.mark.parametrize("payload", ["next_step", "/restart", '/next_step{"minutes": 99999}', "", "/next_step "])
def test_only_payloads_of_the_coach_are_accepted(payload: str) -> None:
    assert refused({"payload": payload}) == (400, "unknown_payload")


def test_a_text_of_more_than_the_limit_is_refused() -> None:
    assert parse_message({"text": "é" * 1000}, PAYLOADS, 1000).text == "é" * 1000
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
def test_typed_text_never_becomes_a_command(typed: str, text: str, slashed: bool) -> None:  # noqa: FBT001
    message = parse_message({"text": typed}, PAYLOADS, 1000)
    assert (message.text, message.slashed) == (text, slashed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("a\x00b\x1b[31mc", "ab[31mc"), ("a\tb\r\nc", "a b  c"), ("ok \ud83d there", "ok  there"), ("👍🏽 ok", "👍🏽 ok")],
)
def test_control_characters_are_removed(typed: str, kept: str) -> None:
    assert clean(typed) == kept
    json.dumps(clean(typed)).encode()


def test_metadata_holds_sender_token_and_clock() -> None:
    clock = {"token": "abc", "elapsed": 3, "more": "x"}
    message = parse_message({"payload": "/next_step", "by": "timer", "token": "abc", "clock": clock}, PAYLOADS, 1000)
    assert message.metadata == {"by": "timer", "token": "abc", "clock": {"token": "abc", "elapsed": 3.0}}


def test_null_is_the_same_as_a_missing_field() -> None:
    message = parse_message({"text": None, "payload": "/faq/oils", "token": None, "clock": None}, PAYLOADS, 1000)
    assert (message.payload, message.by) == ("/faq/oils", "button")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("👍", "ok"),
        ("👍🏽", "ok"),
        ("👍👍👍!!", "ok"),
        ("❤️", "that feels nice"),
        ("🙅‍♀️", "not good"),
        ("🙏 👋 🛑", "thank you, hello"),
        ("🦄", "🦄"),
        ("👍 five", "👍 five"),
        ("?!", "?!"),
    ],
)
def test_emoji_alone_are_read_as_words(typed: str, words: str) -> None:
    message = emoji_as_words(parse_message({"text": typed}, PAYLOADS, 1000), resources.content().words_of_emoji)
    assert message.text == words
