"""Settings, models, sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from palmwise.client.answers import Answer
from palmwise.errors import ModelError
from palmwise.speech import model_files
from palmwise.speech.events import SpeakLine
from palmwise.speech.synthesis import LONGEST_LINE, split_lines
from voice.options import read_settings
from voice.playback import Line, VoiceStyle


def test_settings_come_from_options_or_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings(["--echo", "gate", "--rate", "120", "--no-mic"]).rate == 120
    monkeypatch.setenv("PALMWISE_VOICE_EAR", "sphinx")
    assert read_settings([]).ear == "sphinx"
    assert read_settings(["--ear", "wyoming://house:10300"]).ear == "wyoming://house:10300"
    for wrong in (["--ear", "horn"], ["--rate", "9"], ["--device", "x"], ["--echo", "shout"]):
        with pytest.raises(SystemExit):
            read_settings(wrong)


def test_a_model_that_is_not_the_right_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="missing"):
        model_files.check(tmp_path, {"a.onnx": "00"})
    (tmp_path / "a.onnx").write_text("x")
    with pytest.raises(ModelError, match="checksum"):
        model_files.check(tmp_path, {"a.onnx": "00"})
    assert "make voice" in model_files.explain_missing()


def test_long_texts_are_cut_into_lines_of_a_limited_length() -> None:
    assert split_lines("One. **Two**! Three?") == ("One.", "Two!", "Three?")
    assert all(len(line) <= LONGEST_LINE for line in split_lines("word, " * 100))
    assert split_lines(" ... ") == ()


def test_guidance_is_slower_than_answers_and_breathes_longest_at_the_change_of_hands() -> None:
    style = VoiceStyle(160)
    cue = Line(1, "Press.", "cue")
    swap = Line(2, "Change hands.", "cue", token="step")
    card = Line(3, "Yes.", "card")
    style.update(Answer("faq", "Yes.", "running", None))
    answered, guided, swapped = (style.say(line) for line in (card, cue, swap))
    assert answered.rate > guided.rate == swapped.rate
    assert answered.pause < guided.pause < swapped.pause
    style.update(Answer("step", "Press.", "running", None))
    assert style.say(card) == SpeakLine(3, "Yes.", guided.rate, guided.volume, guided.pause)
    waiting = VoiceStyle(160, gap=0.9)
    assert waiting.say(cue).pause == 0, "the gap for listening is breath enough"
    assert waiting.say(swap).pause < swapped.pause


def test_what_speaks_is_a_mouth_or_the_address_of_one() -> None:
    for mouth in ("auto", "natural", "system", "wyoming://home.local:10200"):
        assert read_settings(["--mouth", mouth]).mouth == mouth
    for wrong in ("loud", "wyoming://", "http://home:1"):
        with pytest.raises(SystemExit):
            read_settings(["--mouth", wrong])
