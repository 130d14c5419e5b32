"""A microphone that fails, and one that cannot deliver 16 kHz."""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest

from palmwise.errors import MicrophoneError
from palmwise.speech.endpointing import PIECE, RATE, SileroEndpointer
from palmwise.speech.events import Clip, Event, MicrophoneBack, MicrophoneLost
from tests.unit.voice.scripted import Sound
from voice.microphone import Lateness, MicrophoneListener, Resampler, SystemMicrophone


class Script:
    """A microphone that delivers so many pieces and then stalls or fails."""

    def __init__(self, count: int, then: Callable[[], bytes]) -> None:
        self.count, self.then = count, then

    def read(self) -> bytes:
        self.count -= 1
        return b"\x05\x00" * PIECE if self.count >= 0 else self.then()

    def close(self) -> None:
        """Nothing to give back."""


class Deaf:
    """An endpointer that finds nothing."""

    def feed(self, piece: bytes) -> list[Event]:
        assert piece
        return []

    def set_speaking(self, *, speaking: bool, late: float = 0.0) -> None:
        """Does not matter."""

    def complete(self, pause: int) -> None:
        """Does not matter."""


def test_a_microphone_that_stalls_is_replaced() -> None:
    stalled = threading.Event()
    events: queue.Queue[Event] = queue.Queue()
    now = [0.0]

    def stall() -> bytes:
        stalled.wait(20)
        return b"\x05\x00" * PIECE

    sources = iter([Script(5, stall), Script(10_000_000, stall)])
    listening = MicrophoneListener(lambda: next(sources), Deaf(), events.put, lambda: now[0])
    listening.start()
    try:
        while not isinstance(_next(events, now), MicrophoneLost):
            pass
        assert isinstance(_next(events, now), MicrophoneBack)
    finally:
        listening.close()
        stalled.set()


def test_no_more_than_two_readers_hang_at_once() -> None:
    now = [0.0]
    began, gates = [0], [threading.Event() for _ in range(4)]

    def hang() -> Script:
        gate = gates[began[0]]
        began[0] += 1
        return Script(0, lambda: b"\x05\x00" * PIECE if gate.wait(20) else b"")

    events: queue.Queue[Event] = queue.Queue()
    listening = MicrophoneListener(hang, Deaf(), events.put, lambda: now[0])
    listening._begin()
    for _ in range(60):
        _until(lambda: not listening._opening)
        now[0] += 3.1
        listening._look(now[0])
    assert began == [2]
    gates[0].set()
    _until(lambda: listening._alive == 1)
    now[0] += 3.1
    listening._look(now[0])
    _until(lambda: began == [3])
    listening.close()
    for gate in gates:
        gate.set()
    _until(lambda: not listening._alive)


def test_a_microphone_that_is_slow_to_open_is_not_lost() -> None:
    now = [0.0]
    opened, ended = threading.Event(), threading.Event()
    events: queue.Queue[Event] = queue.Queue()

    def slow() -> Script:
        opened.wait(20)
        return Script(5, lambda: b"\x05\x00" * PIECE if ended.wait(20) else b"")

    listening = MicrophoneListener(slow, Deaf(), events.put, lambda: now[0])
    listening._begin()
    for _ in range(9):
        now[0] += 1
        listening._look(now[0])
    opened.set()
    _until(lambda: not listening._opening)
    now[0] += 1
    listening._look(now[0])
    assert events.empty()
    now[0] += 1
    listening._look(now[0])
    assert isinstance(events.get(timeout=5), MicrophoneLost)
    listening.close()
    ended.set()
    _until(lambda: not listening._alive)


def _until(done: Callable[[], bool]) -> None:
    for _ in range(1000):
        if done():
            return
        time.sleep(0.01)
    raise AssertionError("it never happened")


def _next(events: queue.Queue[Event], now: list[float]) -> Event:
    """The next event; scripted time goes on meanwhile."""
    for _ in range(1000):
        if not events.empty():
            return events.get()
        time.sleep(0.02)
        now[0] += 0.3
    raise AssertionError("nothing happened")


def test_clips_fit_their_protocol() -> None:
    clip: Clip = Sound(b"12")
    assert clip.get_raw_data() == b"12"


def test_the_lateness_of_sound_is_measured() -> None:
    lateness = Lateness(0.0, 0.032)
    now = 0.0
    for number in range(1, 100):
        now = number * 0.032
        lateness.add_piece(now)
    assert lateness.seconds(now) == pytest.approx(0, abs=0.001)
    assert lateness.seconds(now + 0.5) == pytest.approx(0.468, abs=0.001)
    lateness.add_piece(now + 0.5)
    assert lateness.seconds(now + 0.5) == pytest.approx(0.436, abs=0.001)
    for number in range(15):
        lateness.add_piece(now + 0.5 + number * 0.001)
    assert lateness.seconds(now + 0.515) == pytest.approx(0, abs=0.01)


def test_an_echo_that_is_read_late_is_still_an_echo() -> None:
    chances = iter([0.95] * 100)
    endpointer = SileroEndpointer("half", Sound, lambda _: next(chances))
    endpointer.set_speaking(speaking=True)
    endpointer.set_speaking(speaking=False, late=1.0)
    assert not [event for _ in range(35) for event in endpointer.feed(b"\x00\x10" * PIECE)]


class Stream:
    """Delivers zeros."""

    def read(self, count: int) -> bytes:
        return bytes(2 * count)


class OneRate:
    """SpeechRecognition's microphone, of hardware that has one rate."""

    def __init__(self, device_index: int | None, sample_rate: int | None, chunk_size: int) -> None:
        assert chunk_size == PIECE
        if sample_rate is not None:
            raise OSError("Invalid sample rate")
        self.SAMPLE_RATE = 48_000
        self.stream: Stream | None = None if device_index == 1 else Stream()

    def __enter__(self) -> None:
        """Opens nothing."""


def test_a_microphone_that_has_one_rate_is_resampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "speech_recognition", SimpleNamespace(Microphone=OneRate))
    assert SystemMicrophone().read() == bytes(2 * PIECE)


def test_the_causes_of_both_refusals_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "speech_recognition", SimpleNamespace(Microphone=OneRate))
    with pytest.raises(MicrophoneError, match=r"it is gone.*Invalid sample rate"):
        SystemMicrophone(1)


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
def test_a_tone_keeps_its_pitch_length_and_loudness(rate: int) -> None:
    resampler, found = Resampler(rate), b""
    samples = (8000 * np.sin(2 * np.pi * 300 * np.arange(2 * rate) / rate)).astype(np.int16)
    at = 0
    while at < len(samples):
        piece = resampler.take()
        if piece is None:
            count = resampler.needed
            resampler.add(samples[at : at + count].tobytes())
            at += count
        else:
            assert len(piece) == 2 * PIECE
            found += piece
    sound = np.frombuffer(found, np.int16).astype(float)
    assert abs(len(sound) / RATE - 2) < 0.1
    spectrum = np.abs(np.fft.rfft(sound))
    assert abs(np.argmax(spectrum) * RATE / len(sound) - 300) < 2
    assert 0.9 < np.sqrt(np.mean(sound**2)) / (8000 / np.sqrt(2)) < 1.05


def test_nothing_comes_of_nothing() -> None:
    resampler = Resampler(44_100)
    assert resampler.take() is None
    resampler.add(b"")
    assert resampler.take() is None
    assert resampler.needed == round(PIECE * 44_100 / RATE)
