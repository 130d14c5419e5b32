"""The mouth with its real voice: pyttsx3 and its driver, and how soon it is silent in the virtual room."""

from __future__ import annotations

import os
import queue
import time
import wave
from pathlib import Path

import numpy as np
import pytest

from benchmarks.voice.room import RATE, Room
from palmwise.speech.delivery import pause_mark
from palmwise.speech.events import Event, LineSpoken
from palmwise.speech.player import Player
from palmwise.speech.synthesis import Speaker
from palmwise.speech.voice_driver import register
from palmwise.speech.voices import NaturalVoice

pytestmark = pytest.mark.audio
LINE = "Stroke slowly from the fingertips to the wrist, with a flat hand, and glide back lightly."
SILENT = 0.15
"""Seconds from a stop to silence, the sound server's own buffer included."""
LOUD = 60


@pytest.fixture(scope="module")
def voice() -> NaturalVoice:
    return NaturalVoice()


def seconds(file: Path) -> float:
    with wave.open(str(file)) as sound:
        return float(sound.getnframes() / sound.getframerate())


def test_pyttsx3_speaks_with_the_natural_voice(voice: NaturalVoice, tmp_path: Path) -> None:
    import pyttsx3  # noqa: PLC0415 -- slow to load

    engine = pyttsx3.init(register(voice, Player()))
    lengths = {}
    for name, text, rate in (
        ("usual", LINE, 165),
        ("again", LINE, 165),
        ("slow", LINE, 110),
        ("pause", f"{LINE} {pause_mark(1)}", 165),
    ):
        engine.setProperty("rate", rate)
        engine.save_to_file(text, str(tmp_path / name))
        engine.runAndWait()
        lengths[name] = seconds(tmp_path / name)
    assert (tmp_path / "usual").read_bytes() == (tmp_path / "again").read_bytes(), "it can be cached"
    assert lengths["slow"] == pytest.approx(1.5 * lengths["usual"], rel=0.15)
    assert lengths["pause"] == pytest.approx(1 + lengths["usual"], abs=0.01)


def test_it_speaks_as_fast_as_it_is_told(voice: NaturalVoice) -> None:
    sound = b"".join(each.pcm for each in voice.speak(LINE, 165))
    minutes = len(sound) / 2 / 24_000 / 60
    assert len(LINE.split()) / minutes == pytest.approx(165, rel=0.2)


def test_a_stop_is_silence_and_the_voice_stays_loaded(
    room: Room, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in room.environment.items():
        monkeypatch.setitem(os.environ, name, value)
    heard: queue.Queue[Event] = queue.Queue()
    speaker = Speaker(heard.put, mouth="natural")
    try:
        speaker.say(1, "Ready.", rate=165, volume=0.65)
        assert heard.get(timeout=60) == LineSpoken(1)
        child, waits = speaker._child, []
        for number in range(2, 7):
            file = tmp_path / f"{number}.raw"
            with room.recording(file) as began:
                speaker.say(number, LINE, rate=165, volume=0.65)
                time.sleep(1.5)
                cut = time.monotonic()
                speaker.stop()
                time.sleep(0.7)
            sound = np.abs(np.frombuffer(file.read_bytes(), np.int16))
            waits.append(began + np.flatnonzero(sound > LOUD)[-1] / RATE - cut)
        assert speaker._child is child
        assert np.median(waits) < SILENT
        speaker.say(9, "Yes.", rate=165, volume=0.65)
        assert heard.get(timeout=10) == LineSpoken(9)
    finally:
        speaker.close()
