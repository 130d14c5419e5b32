from __future__ import annotations

import json

import httpx
import pytest

from palmwise.client.http_client import CONVERSATION_HEADER, CoachClient
from palmwise.errors import RefusedError, UnreachableError


class FakeServer:
    """Knows the conversations that it opened, until a test has it forget them."""

    def __init__(self) -> None:
        self.opened = 0
        self.known: set[str] = set()
        self.messages: list[str] = []
        self.requests: list[httpx.Request] = []
        self.status = 200
        self.headers: dict[str, str] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.path == "/coach/conversation" and request.method == "POST":
            self.opened += 1
            self.known.add(f"talk{self.opened}")
            cookie = {"Set-Cookie": f"palmwise_conversation=talk{self.opened}; Path=/"}
            return httpx.Response(200, json={"conversation": f"talk{self.opened}"}, headers=cookie)
        fields = json.loads(request.content) if request.content else {}
        conversation = fields.get("conversation") or request.headers.get(CONVERSATION_HEADER)
        if conversation not in self.known:
            return httpx.Response(404, json={"error": "unknown_conversation", "detail": "No such conversation."})
        if request.method == "DELETE":
            self.known.discard(conversation)
            return httpx.Response(204)
        self.messages.append(str(fields.get("text") or fields.get("payload") or "look"))
        answer = {"error": "any", "detail": "Any.", "messages": [{"text": conversation}]}
        return httpx.Response(self.status, json=answer, headers=self.headers)


def client_of(server: FakeServer) -> CoachClient:
    return CoachClient("http://coach", transport=httpx.MockTransport(server))


def test_words_are_repeated_in_a_new_conversation_when_the_server_forgot_the_old_one() -> None:
    server = FakeServer()
    client = client_of(server)
    assert client.send({"text": "hello"}) == [{"text": "talk1"}]
    server.known.clear()
    assert client.send({"text": "start"}) == [{"text": "talk2"}]
    assert server.messages == ["hello", "start"]


def test_a_timer_of_a_forgotten_conversation_returns_the_card_of_the_new_one() -> None:
    server = FakeServer()
    client = client_of(server)
    client.send({"text": "hello"})
    server.known.clear()
    assert client.send({"payload": "/next_step", "by": "timer"}) == [{"text": "talk2"}]
    server.known.clear()
    assert client.current_card() == [{"text": "talk3"}]
    assert server.messages == ["hello", "look", "look"]


def test_the_current_card_before_any_message_opens_a_conversation() -> None:
    assert client_of(FakeServer()).current_card() == [{"text": "talk1"}]


@pytest.mark.parametrize("status", [429, 503])
def test_another_refusal_is_raised_without_a_second_try(status: int) -> None:
    server = FakeServer()
    client = client_of(server)
    client.current_card()
    server.status, server.headers = status, {"Retry-After": "7"}
    for request in (client.current_card, lambda: client.send({"text": "hello"})):
        with pytest.raises(RefusedError) as caught:
            request()
        assert (caught.value.status, caught.value.code, caught.value.retry_after) == (status, "any", 7)
    assert server.messages == ["look", "look", "hello"]
    assert server.opened == 1


def test_the_conversation_is_named_by_body_or_header_and_never_in_the_address() -> None:
    server = FakeServer()
    client = client_of(server)
    client.open()
    client.say("next")
    client.press("/next_step")
    client.end_step("token")
    client.look()
    client.current_card()
    client.forget()
    assert not server.known
    assert not [request for request in server.requests if request.url.query or "talk" in str(request.url)]
    assert not [request for request in server.requests if "Cookie" in request.headers]
    assert {json.loads(request.content)["conversation"] for request in server.requests[1:4]} == {"talk1"}
    assert {request.headers[CONVERSATION_HEADER] for request in server.requests[4:]} == {"talk1"}


def test_an_https_address_is_asked_by_https() -> None:
    server = FakeServer()
    client = CoachClient("https://coach.example", transport=httpx.MockTransport(server))
    client.open()
    assert [str(request.url) for request in server.requests] == ["https://coach.example/coach/conversation"]


@pytest.mark.parametrize("answer", [httpx.Response(502, text="<html>"), httpx.Response(200, json=[])])
def test_whatever_is_not_the_coach_counts_as_unreachable(answer: httpx.Response) -> None:
    client = CoachClient("http://coach", transport=httpx.MockTransport(lambda _: answer))
    with pytest.raises(UnreachableError):
        client.open()
    assert not client.is_healthy()


def test_a_closed_port_counts_as_unreachable() -> None:
    with pytest.raises(UnreachableError, match="does not answer"):
        CoachClient("http://127.0.0.1:9").look()


def test_half_of_a_surrogate_pair_can_be_sent() -> None:
    server = FakeServer()
    client = client_of(server)
    client.open()
    client.say("\ud800")
    assert server.messages == ["\ud800"]
