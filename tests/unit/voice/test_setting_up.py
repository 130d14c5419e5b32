"""Settings, models, sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from palmwise.errors import ModelError
from palmwise.speech import model_files
from palmwise.speech.sentences import LONGEST
from palmwise.speech.sentences import lines as sentences
from voice.settings import read


def test_settings_come_from_words_or_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(["--echo", "gate", "--rate", "120", "--no-mic"]).rate == 120
    monkeypatch.setenv("PALMWISE_VOICE_EAR", "vosk")
    assert read([]).ear == "vosk"
    for wrong in (["--ear", "horn"], ["--rate", "9"], ["--device", "x"], ["--echo", "shout"]):
        with pytest.raises(SystemExit):
            read(wrong)


def test_a_model_that_is_not_the_right_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="missing"):
        model_files.check(tmp_path, {"a.onnx": "00"})
    (tmp_path / "a.onnx").write_text("x")
    with pytest.raises(ModelError, match="checksum"):
        model_files.check(tmp_path, {"a.onnx": "00"})
    assert "voice-extra" in model_files.missing("moonshine")


def test_long_texts_are_cut_into_lines_that_can_be_said_again() -> None:
    assert sentences("One. **Two**! Three?") == ("One.", "Two!", "Three?")
    assert all(len(line) <= LONGEST for line in sentences("word, " * 100))
    assert sentences(" ... ") == ()
