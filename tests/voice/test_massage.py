"""A whole massage by voice, in a room without a sound card."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.voice.room import Room
from tests.voice.talk import Talk

pytestmark = [pytest.mark.slow, pytest.mark.audio, pytest.mark.server]
SPEED = 8.0


@pytest.fixture
def talk(virtual: Room, server: str) -> Talk:
    return Talk(virtual, server, "--echo", "headset", "--ear", "sphinx", "--rate", "230", speed=SPEED)


def test_a_whole_classic_massage_is_led_by_voice(talk: Talk, virtual: Room, tmp_path: Path) -> None:
    try:
        talk.until("Hello")
        talk.ask("start the massage", "Shall we")
        talk.ask("yes please", "safety question")
        talk.ask("no", "quiet, comfortable place", "rms")
        talk.ask("yes", "Step one of six")
        # Over the coach's own words
        talk.ask("next", "Step two of six")
        talk.ask("how long", "to go")
        talk.ask("hold on", "> hold on")
        said = talk.count(">")
        talk.say("did you feed the cat this morning", "rms")
        talk.say("my sister is coming over on saturday with the kids", "rms")
        assert talk.count(">") == said
        talk.ask("carry on", "> carry on")
        talk.ask("too much pressure", "> too much pressure", "rms")
        talk.ask("carry on", "> carry on")
        talk.ask("what step am i on", "of six")
        talk.ask("say that again", "> say that again", "rms")
        virtual.pactl("unload-module", "module-remap-source")
        talk.until("cannot hear you")
        virtual.pactl("load-module", "module-remap-source", "source_name=voice_mic", "master=voice_user.monitor")
        virtual.pactl("set-default-source", "voice_mic")
        talk.until("can hear you again")
        talk.ask("what's next", "> what's next", "rms")
        talk.until("That was the whole massage", 240)
        assert talk.count("PERSON") >= 10
    finally:
        (tmp_path / "transcript.txt").write_text(talk.transcript)
        talk.close()


def test_control_c_ends_at_once_and_leaves_nothing(talk: Talk, virtual: Room) -> None:
    try:
        talk.until("Hello")
        talk.interrupt()
        assert not list(virtual.folder.glob("palmwise-voice-*/"))
    finally:
        talk.close()
