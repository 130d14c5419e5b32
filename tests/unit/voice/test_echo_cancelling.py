"""The coach's own voice is taken out of the microphone's sound, and it is known whether that works."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pytest

from palmwise.speech.endpointing import PIECE, PIECE_SECONDS, SileroEndpointer
from palmwise.speech.events import SpeechBegan
from tests.unit.voice.scripted import Sound
from voice.echo_cancelling import TEST_SECONDS, CancelledSource, EchoTest, MonitorReference, cancelled
from voice.relevance import Listener


def noise(level: float, seed: int = 1) -> bytes:
    return (np.random.default_rng(seed).standard_normal(PIECE) * level).astype(np.int16).tobytes()


def outcome(raw: float, left: float, played: float = 2000) -> bool | None:
    test = EchoTest()
    for _ in range(round(TEST_SECONDS / PIECE_SECONDS) + 2):
        test.add(noise(played), noise(raw), noise(left))
    return test.passed


@pytest.mark.parametrize(
    ("raw", "left", "played", "passed"),
    [(800, 80, 2000, True), (800, 400, 2000, False), (20, 20, 2000, True), (800, 80, 10, None)],
)
def test_it_works_if_little_is_left_or_nothing_was_heard(
    raw: float, left: float, played: float, *, passed: bool | None
) -> None:
    assert outcome(raw, left, played) is passed


@pytest.mark.parametrize(("room", "passed"), [(200, True), (100, False)])
def test_what_is_no_louder_than_the_room_is_no_echo(room: float, *, passed: bool) -> None:
    """As where the sound server's own canceller has taken the echo out already."""
    test = EchoTest()
    for _ in range(20):
        test.add(bytes(2 * PIECE), noise(room), noise(room))
    for _ in range(round(TEST_SECONDS / PIECE_SECONDS) + 2):
        test.add(noise(2000), noise(250), noise(220))
    assert test.passed is passed


def test_what_failed_is_tried_again() -> None:
    test = EchoTest()
    pieces = round(TEST_SECONDS / PIECE_SECONDS) + 1
    assert not any(test.add(noise(2000), noise(800), noise(800)) for _ in range(pieces))
    assert any(test.add(noise(2000), noise(800), noise(50)) for _ in range(pieces))


class Tape:
    """A microphone, or a monitor, that has the same sound all the time."""

    def __init__(self, sound: bytes) -> None:
        self.sound, self.closed = sound, False

    def read(self) -> bytes:
        return self.sound

    def take(self, count: int) -> bytes:
        return self.sound[:count].ljust(count, b"\0")

    def close(self) -> None:
        self.closed = True


def test_the_source_gives_what_is_left_and_tells_once_that_it_works() -> None:
    echo, told = noise(800), list[bool]()
    microphone, monitor = Tape(echo), Tape(echo)
    source = CancelledSource(microphone, monitor, lambda near, far: near - far, lambda: told.append(True))
    for _ in range(2 * round(TEST_SECONDS / PIECE_SECONDS)):
        assert source.read() == bytes(2 * PIECE)
    assert told == [True]
    source.close()
    assert microphone.closed
    assert monitor.closed


def test_what_is_played_is_recorded_and_old_sound_dropped(tmp_path: Path) -> None:
    program = tmp_path / "parec"
    program.write_text(f"#!{sys.executable}\nimport sys, time\nsys.stdout.buffer.write(bytes(2000) + b'\\x01' * 8000)\n"
                       "sys.stdout.flush()\ntime.sleep(30)\n")  # fmt: skip
    program.chmod(0o755)
    reference = MonitorReference(str(program))
    end = time.monotonic() + 20
    found = b""
    # What is not there yet is zeros, as is the old sound.
    while len(found) < 1000 and time.monotonic() < end:
        found += reference.take(1000).strip(b"\0")
    assert found[:1000] == b"\x01" * 1000
    reference.close()


def test_without_a_monitor_the_microphone_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    microphone = Tape(b"")
    assert cancelled(microphone, lambda: None) is microphone


def test_afterwards_people_are_heard_while_the_coach_speaks() -> None:
    endpointer = SileroEndpointer("half", Sound, lambda piece: 0.95 if any(piece) else 0.0)
    endpointer.set_policy("gate")
    endpointer.set_speaking(speaking=True)
    events = [event for level in [10] * 60 + [3000] * 10 for event in endpointer.feed(noise(level))]
    assert [type(event) for event in events] == [SpeechBegan]


def test_and_the_coach_leaves_no_gaps() -> None:
    listener = Listener(gap=0.9, echoes=True)
    listener.echo_cancelled()
    assert not listener.in_gap(0.0)
