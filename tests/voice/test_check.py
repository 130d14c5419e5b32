"""The check of the devices, in the virtual room."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from palmwise.resources import ROOT
from tests.voice.room import Room

pytestmark = [pytest.mark.slow, pytest.mark.audio]


def test_the_check_hears_and_understands_who_reads_what_it_says(virtual: Room) -> None:
    told = checked(virtual, "what's next")
    assert "spoken" in told
    assert ": good." in told
    assert '"what\'s next"' in told


def test_the_check_names_a_microphone_that_is_mute(virtual: Room) -> None:
    virtual.pactl("set-source-mute", "voice_mic", "1")
    told = checked(virtual, None)
    assert "nothing at all" in told
    assert "--device" in told


def checked(room: Room, says: str | None) -> str:
    """What it writes, while somebody says that when asked to."""
    command = [sys.executable, "-m", "voice.check", "--ear", "sphinx"]
    with subprocess.Popen(command, cwd=ROOT, env=room.environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Listening" in line and says:
                threading.Timer(0.8, room.say, (says,)).start()
    return "".join(lines)
