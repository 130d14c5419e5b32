"""The check of the devices, in the room room."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from benchmarks.voice.room import Room
from palmwise.resources import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.audio]


def test_the_check_understands_somebody_who_says_what_it_asks_for(room: Room) -> None:
    output = output_of_check(room, "what's next")
    assert "spoken" in output
    assert ": good." in output
    assert '"what\'s next"' in output


def test_the_check_names_a_microphone_that_is_mute(room: Room) -> None:
    room.pactl("set-source-mute", "voice_mic", "1")
    output = output_of_check(room, None)
    assert "nothing at all" in output
    assert "--device" in output


def output_of_check(room: Room, says: str | None) -> str:
    """Run the check while somebody says something when asked to; return what it writes."""
    command = [sys.executable, "-m", "voice.check", "--ear", "sphinx"]
    with subprocess.Popen(command, cwd=ROOT, env=room.environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Listening" in line and says:
                threading.Timer(0.8, room.say, (says,)).start()
    return "".join(lines)
