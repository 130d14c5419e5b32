"""The mouth without a loudspeaker: a voice that is a fake, a player that writes into a file, pyttsx3's side by hand."""

from __future__ import annotations

import io
import json
import sys
import threading
import time
import wave
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from palmwise.errors import LoudspeakerError, PlayerError
from palmwise.speech import speaker_process
from palmwise.speech.delivery import CALM, PLAIN, SWAP_BREATH, parts, with_pauses
from palmwise.speech.player import Player
from palmwise.speech.speaker_process import SpeakerProcess, mouths
from palmwise.speech.voice_driver import VoiceDriver
from palmwise.speech.voices import LEAD_IN, TAIL, Sound, silence, trimmed, with_volume

RATE = 8000


class FakeVoice:
    """Says a tenth of a second for each part of a text."""

    name = "fake"

    def __init__(self, sentences: int = 1, error: Exception | None = None) -> None:
        self.sentences = sentences
        self.error = error
        self.asked: list[tuple[str, int]] = []

    def speak(self, text: str, rate: int) -> Iterator[Sound]:
        self.asked.append((text, rate))
        for _ in range(self.sentences):
            yield Sound(b"\x10\x00" * (RATE // 10), RATE)
        if self.error:
            raise self.error


def into_file(file: Path, *, patient: bool = False) -> Player:
    """A player that writes what it gets into a file; a patient one stays for a minute, as a long sentence does."""
    code = f"import sys,time; open({str(file)!r},'ab').write(sys.stdin.buffer.read()); time.sleep({60 * patient})"
    return Player(lambda _: [sys.executable, "-c", code])


def test_the_player_plays_all_sounds_in_order(tmp_path: Path) -> None:
    player = into_file(tmp_path / "played")
    assert player.play([Sound(b"ab", RATE), Sound(b"cd", RATE)], player.stops)
    assert (tmp_path / "played").read_bytes() == b"abcd"
    assert player.play([], player.stops)


def test_a_stopped_player_is_silent_at_once_and_can_play_again(tmp_path: Path) -> None:
    player = into_file(tmp_path / "played", patient=True)
    heard: list[bool] = []
    since = player.stops
    playing = threading.Thread(target=lambda: heard.append(player.play([Sound(b"ab", RATE)], since)))
    playing.start()
    while player._process is None:
        time.sleep(0.01)
    process = player._process
    player.stop()
    assert process.poll() is not None
    playing.join(5)
    assert heard == [False]
    again = into_file(tmp_path / "again")
    assert again.play([Sound(b"ef", RATE)], again.stops)


def test_a_stop_that_comes_before_the_first_sound_holds(tmp_path: Path) -> None:
    player = into_file(tmp_path / "played")
    since = player.stops
    player.stop()
    assert not player.play([Sound(b"ab", RATE)], since)
    assert not (tmp_path / "played").exists()


def test_a_player_that_fails_is_told_of() -> None:
    player = Player(lambda _: [sys.executable, "-c", "import sys; sys.stdin.read(); sys.exit(3)"])
    with pytest.raises(PlayerError, match="3"):
        player.play([Sound(b"ab", RATE)], player.stops)


class Proxy:
    """pyttsx3's side of a driver, as far as a driver sees it."""

    def __init__(self) -> None:
        self.busy = True
        self.told: list[tuple[str, Any]] = []

    def setBusy(self, busy: bool) -> None:  # noqa: FBT001, N802 -- pyttsx3's own
        self.busy = busy

    def notify(self, topic: str, **fields: Any) -> None:
        self.told.append((topic, fields.get("completed", fields.get("exception"))))


def test_the_driver_begins_nothing_before_the_loop(tmp_path: Path) -> None:
    proxy = Proxy()
    voice = FakeVoice()
    driver = VoiceDriver(proxy, voice, into_file(tmp_path / "played"))
    driver.setProperty("rate", 120)
    driver.say("hello")
    assert (proxy.busy, proxy.told) == (True, [])
    driver.startLoop()
    assert (proxy.busy, proxy.told) == (False, [("started-utterance", None), ("finished-utterance", True)])
    assert voice.asked == [("hello", 120)]
    assert (tmp_path / "played").read_bytes()


def test_the_driver_tells_of_errors_and_of_what_was_stopped(tmp_path: Path) -> None:
    proxy = Proxy()
    broken = LoudspeakerError("broken")
    driver = VoiceDriver(proxy, FakeVoice(error=broken), into_file(tmp_path / "played"))
    driver.say("hello")
    driver.startLoop()
    assert proxy.told[1:] == [("error", broken), ("finished-utterance", False)]
    driver.say("hello")
    driver.stop()
    driver.startLoop()
    assert len(proxy.told) == 3


def test_the_driver_keeps_to_the_properties_of_pyttsx3(tmp_path: Path) -> None:
    driver = VoiceDriver(Proxy(), FakeVoice(), into_file(tmp_path / "played"))
    voice = driver.getProperty("voices")[0]
    driver.setProperty("voice", voice.id)
    for name, value, error in (("voice", "other", ValueError), ("pitch", 1, KeyError)):
        with pytest.raises(error):
            driver.setProperty(name, value)
    with pytest.raises(KeyError):
        driver.getProperty("pitch")


def test_what_is_saved_is_a_wave_file(tmp_path: Path) -> None:
    driver = VoiceDriver(Proxy(), FakeVoice(sentences=3), into_file(tmp_path / "played"))
    driver.save_to_file("hello", str(tmp_path / "said.wav"))
    driver.startLoop()
    with wave.open(str(tmp_path / "said.wav")) as said:
        assert (said.getframerate(), said.getnframes()) == (RATE, 3 * RATE // 10)


def test_guidance_has_a_breath_between_its_sentences_and_a_longer_one_at_the_swap() -> None:
    text = "Change hands. Stroke slowly. Breathe."
    assert list(parts(with_pauses(text, PLAIN))) == [
        "Change hands.", PLAIN.breath, "Stroke slowly.", PLAIN.breath, "Breathe.",
    ]  # fmt: skip
    calm = list(parts(with_pauses(text, CALM, swaps=True)))
    assert calm[1] == SWAP_BREATH
    assert calm[3] == CALM.breath
    assert PLAIN.breath < CALM.breath < SWAP_BREATH
    assert CALM.pace < PLAIN.pace


def test_silence_around_a_sentence_is_cut_and_volume_scales() -> None:
    samples = np.concatenate([np.zeros(RATE), np.full(RATE, 0.5), np.zeros(RATE)]).astype(np.float32)
    assert len(trimmed(samples, RATE)) == pytest.approx(RATE * (1 + LEAD_IN + TAIL), abs=2)
    assert not trimmed(np.zeros(RATE, np.float32), RATE).size
    assert with_volume(Sound(b"\x00\x10", RATE), 0.5) == Sound(b"\x00\x08", RATE)
    assert len(silence(0.5, RATE).pcm) == RATE


def test_the_mouths_that_are_tried() -> None:
    assert mouths("auto", None) == ("natural", "system")
    assert mouths("natural", "en-gb") == ("natural", "system")
    assert mouths("auto", "en-gb") == mouths("system", None) == ("system",)
    assert mouths("wyoming://home:10200", None) == ("wyoming://home:10200", "natural", "system")


class FakeEngine:
    """An engine that fails where its mouth is said to."""

    broken: Sequence[str] = ()
    mute = False
    absent: Sequence[str] = ()
    said: list[tuple[str, str]]

    def __init__(self, mouth: str, _: str | None) -> None:
        if mouth in self.absent:
            raise LoudspeakerError(f"no {mouth}")
        self.mouth, self.stops, self.text = mouth, True, ""

    def order(self, text: str, *_: float) -> None:
        self.text = text

    def run(self, _: float) -> str | None:
        if self.mouth in self.broken:
            return f"{self.mouth} broke"
        self.said.append((self.mouth, self.text))
        return None

    def stop(self) -> None:
        pass


def answers_to(monkeypatch: pytest.MonkeyPatch, *orders: dict[str, Any], **faults: Sequence[str] | bool) -> list[str]:
    """What the child answers to some orders while some mouths are broken or absent."""
    FakeEngine.said = []
    monkeypatch.setattr(speaker_process, "_Engine", type("Engine", (FakeEngine,), faults))
    answers = io.StringIO()
    lines = io.StringIO("".join(json.dumps(order) + "\n" for order in orders))
    SpeakerProcess(("natural", "system"), None, answers).serve(lines)
    return [json.loads(line)["event"] for line in answers.getvalue().splitlines()]


def order(number: int) -> dict[str, Any]:
    return {"number": number, "text": "hello", "rate": 165, "volume": 0.5, "pause": 0}


def test_another_mouth_says_what_the_first_one_could_not(monkeypatch: pytest.MonkeyPatch) -> None:
    events = answers_to(monkeypatch, order(1), order(2), broken=("natural",))
    assert events == ["ready", "changed", "ready", "done", "done"]
    assert FakeEngine.said == [("system", "hello")] * 2


def test_a_missing_mouth_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answers_to(monkeypatch, order(1), absent=("natural",)) == ["changed", "ready", "done"]
    assert answers_to(monkeypatch, order(1), absent=("natural", "system")) == ["changed", "failed"]


def test_a_loudspeaker_that_is_gone_costs_no_mouth(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answers_to(monkeypatch, order(1), order(2), broken=("natural",), mute=True) == ["ready", "failed", "failed"]


def test_a_line_that_no_mouth_can_say_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answers_to(monkeypatch, order(1), broken=("natural", "system"))[-1] == "failed"


def test_a_line_that_was_stopped_before_it_began_is_not_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    events = answers_to(monkeypatch, {"stop": 1}, order(1), order(2))
    assert "stopped" in events
    assert FakeEngine.said == [("natural", "hello")]
