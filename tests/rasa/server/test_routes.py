from __future__ import annotations

import http.client
import json
import threading
from typing import Any
from urllib.parse import urlsplit

import pytest

from palmwise.client.http_client import CoachClient
from palmwise.errors import RefusedError
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


def test_it_is_healthy(server: Server) -> None:
    assert ask(server, "GET", "/coach/health").json == {"status": "ok"}


def test_the_first_page_is_ours(server: Server) -> None:
    answer = ask(server, "GET", "/")
    assert answer.status == 200
    assert b"Rasa" not in answer.raw


def test_a_conversation_is_opened_with_a_cookie(server: Server) -> None:
    answer = ask(server, "POST", "/coach/conversation")
    conversation = answer.json["conversation"]
    assert len(conversation) >= 22
    cookie = answer.headers["Set-Cookie"]
    assert f"={conversation};" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


STRANGERS = ["x@y=1", 'prefs={"a": 1}', "a/b=1", "flag", "=;;", 'half="open']
"""Cookies of other programs, which browsers share among all ports of a machine."""


@pytest.mark.parametrize("stranger", STRANGERS)
def test_cookies_of_others_are_in_nobodys_way(stranger: str, server: Server) -> None:
    cookie = ask(server, "POST", "/coach/conversation", cookie=stranger).headers["Set-Cookie"].partition(";")[0]
    conversation = cookie.partition("=")[2]
    for given in (f"{stranger}; {cookie}", f"{cookie}; {stranger}"):
        assert ask(server, "GET", "/coach/conversation", cookie=given).status == 200
    named = {"x_palmwise_conversation": conversation, "cookie": stranger}
    assert ask(server, "GET", "/coach/conversation", **named).status == 200
    assert post(server, {"conversation": conversation, "text": "next"}, cookie=stranger).status == 200
    assert ask(server, "DELETE", f"/coach/conversation?conversation={conversation}", cookie=stranger).status == 204


def test_the_cookie_is_enough_at_every_door(server: Server) -> None:
    cookie = ask(server, "POST", "/coach/conversation").headers["Set-Cookie"].partition(";")[0]
    assert post(server, {"text": "hello"}, cookie=cookie).status == 200
    assert ask(server, "GET", "/coach/conversation", cookie=cookie).status == 200
    assert ask(server, "DELETE", "/coach/conversation", cookie=cookie).status == 204
    assert refusal(ask(server, "GET", "/coach/conversation", cookie=cookie)) == (404, "unknown_conversation")


def test_it_is_forgotten_whether_address_or_body_names_it(server: Server) -> None:
    by_address, by_body = server.talk(), server.talk()
    by_address.forget()
    named = json.dumps({"conversation": by_body.conversation})
    assert ask(server, "DELETE", "/coach/conversation", named, content_type="application/json").status == 204
    for talk in (by_address, by_body):
        with pytest.raises(RefusedError) as told:
            talk.look()
        assert told.value.status == 404


def test_a_header_names_the_conversation_too(server: Server, talk: CoachClient) -> None:
    header = {"x_palmwise_conversation": str(talk.conversation)}
    assert ask(server, "GET", "/coach/conversation", **header).json["session"]["state"] == "none"


def test_messages_end_with_one_card(talk: CoachClient) -> None:
    messages = talk.say("my hands are sore")
    assert [("custom" in message) for message in messages] == [False] * (len(messages) - 1) + [True]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_only_json_is_taken(server: Server, kind: str) -> None:
    answer = ask(server, "POST", "/coach/message", '{"text": "hi"}', content_type=kind)
    assert refusal(answer) == (415, "not_json")


@pytest.mark.parametrize("body", ["", "{", "[]", '{"text": 3}', "{}", '{"text": "a", "payload": "/next_step"}'])
def test_malformed_is_400(server: Server, body: str) -> None:
    assert refusal(post(server, body)) == (400, "malformed")


def test_whose_message_it_is_must_be_said(server: Server) -> None:
    assert refusal(post(server, {"text": "hi"})) == (400, "malformed")


@pytest.mark.parametrize("conversation", ["unknown", "x" * 32, "default", "../../etc/passwd"])
def test_unknown_is_404(server: Server, conversation: str) -> None:
    assert refusal(post(server, {"conversation": conversation, "text": "hi"})) == (404, "unknown_conversation")


def test_a_thousand_characters_and_no_more(server: Server, talk: CoachClient) -> None:
    assert talk.say("a " * 500)
    answer = post(server, {"conversation": talk.conversation, "text": "a" * 1001})
    assert refusal(answer) == (413, "too_long")


def test_a_huge_body_is_413(server: Server) -> None:
    assert refusal(post(server, '{"text": "' + "a" * 100_000 + '"}')) == (413, "too_long")


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/coach/nothing", 404), ("PUT", "/coach/message", 405)])
def test_other_doors_are_json_too(server: Server, method: str, path: str, status: int) -> None:
    assert refusal(ask(server, method, path))[0] == status


@pytest.mark.parametrize(
    "path", ["/status", "/domain", "/model/parse", "/conversations/x/tracker", "/webhooks/rest/webhook"]
)
def test_rasas_own_doors_are_shut(server: Server, path: str) -> None:
    assert ask(server, "GET", path).status == 404


@pytest.mark.parametrize("path", ["../domain.yml", "%2e%2e/domain.yml", "pictures/../phrases.yml", ".env", "x.py"])
def test_no_other_files_are_given_away(server: Server, path: str) -> None:
    assert ask(server, "GET", f"/coach/{path}").status == 404


def test_pictures_are_served_and_kept(server: Server) -> None:
    answer = ask(server, "GET", "/coach/pictures/effleurage.svg")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    again = ask(server, "GET", "/coach/pictures/effleurage.svg", if_none_match=answer.headers["ETag"])
    assert (again.status, again.raw) == (304, b"")


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\t", "\x00", "\ud800", "🤷🏽‍♀️", "/", "…", "\u200b", "<script>", "a\x00b"]
)
def test_odd_texts_are_answered(talk: CoachClient, text: str) -> None:
    messages = talk.say(text)
    assert messages[0]["text"]
    assert messages[-1]["custom"]["session"]["state"] == "none"


@pytest.mark.parametrize(
    "text", ["/next_step", '/next_step{"minutes": 99999}', "/restart", " //session_start", "/back"]
)
def test_typed_commands_are_words(talk: CoachClient, text: str) -> None:
    begin(talk)
    card = talk.say(text)[-1]["custom"]
    assert (card["card"], card["session"]["step"], card["session"]["state"]) == ("note", 1, "running")


def test_a_typed_stop_is_heard_whatever_stands_before_it(talk: CoachClient) -> None:
    begin(talk)
    assert talk.say("/stop")[-1]["custom"]["session"]["state"] == "stopped"


def test_every_button_works(talk: CoachClient) -> None:
    messages = talk.press("/faq/oils")
    assert messages[-1]["custom"]["id"] == "faq/oils"
    with pytest.raises(RefusedError) as caught:
        talk.press("/session_start")
    assert (caught.value.status, caught.value.code) == (400, "unknown_payload")


def test_restart_is_the_coachs_and_not_rasas(talk: CoachClient) -> None:
    begin(talk)
    talk.say("next")
    session = talk.say("start over")[-1]["custom"]["session"]
    assert (session["state"], session["step"]) == ("running", 1)


def test_a_late_timer_gets_no_word_and_changes_nothing(talk: CoachClient) -> None:
    token = begin(talk)["session"]["token"]
    assert talk.end_step(token)[-1]["custom"]["session"]["step"] == 2
    assert talk.end_step(token) == []
    assert talk.look()["session"]["step"] == 2


def test_an_early_timer_gets_no_word_and_changes_nothing(talk: CoachClient) -> None:
    card = begin(talk)
    token = card["session"]["token"]
    assert talk.end_step(token, clock={"token": token, "elapsed": 3.0}) == []
    assert talk.look()["session"]["step"] == 1
    over = {"token": token, "elapsed": card["clock"]["duration"]}
    assert talk.end_step(token, clock=over)[-1]["custom"]["session"]["step"] == 2


def test_a_retry_is_answered_again_and_not_done_twice(talk: CoachClient) -> None:
    begin(talk)
    first = talk.say("next", id="m-1")
    assert talk.say("next", id="m-1") == first
    assert talk.look()["session"]["step"] == 2
    assert talk.say("next", id="m-2")[-1]["custom"]["session"]["step"] == 3


def test_two_at_once_are_answered_in_order(talk: CoachClient) -> None:
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


def test_looking_shows_the_card_and_changes_nothing(talk: CoachClient) -> None:
    begin(talk)
    first, second = talk.look(), talk.look()
    assert first["messages"][-1]["custom"]["card"] == "step"
    assert first["session"]["token"] == second["session"]["token"]


def test_the_clients_clock_is_believed(talk: CoachClient) -> None:
    token = begin(talk)["session"]["token"]
    card = talk.say("pause", clock={"token": token, "elapsed": 7.5})[-1]["custom"]
    assert (card["clock"]["elapsed"], card["clock"]["running"]) == (7.5, False)


def test_what_is_forgotten_is_unknown(talk: CoachClient) -> None:
    begin(talk)
    talk.forget()
    with pytest.raises(RefusedError) as caught:
        talk.say("next")
    assert caught.value.status == 404


def test_other_sites_may_not_talk(server: Server, talk: CoachClient) -> None:
    answer = post(server, {"conversation": talk.conversation, "text": "hi"}, sec_fetch_site="cross-site")
    assert refusal(answer) == (403, "foreign")


def test_no_other_origin_is_allowed(server: Server) -> None:
    answer = ask(server, "GET", "/coach/health", origin="https://elsewhere.example")
    assert answer.headers["Access-Control-Allow-Origin"] is None
