"""What the voice does when something fails."""

from __future__ import annotations

import httpx
import pytest

from palmwise.client.http_client import CoachClient
from palmwise.speech.events import (
    LineFailed,
    LineSpoken,
    MicrophoneBack,
    MicrophoneLost,
    RequestFailed,
    Send,
    Typed,
)
from tests.unit.voice.scripted import ScriptedSession
from voice import words
from voice.loop import answer_to


def test_an_unreachable_server_is_mentioned_once_and_costs_no_time() -> None:
    session = ScriptedSession().started()
    session.down = True
    session.run(60)
    at = session.elapsed
    session.run(10)
    assert session.elapsed == pytest.approx(at + 10, abs=0.3)
    session.run(60)
    assert words.UNREACHABLE.split(".")[0] in session.heard_of
    assert session.heard_of.count("lost touch") == 1
    tries = [message for _, message in session.asked if message.get("by") == "timer"]
    assert len(tries) > 3
    assert len({message["id"] for message in tries}) == 1
    session.down = False
    session.run(10)
    assert session.server.step == 2
    assert words.REACHED_AGAIN in session.heard_of


def test_stale_words_are_not_sent_but_asked_for_again() -> None:
    session = ScriptedSession().started()
    session.down = True
    asked = session.now
    session.hear("how long", "how_long")
    session.run(30)
    session.down = False
    session.run(110)
    assert words.REPEAT_PLEASE in session.heard_of
    assert all("text" not in message for at, message in session.asked if at > asked + 25)


@pytest.mark.parametrize(("text", "intent", "state"), [
    ("ouch", "report_pain", "paused"), ("pause", "pause", "paused"), ("stop", "stop", "stopped"),
    ("my chest feels tight and i can hardly breathe", None, "stopped"),
])  # fmt: skip
@pytest.mark.parametrize("known", [False, True])
def test_halting_words_hold_the_countdown_without_the_server_and_are_sent_however_late(
    text: str, intent: str | None, state: str, *, known: bool
) -> None:
    session = ScriptedSession().started()
    session.down = True
    session.run(5)
    if known:
        session.hear("how long", "how_long")
        session.run(3)
    before, begun = session.elapsed, len(session.begun)
    session.hear(text, intent)
    at = session.elapsed
    assert at < before + 2
    session.run(130)
    assert session.elapsed == at
    assert session.server.state == "running"
    assert session.server.step == 1
    said = " ".join(text for _, text in session.begun[begun:])
    assert "Hands off for now." in said
    assert "Keep going" not in said
    assert ("call for help" in said) is (intent is None)
    session.down = False
    session.run(6)
    assert session.server.state == state
    assert words.REACHED_AGAIN in session.heard_of


def test_typed_halting_words_hold_the_countdown_without_the_server() -> None:
    session = ScriptedSession().started()
    session.down = True
    session.post(Typed("Ouch!"))
    session.run(1)
    at = session.elapsed
    session.run(20)
    assert session.elapsed == at
    assert "Hands off for now." in session.heard_of


def test_stale_words_are_not_sent_one_after_the_other() -> None:
    session = ScriptedSession().started()
    session.down = True
    session.until(lambda: any(message.get("by") == "timer" for _, message in session.asked), 200)
    for _ in range(3):
        session.hear("next", "next_step")
        session.run(20)
    session.run(30)
    session.down = False
    session.run(10)
    assert session.server.step == 2
    assert words.REACHED_AGAIN in session.heard_of
    assert words.REPEAT_PLEASE in session.heard_of


def test_a_repeated_message_reports_the_countdown_as_it_is_then() -> None:
    session = ScriptedSession().started()
    session.run(12)
    session.down = True
    session.hear("how long", "how_long")
    session.run(14)
    at = session.elapsed
    session.down = False
    session.until(lambda: session.server.kinds[-1] != "step")
    assert session.elapsed >= at


def test_a_refused_timer_is_mentioned_once_and_repeated_less_and_less_often() -> None:
    session = ScriptedSession().started()
    session.run(90)
    session.refusing = True
    session.run(200)
    assert sum(message.get("by") == "timer" for _, message in session.asked) < 8
    assert {} in [message for _, message in session.asked]
    assert words.REFUSED not in session.heard_of
    assert session.heard_of.count(words.STUCK) == 1
    session.refusing = False
    session.until(lambda: session.server.step == 2)


def test_a_step_made_longer_on_another_client_is_not_ended_early() -> None:
    session = ScriptedSession().started()
    session.server.answer({"text": "slower"})
    session.until(lambda: any(not message for _, message in session.asked))
    session.run(1)
    assert session.server.step == 1
    assert session.turns.countdown is not None
    assert session.turns.countdown.duration > 110
    session.until(lambda: session.server.step == 2)
    assert words.MOVED_ELSEWHERE not in session.heard_of
    assert sum(message.get("by") == "timer" for _, message in session.asked) == 2


def test_a_lost_microphone_is_mentioned_and_the_massage_goes_on() -> None:
    session = ScriptedSession().started()
    session.post(MicrophoneLost("gone"))
    session.run(130)
    assert words.MICROPHONE_LOST.split(":")[0] in session.heard_of
    assert session.server.step == 2
    session.post(MicrophoneBack())
    session.run(3)
    session.quiet()
    assert words.MICROPHONE_BACK in session.heard_of


def test_without_a_voice_the_massage_goes_on_in_writing() -> None:
    session = ScriptedSession().started()
    session.run(20)
    session.hear("how long", "how_long")
    number = session.orders[-1].number
    session.pending = [item for item in session.pending if not isinstance(item[2], LineSpoken)]
    session.post(LineFailed(number, "no loudspeaker."))
    session.run(120)
    assert session.server.step >= 2


def test_a_step_changed_on_another_client_is_taken_over() -> None:
    session = ScriptedSession().started()
    session.server.move(2)
    session.run(130)
    assert words.MOVED_ELSEWHERE in session.heard_of
    assert {} in [message for _, message in session.asked]
    clock = session.turns.countdown
    assert clock is not None
    assert clock.token == session.server.token


@pytest.mark.parametrize(("status", "unreachable"), [(429, False), (400, False), (500, True), (503, True)])
def test_an_error_of_the_server_itself_counts_as_unreachable(status: int, *, unreachable: bool) -> None:
    def serve(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, json={"error": "any", "detail": "Any."})

    client = CoachClient("http://coach", conversation="talk", transport=httpx.MockTransport(serve))
    assert answer_to(Send(1, {"text": "next"}), client) == RequestFailed(1, unreachable)
    assert answer_to(Send(2, {}), client) == RequestFailed(2, unreachable)


def test_no_answer_counts_as_unreachable() -> None:
    client = CoachClient("http://127.0.0.1:9", conversation="talk")
    assert answer_to(Send(1, {"text": "next"}), client) == RequestFailed(1, unreachable=True)
