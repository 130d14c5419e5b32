"""Routes of the real server beyond what tests/contract checks."""

from __future__ import annotations

import http.client
import json
import threading
from typing import Any
from urllib.parse import urlsplit

import pytest

from palmwise.client.http_client import CoachClient
from palmwise.coach.content import client_phrases
from palmwise.errors import RefusedError
from palmwise.resources import content
from tests.serving import Server

pytestmark = pytest.mark.server


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.raw = response.read()

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.raw))


def ask(server: Server, method: str, path: str, body: bytes | str | None = None, **headers: str) -> Answer:
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=30)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, sent)
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


def post(server: Server, content: dict[str, Any] | str, **headers: str) -> Answer:
    body = content if isinstance(content, str) else json.dumps(content)
    return ask(server, "POST", "/coach/message", body, content_type="application/json", **headers)


def refusal(answer: Answer) -> tuple[int, str]:
    assert set(answer.json) == {"error", "detail"}
    assert answer.json["detail"].endswith(".")
    assert b"Traceback" not in answer.raw
    return answer.status, answer.json["error"]


def begin(talk: CoachClient) -> dict[str, Any]:
    """Into the first step of the classic routine."""
    talk.say("start the classic routine")
    talk.press("/deny")
    card: dict[str, Any] = talk.press("/affirm")[-1]["custom"]
    assert card["session"]["state"] == "running"
    return card


def test_the_root_shows_our_page(server: Server) -> None:
    answer = ask(server, "GET", "/")
    assert answer.status == 200
    assert b"Rasa" not in answer.raw


STRANGERS = ["x@y=1", 'prefs={"a": 1}', "a/b=1", "flag", "=;;", 'half="open']
"""Cookies of other programs, which browsers share among all ports of a machine."""


@pytest.mark.parametrize("stranger", STRANGERS)
def test_cookies_of_other_programs_are_ignored(stranger: str, server: Server) -> None:
    cookie = ask(server, "POST", "/coach/conversation", cookie=stranger).headers["Set-Cookie"].partition(";")[0]
    conversation = cookie.partition("=")[2]
    for given in (f"{stranger}; {cookie}", f"{cookie}; {stranger}"):
        assert ask(server, "GET", "/coach/conversation", cookie=given).status == 200
    named = {"x_palmwise_conversation": conversation, "cookie": stranger}
    assert ask(server, "GET", "/coach/conversation", **named).status == 200
    assert post(server, {"conversation": conversation, "text": "next"}, cookie=stranger).status == 200
    assert ask(server, "DELETE", f"/coach/conversation?conversation={conversation}", cookie=stranger).status == 204


def test_query_and_body_can_name_the_conversation_to_delete(server: Server) -> None:
    by_address, by_body = server.talk(), server.talk()
    by_address.forget()
    named = json.dumps({"conversation": by_body.conversation})
    assert ask(server, "DELETE", "/coach/conversation", named, content_type="application/json").status == 204
    for talk in (by_address, by_body):
        with pytest.raises(RefusedError) as told:
            talk.look()
        assert told.value.status == 404


def test_a_huge_body_gets_413(server: Server) -> None:
    assert refusal(post(server, '{"text": "' + "a" * 100_000 + '"}')) == (413, "too_long")


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/coach/nothing", 404), ("PUT", "/coach/message", 405)])
def test_unknown_routes_and_methods_get_json_errors(server: Server, method: str, path: str, status: int) -> None:
    assert refusal(ask(server, method, path))[0] == status


@pytest.mark.parametrize(
    "path", ["/status", "/domain", "/model/parse", "/conversations/x/tracker", "/webhooks/rest/webhook"]
)
def test_rasas_own_routes_are_closed(server: Server, path: str) -> None:
    assert ask(server, "GET", path).status == 404


@pytest.mark.parametrize("path", ["../domain.yml", "%2e%2e/domain.yml", "pictures/../phrases.yml", ".env", "x.py"])
def test_no_other_files_are_served(server: Server, path: str) -> None:
    assert ask(server, "GET", f"/coach/{path}").status == 404


def test_pictures_are_served_with_an_etag(server: Server) -> None:
    answer = ask(server, "GET", "/coach/pictures/effleurage.svg")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    again = ask(server, "GET", "/coach/pictures/effleurage.svg", if_none_match=answer.headers["ETag"])
    assert (again.status, again.raw) == (304, b"")


def test_the_phrases_of_the_content_are_served_to_clients(server: Server) -> None:
    answer = ask(server, "GET", "/coach/phrases.json")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.json == client_phrases(content())


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\t", "\x00", "\ud800", "🤷🏽‍♀️", "/", "…", "\u200b", "<script>", "a\x00b"]
)
def test_odd_texts_are_answered(talk: CoachClient, text: str) -> None:
    messages = talk.say(text)
    assert messages[0]["text"]
    assert messages[-1]["custom"]["session"]["state"] == "none"


def test_a_typed_stop_counts_even_after_a_slash(talk: CoachClient) -> None:
    begin(talk)
    assert talk.say("/stop")[-1]["custom"]["session"]["state"] == "stopped"


def test_restart_is_handled_by_the_coach(talk: CoachClient) -> None:
    begin(talk)
    talk.say("next")
    session = talk.say("start over")[-1]["custom"]["session"]
    assert (session["state"], session["step"]) == ("running", 1)


def test_concurrent_messages_are_handled_one_at_a_time(talk: CoachClient) -> None:
    begin(talk)
    steps: list[int] = []

    def go_on() -> None:
        steps.append(talk.press("/next_step")[-1]["custom"]["session"]["step"])

    threads = [threading.Thread(target=go_on) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(steps) == [2, 3, 4, 5]


def test_requests_from_other_sites_are_refused(server: Server, talk: CoachClient) -> None:
    answer = post(server, {"conversation": talk.conversation, "text": "hi"}, sec_fetch_site="cross-site")
    assert refusal(answer) == (403, "foreign")


def test_no_other_origin_is_allowed(server: Server) -> None:
    answer = ask(server, "GET", "/coach/health", origin="https://elsewhere.example")
    assert answer.headers["Access-Control-Allow-Origin"] is None
