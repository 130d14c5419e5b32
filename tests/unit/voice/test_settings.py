"""Settings, models, sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from palmwise.errors import ModelError
from palmwise.speech import model_files
from palmwise.speech.synthesis import LONGEST_LINE, split_lines
from voice.options import read_settings


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
