"""Sound over HTTP by a real server: what it hears, and what it says."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from benchmarks.voice.room import VOICES, missing_programs, spoken_clip
from palmwise.client.http_client import CoachClient
from palmwise.server.listening import LONGEST_SECONDS, MEDIA_TYPE
from palmwise.speech.endpointing import RATE

pytestmark = [pytest.mark.slow, pytest.mark.audio, pytest.mark.server]
START_SECONDS = 240.0
"""For loading the models on a busy machine."""
HEADERS = {"Content-Type": f"{MEDIA_TYPE};rate={RATE}"}
HALTING = ("stop", "that hurts", "ouch", "hold on")


@pytest.fixture(scope="module")
def conversation(server: str) -> Iterator[httpx.Client]:
    """A client whose requests belong to a conversation, with a server that listens."""
    if missing_programs():
        pytest.skip(f"the clips need {', '.join(missing_programs())}")
    with contextlib.closing(CoachClient(server)) as coach:
        coach.open()
        with httpx.Client(base_url=server, headers={"X-Palmwise-Conversation": coach.conversation or ""}) as client:
            client.timeout = httpx.Timeout(START_SECONDS)
            _wait_for_the_ear(client)
            yield client


def _wait_for_the_ear(client: httpx.Client) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not client.get("/coach/listen").json()["ear"]:
        assert time.monotonic() < deadline, "the ear does not start"
        time.sleep(0.5)


def post(client: httpx.Client, sound: bytes, asked: str = "") -> httpx.Response:
    return client.post("/coach/listen", params={"asked": asked}, headers=HEADERS, content=sound)


def spoken(text: str) -> bytes:
    sound: bytes = spoken_clip(text, VOICES[1], None).get_raw_data(RATE, 2)
    return sound


def heard(client: httpx.Client, text: str) -> dict[str, object]:
    response = post(client, spoken(text))
    assert response.status_code == 200, response.text
    found: dict[str, object] = response.json()
    return found


@pytest.mark.parametrize("text", ["what's next", "how long", "carry on", "what are the steps"])
def test_a_spoken_command_comes_back_as_text(conversation: httpx.Client, text: str) -> None:
    assert heard(conversation, text) == {"text": text, "complete": True, "doubtful": False}


@pytest.mark.parametrize("text", HALTING)
def test_words_of_alarm_come_back_as_such(conversation: httpx.Client, text: str) -> None:
    assert heard(conversation, text)["text"] in HALTING


def test_what_is_no_speech_comes_back_empty(conversation: httpx.Client) -> None:
    assert post(conversation, bytes(2 * RATE)).json()["text"] == ""


def test_what_the_server_does_not_take_is_refused(conversation: httpx.Client) -> None:
    assert post(conversation, bytes(2 * RATE * LONGEST_SECONDS + 2)).status_code == 413
    assert post(conversation, b"123").status_code == 400
    assert conversation.post("/coach/listen", json={}).status_code == 415


@pytest.mark.skipif("PALMWISE_SERVER" in os.environ, reason="only a server of the tests has its ear killed")
def test_an_ear_that_was_killed_comes_back(conversation: httpx.Client) -> None:
    (ear,) = _descendants(os.getpid(), "ear_process")
    os.kill(ear, signal.SIGKILL)
    # A sound that came before the server noticed is refused, with the advice to send it again.
    while (response := post(conversation, spoken("how long"))).is_error:
        assert response.status_code == 503
        time.sleep(1)
    assert response.json()["text"] == "how long"
    assert _descendants(os.getpid(), "ear_process") != [ear]


def test_what_the_coach_says_can_be_heard_and_understood(conversation: httpx.Client, server: str) -> None:
    answer = conversation.post("/coach/message", json={"text": "hello"}).json()
    address = answer["messages"][-1]["custom"]["speech"]
    sound = conversation.get(address, headers={"Accept": "audio/ogg"})
    assert (sound.status_code, sound.headers["Content-Type"]) == (200, "audio/ogg")
    assert sound.content.startswith(b"OggS")
    assert httpx.get(f"{server}/coach/speech?key=0").status_code == 404


def _descendants(pid: int, program: str) -> list[int]:
    """Return the processes below `pid` whose command names a program."""
    children = [int(each) for task in Path(f"/proc/{pid}/task").iterdir()
                for each in (task / "children").read_text(encoding="ascii").split()]  # fmt: skip
    below = [each for child in children for each in _descendants(child, program)]
    return below + [child for child in children if program in Path(f"/proc/{child}/cmdline").read_text()]
