"""The trained model follows the content folder that is in use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from palmwise.resources import CONTENT_VARIABLE, ROOT

LEARNT = "from palmwise.nlu.training_data import all_sentences; print(*all_sentences([]), sep='\\n')"
INPUTS = "from tools.training import digest, inputs; print(digest(inputs()), *inputs(), sep='\\n')"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another content folder, in which a routine has a name of its own."""
    folder = Path(shutil.copytree(ROOT / "content" / "en", tmp_path / "content"))
    routine = folder / "routines" / "classic.yml"
    routine.write_text(routine.read_text(encoding="utf-8").replace("title: ", "title: Evening ", 1), encoding="utf-8")
    return folder


def lines(code: str, content: str) -> list[str]:
    """What a program of its own prints with `PALMWISE_CONTENT` set to `content`."""
    env = {**os.environ, CONTENT_VARIABLE: content}
    program = [sys.executable, "-c", code]
    return subprocess.run(program, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout.splitlines()


def test_it_learns_from_the_content_folder_that_is_set(other: Path) -> None:
    assert any("start the evening" in line for line in lines(LEARNT, str(other)))
    assert not any("start the evening" in line for line in lines(LEARNT, ""))


def test_it_is_made_anew_when_the_content_folder_that_is_set_differs(other: Path) -> None:
    usual, elsewhere = lines(INPUTS, ""), lines(INPUTS, str(other))

    assert str(other / "routines" / "classic.yml") in elsewhere
    assert str(ROOT / "content" / "en" / "routines" / "classic.yml") not in elsewhere
    assert usual[0] != elsewhere[0]


def test_a_relative_content_folder_is_one_of_the_project() -> None:
    assert lines(INPUTS, "content/en") == lines(INPUTS, "")
