"""What the voice client asks of the server."""

from __future__ import annotations

import json

import httpx
import pytest

from palmwise.client.http_client import HttpClient
from palmwise.errors import ServerRefusedError, ServerUnreachableError


class Door:
    """A server that knows the conversations it opened, until it forgets them all."""

    def __init__(self) -> None:
        self.opened = 0
        self.known: set[str] = set()
        self.taken: list[str] = []
        self.status = 200

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/coach/conversation" and request.method == "POST":
            self.opened += 1
            self.known.add(f"talk{self.opened}")
            return httpx.Response(200, json={"conversation": f"talk{self.opened}"})
        told = json.loads(request.content) if request.content else dict(request.url.params)
        if told["conversation"] not in self.known:
            return httpx.Response(404, json={"error": "unknown_conversation", "detail": "No such conversation."})
        self.taken.append(str(told.get("text") or told.get("payload") or "a look"))
        return httpx.Response(self.status, json={"error": "any", "messages": [{"text": told["conversation"]}]})


def client(door: Door) -> HttpClient:
    return HttpClient("http://coach", httpx.MockTransport(door))


def test_words_are_said_once_more_where_the_conversation_was_forgotten() -> None:
    door = Door()
    asked = client(door)
    assert asked.ask({"text": "hello"}) == [{"text": "talk1"}]
    door.known.clear()
    assert asked.ask({"text": "start"}) == [{"text": "talk2"}]
    assert door.taken == ["hello", "start"]


def test_a_timer_of_a_forgotten_conversation_becomes_a_look() -> None:
    door = Door()
    asked = client(door)
    asked.ask({"text": "hello"})
    door.known.clear()
    assert asked.ask({"payload": "/next_step", "by": "timer"}) == [{"text": "talk2"}]
    door.known.clear()
    assert asked.look() == [{"text": "talk3"}]
    assert door.taken == ["hello", "a look", "a look"]


def test_a_look_before_any_word_opens_a_conversation() -> None:
    assert client(Door()).look() == [{"text": "talk1"}]


def test_another_refusal_is_not_tried_again() -> None:
    door = Door()
    asked = client(door)
    asked.look()
    door.status = 429
    for tried in (asked.look, lambda: asked.ask({"text": "hello"})):
        with pytest.raises(ServerRefusedError):
            tried()
    assert door.taken == ["a look", "a look", "hello"]
    door.status = 500
    with pytest.raises(ServerUnreachableError):
        asked.look()
    assert door.opened == 1
