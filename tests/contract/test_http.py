"""What the contract says of addresses, ids, cookies and errors, against the real server and the fake."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from palmwise.client.http_client import CoachClient

pytestmark = pytest.mark.server
HEADER = "X-Palmwise-Conversation"


@pytest.fixture
def http(address: str) -> Iterator[httpx.Client]:
    """A client that keeps no cookies unless told to."""
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
        yield client


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Check the shape of an error; return its status and code."""
    found: dict[str, Any] = answer.json()
    assert set(found) == {"error", "detail"}
    assert found["detail"].endswith(".")
    assert "Traceback" not in answer.text
    return answer.status_code, found["error"]


def test_a_healthy_server_says_so(http: httpx.Client) -> None:
    assert http.get("/coach/health").json() == {"status": "ok"}


def test_the_first_page_has_the_widget(http: httpx.Client) -> None:
    answer = http.get("/")
    assert answer.status_code == 200
    assert "<palmwise-coach" in answer.text


def test_a_conversation_is_opened_with_an_unguessable_id_and_a_cookie(http: httpx.Client) -> None:
    answers = [http.post("/coach/conversation", json={}) for _ in range(2)]
    first, second = (answer.json()["conversation"] for answer in answers)
    assert first != second
    assert len(first) >= 22
    cookie = answers[0].headers["Set-Cookie"]
    assert f"={first};" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_cookie_names_the_conversation_everywhere(http: httpx.Client) -> None:
    http.post("/coach/conversation", json={})
    assert http.post("/coach/message", json={"text": "hello"}).status_code == 200
    assert http.get("/coach/conversation").status_code == 200
    assert http.delete("/coach/conversation").status_code == 204
    assert refusal(http.get("/coach/conversation")) == (404, "unknown_conversation")


@pytest.mark.parametrize("where", ["header", "query"])
def test_a_header_or_the_query_names_the_conversation(http: httpx.Client, coach: CoachClient, where: str) -> None:
    id = str(coach.conversation)
    header = {HEADER: id} if where == "header" else {}
    query = {"conversation": id} if where == "query" else {}
    assert http.get("/coach/conversation", params=query, headers=header).json()["session"]["state"] == "none"
    assert http.delete("/coach/conversation", params=query, headers=header).status_code == 204
    assert refusal(http.get("/coach/conversation", params=query, headers=header)) == (404, "unknown_conversation")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_only_json_is_accepted(http: httpx.Client, kind: str) -> None:
    answer = http.post("/coach/message", content='{"text": "hi"}', headers={"Content-Type": kind})
    assert refusal(answer) == (415, "not_json")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"text": 3}',
        '{"text": "a", "payload": "/next_step"}',
        '{"payload": "/next_step", "by": "timer"}',
        '{"text": "hi", "clock": 7}',
    ],
)
def test_malformed_requests_are_refused(http: httpx.Client, coach: CoachClient, body: str) -> None:
    headers = {"Content-Type": "application/json", HEADER: str(coach.conversation)}
    assert refusal(http.post("/coach/message", content=body, headers=headers)) == (400, "malformed")


def test_a_message_without_a_conversation_is_malformed(http: httpx.Client) -> None:
    assert refusal(http.post("/coach/message", json={"text": "hi"})) == (400, "malformed")


@pytest.mark.parametrize("id", ["unknown", "x" * 32, "default", "../../etc/passwd"])
def test_an_unknown_conversation_is_not_found(http: httpx.Client, id: str) -> None:
    answer = http.post("/coach/message", json={"conversation": id, "text": "hi"})
    assert refusal(answer) == (404, "unknown_conversation")


def test_a_text_has_a_thousand_characters_at_most(http: httpx.Client, coach: CoachClient) -> None:
    assert coach.say("a " * 500)[-1]["custom"]["card"] == "note"
    answer = http.post("/coach/message", json={"conversation": coach.conversation, "text": "a" * 1001})
    assert refusal(answer) == (413, "too_long")


def test_other_sites_are_refused(http: httpx.Client, coach: CoachClient) -> None:
    message = {"conversation": coach.conversation, "text": "hi"}
    headers = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    answer = http.post("/coach/message", json=message, headers=headers)
    assert refusal(answer) == (403, "foreign")
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_what_the_coach_has_said_can_be_heard_at_the_address_that_it_gave(
    http: httpx.Client, coach: CoachClient
) -> None:
    card = coach.say("hello")[-1]["custom"]
    answer = http.get(card["speech"])
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "audio/ogg"
    assert "private" in answer.headers["Cache-Control"]
    assert http.get(card["speech"], headers={"Accept": "audio/mpeg"}).headers["Content-Type"] == "audio/mpeg"
    slower = http.get(f"{card['speech']}&rate=120")
    assert slower.status_code == 200
    assert http.get(f"{card['speech']}&sentence=0").status_code == 200
    assert refusal(http.get(f"{card['speech']}&sentence=99")) == (404, "unknown_speech")
    assert refusal(http.get(f"{card['speech']}&sentence=first")) == (400, "malformed")


def test_the_steps_to_come_can_be_heard_by_who_asks_for_their_sounds(http: httpx.Client, coach: CoachClient) -> None:
    for words in ("start the classic routine", "no", "ready"):
        coach.say(words)
    headers = {HEADER: str(coach.conversation)}
    silent = http.get("/coach/conversation", headers=headers).json()["plan"]
    plan = http.get("/coach/conversation?speech=plan", headers=headers).json()["plan"]
    assert not any("speech" in said for step in silent for said in (step, *step["cues"]))
    assert len(plan) == len(silent) > 1
    assert all(said["speech"].startswith("/coach/speech?key=") for step in plan for said in (step, *step["cues"]))
    assert http.get(plan[-1]["speech"]).headers["Content-Type"] == "audio/ogg"


@pytest.mark.parametrize("query", ["", "?key=", "?key=" + "0" * 32, "?text=hello", "?key=hello&text=hello"])
def test_nothing_else_is_spoken(http: httpx.Client, query: str) -> None:
    assert refusal(http.get(f"/coach/speech{query}")) == (404, "unknown_speech")


@pytest.mark.parametrize("rate", ["79", "301", "fast", "-100", "1e2", "1" * 50])
def test_a_rate_is_one_that_people_can_follow(http: httpx.Client, coach: CoachClient, rate: str) -> None:
    address = coach.say("hello")[-1]["custom"]["speech"]
    assert refusal(http.get(f"{address}&rate={rate}")) == (400, "malformed")


def test_what_is_forgotten_can_be_heard_no_more(http: httpx.Client, coach: CoachClient) -> None:
    address = coach.say("hello")[-1]["custom"]["speech"]
    assert http.get(address).status_code == 200
    assert http.delete("/coach/conversation", headers={HEADER: str(coach.conversation)}).status_code == 204
    assert refusal(http.get(address)) == (404, "unknown_speech")
