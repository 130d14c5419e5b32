"""A whole massage by voice, in a room without a sound card."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from palmwise.speech.sentences import lines
from tests.voice.listening import heard
from tests.voice.room import Room
from tests.voice.talk import Talk

pytestmark = [pytest.mark.slow, pytest.mark.audio, pytest.mark.server]
SPEED = 10.0
RATE = 230
"""Words a minute."""
OTHERS = (
    "The train to the coast leaves at nine.", "Put the flour into a large bowl.", "It will rain in the afternoon.",
    "The second half begins in a minute.", "Your parcel is waiting at the post office.", "Turn left at the church.",
    "The children are playing in the garden.", "Bake the bread for forty minutes.", "He never answers his letters.",
)  # fmt: skip
"""What the coach never says."""


@pytest.fixture
def talk(virtual: Room, server: str) -> Talk:
    return Talk(virtual, server, "--echo", "headset", "--ear", "sphinx", "--rate", str(RATE), speed=SPEED)


def test_a_whole_classic_massage_is_led_by_voice(talk: Talk, virtual: Room, tmp_path: Path) -> None:
    try:
        talk.until("Hello")
        with virtual.recording(tmp_path / "coach.raw"):
            talk.ask("start the massage", "Shall we")
            time.sleep(12)
        _was_spoken(talk, tmp_path)
        _mumbles(talk)
        _begins(talk)
        _is_steered(talk)
        _loses_its_microphone(talk, virtual)
        talk.ask("what's next", "> what's next", "rms")
        talk.until("That was the whole massage", 240)
        assert talk.count("PERSON") >= 10
    finally:
        (tmp_path / "transcript.txt").write_text(talk.transcript)
        talk.close()


def _was_spoken(talk: Talk, folder: Path) -> None:
    """Every line of the last card, in order, whole, and nothing else after them."""
    shown = lines(talk.lines[-1][1])
    assert len(shown) >= 2
    found = heard(folder / "coach.raw", [*shown, *OTHERS], folder, RATE)
    assert found[-len(shown) :] == list(shown), f"{found}\n{talk.transcript}"


def _begins(talk: Talk) -> None:
    talk.ask("yes please", "safety question")
    talk.ask("no", "quiet, comfortable place", "rms")
    talk.ask("yes", "Step one of six")


def _is_steered(talk: Talk) -> None:
    # All of it over the coach's own words
    talk.ask("next", "Step two of six")
    talk.ask("how long", "to go")
    talk.ask("hold on", ("Holding here", "I'll wait", "still holding", "your place"))
    said = talk.count(">")
    talk.say("did you feed the cat this morning", "rms")
    talk.say("my sister is coming over on saturday with the kids", "rms")
    assert talk.count(">") == said
    talk.ask("carry on", "> carry on")
    talk.ask("too much pressure", "> too much pressure", "rms")
    talk.ask("carry on", "> carry on")
    talk.ask("ouch", "> ouch", "rms", snr=None)
    talk.ask("carry on", "> carry on")
    talk.ask("what step am i on", "of six")
    talk.ask("say that again", "> say that again", "rms")


def _mumbles(talk: Talk) -> None:
    """Into the silence after a question: what is mumbled over the coach's own words counts as talk in the room."""
    talk.mumble()
    talk.until("did not catch that")
    time.sleep(4)


def _loses_its_microphone(talk: Talk, virtual: Room) -> None:
    # A driver that stalls is the worst way to go: reading it hangs for ever.
    virtual.pactl("suspend-source", "voice_mic", "1")
    talk.until("cannot hear you")
    virtual.pactl("suspend-source", "voice_mic", "0")
    talk.until("can hear you again")


def test_control_c_ends_at_once_and_leaves_nothing(talk: Talk, virtual: Room) -> None:
    try:
        talk.until("Hello")
        talk.interrupt()
        assert not list(virtual.folder.glob("palmwise-voice-*/"))
    finally:
        talk.close()
