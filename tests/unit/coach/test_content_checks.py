"""The checker tells every mistake of the content at once, in words, with file and line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from palmwise.check import check_folder
from palmwise.coach.content_loader import load_content
from palmwise.errors import ContentError
from palmwise.resources import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "content/en", tmp_path / "content"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(folder: Path) -> str:
    with pytest.raises(ContentError) as error:
        load_content(folder)
    return "\n".join(error.value.problems)


def test_the_project_s_own_content_is_fine(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_folder(ROOT / "content/en") == 0
    assert f"{len(load_content(ROOT / 'content/en').routines)} routines" in capsys.readouterr().out


def test_all_mistakes_are_told_at_once_with_file_and_line(folder: Path) -> None:
    change(folder / "routines/classic.yml", "seconds: 48", "seconds: long")
    change(folder / "techniques/effleurage.yml", "mistakes:", "mistakse:")
    change(folder / "faq/oils.yml", "id: oils", "id: oil")
    (folder / "sources.yml").write_text("- name: [\n", encoding="utf-8")
    told = problems(folder)
    assert re.search(r"content/routines/classic.yml:\d+: a whole number belongs here \(here is 'long'\)", told)
    assert 'the key "mistakse" is not known here; is "mistakes" meant?' in told
    assert 'the key "mistakes" is missing' in told
    assert 'content/faq/oils.yml:1: the file is named "oils" but its id is "oil"' in told
    assert "content/sources.yml:2: this is not valid YAML" in told


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("routines/classic.yml", "technique: petrissage", "technique: petrisage", 'uses the technique "petrisage"'),
        ("symptoms/soreness.yml", "routine: sore_hands", "routine: sore_feet", 'the routine "sore_feet" has no file'),
        ("phrases.yml", "welcome_back:", "welcome_bakc:", '"welcome_back" is missing'),
        ("phrases.yml", "{time} on each hand", "{tiem} on each hand", "{tiem}, which cannot be filled in there"),
        ("phrases.yml", "Take all the time you need.", "Say next.", 'has "next", which the microphone could take'),
        ("phrases.yml", "thank:", "thank: []\nthanks:", "at least one belongs in this list"),
        ("safety/phrases_red_flag.yml", "unless:", "unles:", 'the key "unles" is not known here; is "unless" meant?'),
        ("safety/phrases_red_flag.yml", "id: fracture", "id: fractur", '"fractur" is no red flag of red_flags.yml'),
        ("safety/phrases_red_flag.yml", '"@part"', '"@parts"', 'there is no set with the name "parts"'),
        ("safety/phrases_stop.yml", '"yes", and', "yes, and", "text belongs here (here is 'yes')"),
        ("safety/phrases_pain.yml", "flags:", "flags: [", "this is not valid YAML"),
        ("techniques/effleurage.yml", "effleurage.svg", "nowhere.svg", "the picture nowhere.svg is not in pictures/"),
    ],
)
def test_what_does_not_fit_together_is_told(folder: Path, file: str, old: str, new: str, told: str) -> None:
    change(folder / file, old, new)
    assert told in problems(folder)


def test_a_missing_answer_is_told(folder: Path) -> None:
    (folder / "faq/sleep.yml").unlink()
    assert "content/faq/sleep.yml: the file is missing" in problems(folder)


def test_a_file_that_is_no_text_is_told(folder: Path) -> None:
    (folder / "preparation.yml").write_bytes(b"\xff\xfe\x00")
    assert "content/preparation.yml:1:" in problems(folder)


def test_the_routine_of_the_guide_is_one_file_and_works(folder: Path) -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", guide, re.DOTALL)
    assert example is not None
    (folder / "routines/cold_hands.yml").write_text(example[1], encoding="utf-8")
    content = load_content(folder)
    assert len(content.routines["cold_hands"].steps) == 2
    assert "cold hands massage" in content.vocabulary["routine"]["cold_hands"]
