"""A whole massage by voice, in a room without a sound card.

A person who is not understood says it again in other words, up to `ATTEMPTS` times. Which phrases a recognizer misses
how often is measured by `make bench-voice`; that it knows the safety words is tested in test_safety_words.py.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest

from benchmarks.voice.room import VOICES, Room
from benchmarks.voice.voice_session import VoiceSession
from palmwise.speech.synthesis import split_lines
from tests.voice.listening import find_spoken

pytestmark = [pytest.mark.slow, pytest.mark.audio, pytest.mark.server]
SPEED = 10.0
RATE = 230
"""Words a minute."""
ATTEMPTS = 6
ATTEMPT_SECONDS = 8.0
"""After which a person who was not understood says it again."""
NEVER_SAID = (
    "The train to the coast leaves at nine.", "Put the flour into a large bowl.", "It will rain in the afternoon.",
    "The second half begins in a minute.", "Your parcel is waiting at the post office.", "Turn left at the church.",
    "The children are playing in the garden.", "Bake the bread for forty minutes.", "He never answers his letters.",
)  # fmt: skip
PAIN = ("that hurts", "too much pressure", "it hurts")


@pytest.fixture
def session(room: Room, server: str, tmp_path: Path) -> Iterator[VoiceSession]:
    session = VoiceSession(room, server, "--echo", "headset", "--ear", "sphinx", "--rate", str(RATE), speed=SPEED)
    try:
        yield session
    finally:
        (tmp_path / "transcript.txt").write_text(session.transcript)
        session.close()


def ask(session: VoiceSession, *ways: str, answer: str | tuple[str, ...] = (), voice: str = VOICES[0]) -> None:
    """Say something in one way after the other, with one voice and then the other, until the answer comes.

    By default it is enough that one of the ways was understood.
    """
    expected = (answer,) if isinstance(answer, str) else answer
    voices = sorted(VOICES, key=lambda each: each != voice)
    sayings = cycle([(way, each) for each in voices for way in ways])
    for text, each in islice(sayings, ATTEMPTS):
        session.say(text, each)
        try:
            session.wait_for(*(expected or (f"> {way}" for way in ways)), timeout=ATTEMPT_SECONDS)
        except TimeoutError:
            continue
        return
    raise AssertionError(f"{ways} was not understood {ATTEMPTS} times:\n{session.transcript}")


def test_a_whole_classic_massage_is_led_by_voice(session: VoiceSession, room: Room, tmp_path: Path) -> None:
    session.wait_for("Hello")
    with room.recording(tmp_path / "coach.raw"):
        ask(session, "start the massage", answer="Shall we")
        time.sleep(12)
    check_that_the_last_card_was_spoken(session, tmp_path)
    mumble(session)
    begin(session)
    steer(session)
    lose_the_microphone(session, room)
    ask(session, "what's next", "next step please")
    session.wait_for("That was the whole massage", timeout=240)
    assert session.count("PERSON") >= 10


def check_that_the_last_card_was_spoken(session: VoiceSession, folder: Path) -> None:
    """Every line of it, in order, whole, and nothing else after them."""
    shown = split_lines(session.lines[-1][1])
    assert len(shown) >= 2
    found = find_spoken(folder / "coach.raw", [*shown, *NEVER_SAID], folder, RATE)
    assert found[-len(shown) :] == list(shown), f"{found}\n{session.transcript}"


def mumble(session: VoiceSession) -> None:
    """Into the silence after a question: a mumble over the coach's own words counts as talk in the room."""
    session.mumble()
    session.wait_for("did not catch that")
    time.sleep(4)


def begin(session: VoiceSession) -> None:
    ask(session, "yes please", "yes", answer="safety question")
    ask(session, "none of these", "no", answer="quiet, comfortable place")
    ask(session, "yes", "yes please", answer="Step one of six")


def steer(session: VoiceSession) -> None:
    """All of it over the coach's own words."""
    ask(session, "next step please", "what's next", answer="Step two of six")
    ask(session, "how long", answer="to go")
    ask(
        session,
        "hold on",
        "pause please",
        answer=("Holding here", "I'll wait", "still holding", "your place"),
        voice="rms",
    )
    sent = session.count("> ")
    session.say("did you feed the cat this morning", "rms")
    session.say("my sister is coming over on saturday with the kids", "rms")
    assert session.count("> ") == sent
    ask(session, "carry on")
    ask(session, *PAIN)
    ask(session, "carry on")
    ask(session, *reversed(PAIN))
    ask(session, "carry on")
    ask(session, "what step am i on", answer="of six")
    ask(session, "say that again", "repeat that please")


def lose_the_microphone(session: VoiceSession, room: Room) -> None:
    # A driver that stalls is the worst case: reading from it hangs for ever.
    room.pactl("suspend-source", "voice_mic", "1")
    session.wait_for("cannot hear you")
    room.pactl("suspend-source", "voice_mic", "0")
    session.wait_for("can hear you again")


def test_control_c_ends_at_once_and_leaves_nothing(session: VoiceSession, room: Room) -> None:
    session.wait_for("Hello")
    session.interrupt()
    assert not list(room.folder.glob("palmwise-voice-*/"))
