"""Checking content reports every mistake at once, in plain words, with file and line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from palmwise.check_content import check_folder
from palmwise.coach.behaviour import act
from palmwise.coach.commands import Command
from palmwise.coach.content_loader import load_content
from palmwise.coach.replies import payload, payloads
from palmwise.coach.session import Session
from palmwise.errors import ContentError
from palmwise.language.tokens import words_of
from palmwise.nlu.training_data import sentences_of
from palmwise.resources import ROOT


@pytest.fixture(scope="module", autouse=True)
def unchanged_files_are_parsed_once() -> Iterator[None]:
    """Most of the content is the same in every test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "compose", cache(yaml.compose))
        patch.setattr("palmwise.coach.content_checks.words_of", cache(words_of))
        yield


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


def test_the_content_of_the_project_has_no_mistakes(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_folder(ROOT / "content/en") == 0
    assert f"{len(load_content(ROOT / 'content/en').routines)} routines" in capsys.readouterr().out


def test_all_mistakes_are_reported_at_once_with_file_and_line(folder: Path) -> None:
    change(folder / "routines/classic.yml", "seconds: 48", "seconds: long")
    change(folder / "techniques/effleurage.yml", "mistakes:", "mistakse:")
    change(folder / "faq/oils.yml", "id: oils", "id: oil")
    (folder / "sources.yml").write_text("- name: [\n", encoding="utf-8")
    told = problems(folder)
    assert re.search(r"content/routines/classic.yml:\d+: a whole number belongs here \(here is 'long'\)", told)
    assert 'the key "mistakse" is not known here; is "mistakes" meant?' in told
    assert 'the key "mistakes" is missing' in told
    assert 'content/faq/oils.yml:2: the file is named "oils" but its id is "oil"' in told
    assert "content/sources.yml:2: this is not valid YAML" in told


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("routines/classic.yml", "technique: petrissage", "technique: petrisage", 'uses the technique "petrisage"'),
        ("symptoms/soreness.yml", "routine: sore_hands", "routine: sore_feet", 'the routine "sore_feet" has no file'),
        (
            "answers/pressure.yml",
            "[thumb_pressing]",
            "[thumb_presing]",
            'movements names "thumb_presing", which has no',
        ),
        ("phrases.yml", "welcome_back:", "welcome_bakc:", '"welcome_back" is missing'),
        ("phrases.yml", "{time} on each hand", "{tiem} on each hand", "{tiem}, which cannot be filled in there"),
        ("phrases.yml", "{time} on each hand", "{time on each hand", "{{time on each hand"),
        ("phrases.yml", "{time} on each hand", "{} on each hand", "has {{}}, which cannot be filled in there"),
        ("phrases.yml", "Take all the time you need.", "Say next.", 'has "next", which the microphone could take'),
        ("phrases.yml", "thank:", "thank: []\nthanks:", "at least one belongs in this list"),
        ("safety/phrases_red_flag.yml", "unless:", "unles:", 'the key "unles" is not known here; is "unless" meant?'),
        ("safety/phrases_red_flag.yml", "id: fracture", "id: fractur", '"fractur" is no red flag of red_flags.yml'),
        ("moves.yml", "speed_up:", "speak_up:", 'a client cannot do "speak_up" by itself'),
        ("moves.yml", "[again,", "[next, again,", '"next" means "next_step" already'),
        ("moves.yml", "[again,", "[Again!, again,", '"Again!" is to be written in plain words'),
        ("moves.yml", "[again,", "[it hurts again, again,", '"it hurts again" is of pain or danger'),
        ("emoji.yml", "stop: [🛑", "stop: [👍, 🛑", '👍 stands for "stop", too'),
        ("cues.yml", "repeating:", "repeatin:", 'the key "repeatin" is not known here; is "repeating" meant?'),
        ("cues.yml", "  other: [other]", "  others: [other]", 'the key "other" is missing'),
        ("cues.yml", "[repeat,", "[repeat it,", '"repeat it" is to be written as one plain word in small letters'),
        ("cues.yml", "[other]", "[Other]", '"Other" is to be written as one plain word in small letters'),
        ("vocabulary/body_part.yml", "  hand: [massage", "  hnad: [massage", 'not_before has "hnad"'),
        ("comparing.yml", "of: firmness", "of: firmnes", "one of these belongs here: minutes, firmness"),
        ("comparing.yml", "[between]", "[in between]", '"in between" is to be written as one plain word'),
        ("safety/phrases_red_flag.yml", '"@part"', '"@parts"', 'there is no set with the name "parts"'),
        ("safety/phrases_stop.yml", '"yes", and', "yes, and", "text belongs here (here is 'yes')"),
        ("safety/phrases_pain.yml", "meanings:", "meanings: [", "this is not valid YAML"),
        ("techniques/effleurage.yml", "effleurage.svg", "nowhere.svg", "the picture nowhere.svg is not in pictures/"),
    ],
)
def test_a_reference_or_value_that_does_not_fit_is_reported(
    folder: Path, file: str, old: str, new: str, told: str
) -> None:
    change(folder / file, old, new)
    assert told in problems(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("routines/classic.yml", "seconds: 48", "seconds: 060", "(here is '060'); leave out the zero in front"),
        ("routines/classic.yml", "seconds: 48", 'seconds: "48"', "(here is '48'); leave out the quotes"),
        ("routines/classic.yml", "seconds: 48", "seconds: 1:30", "a whole number belongs here (here is '1:30')"),
        ("routines/classic.yml", "seconds: 48", "seconds: 4_8", "a whole number belongs here (here is '4_8')"),
        (
            "faq/oils.yml",
            "short: >-",
            "short: 2024-05-01\nx: >-",
            "text belongs here (here is '2024-05-01'); put it in",
        ),
        ("faq/oils.yml", "short: >-", "short: =\nx: >-", "text belongs here (here is '='); put it in quotes"),
        ("faq/oils.yml", "short: >-", "short: ~\nx: >-", "text belongs here (here is '~'); put it in quotes"),
        ("faq/oils.yml", "short: >-", "short: !x >-", "oils.yml:4: anchors and tags (&name, !name) are not used here"),
        ("faq/oils.yml", "short: >-", "short: !!python/name:os.system >-", "anchors and tags (&name, !name) are not"),
        ("faq/oils.yml", "related: [", "related: &all [", "anchors and tags (&name, !name) are not used here"),
        ("faq/oils.yml", "related: [", "related: &all [*all, ", "anchors and tags (&name, !name) are not used here"),
        ("faq/oils.yml", "id: oils", "id: **oils**", 'put a text that begins with "*" in quotes'),
        ("faq/oils.yml", "id: oils", "id: oils: all", 'put a text with a ": " in it in quotes'),
        ("faq/oils.yml", "id: oils", "id:\n\toils", "indent with blanks instead of a tab"),
        ("faq/oils.yml", "id: oils", "id: oils\n? [a]\n: b", "every key here must be a plain word"),
        ("faq/oils.yml", "id: oils", "id: oils\nid: oil", 'the key "id" is here twice, in line 2 and again in line 3'),
        ("phrases.yml", "\npaused:", "\nthank: [a]\npaused:", 'the key "thank" is here twice, in line '),
        ("sources.yml", "title:", "titel:", 'the key "titel" is not known here; is "title" meant?'),
        (
            "safety/red_flags.yml",
            "id: fracture",
            "id: injury",
            'the id "injury" is here twice, in line 2 and again in line',
        ),
    ],
)
def test_what_yaml_reads_otherwise_than_written_gets_one_plain_sentence(
    folder: Path, file: str, old: str, new: str, told: str
) -> None:
    change(folder / file, old, new)
    found = [line for line in problems(folder).splitlines() if told in line]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("faq/candles.yaml", "only files that end in .yml are read; rename it to candles.yml"),
        ("faq/candles.YML", "only files that end in .yml are read; rename it to candles.yml"),
        ("faq/more/candles.yml", "faq/more: this folder is not read; put its files into faq/"),
        ("recipes/soup.yml", "recipes: this folder is not read; known are aftercare.yml, answers/, benefits.yml, "),
        ("faq/.candles.yml", "hidden files are not read; delete it, or take the dot from its name"),
        ("faq/candles.yml~", "this file is not read; only files that end in .yml are"),
        ("phrase.yml", "this file is not read; is phrases.yml meant?"),
        ("pictures/photo.jpg", "this file is not read; pictures are files that end in .svg"),
    ],
)
def test_a_file_that_is_not_read_is_reported_by_name(folder: Path, name: str, told: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("id: candles\n", encoding="utf-8")
    lines = problems(folder).splitlines()
    assert len(lines) == 1
    assert told in lines[0]
    assert lines[0].startswith(f"{folder.as_posix()}/")


def test_what_a_file_manager_leaves_behind_is_no_mistake(folder: Path) -> None:
    (folder / "faq" / ".DS_Store").write_bytes(b"\0")
    assert "oils" in load_content(folder).faqs


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "routines/classic.yml",
            "names: [",
            "names: [gouty, ",
            r'symptoms/gout.yml:\d+: the name "gouty" is taken already, in .*/routines/classic.yml:\d',
        ),
        (
            "routines/classic.yml",
            "names: [",
            "names: [kneading, ",
            r"techniques/petrissage.yml:\d+: .* in .*/routines/classic.yml:\d",
        ),
        ("symptoms/gout.yml", "names: [", "names: [arthritis, ", r"symptoms/gout.yml:\d+: .*, in .*symptoms/arthritis"),
    ],
)
def test_a_name_of_two_things_is_reported_with_both_files(
    folder: Path, file: str, old: str, new: str, told: str
) -> None:
    change(folder / file, old, new)
    assert re.search(told, problems(folder))


@pytest.mark.parametrize("key", ["title: ", "summary: ", "names: ["])
def test_a_command_word_in_what_a_routine_is_called_is_reported(folder: Path, key: str) -> None:
    change(folder / "routines/classic.yml", key, f"{key}next ")
    assert re.search(r'routines/classic.yml:\d+: "next .*" has "next" in it, which is a command', problems(folder))


def test_a_missing_answer_is_reported(folder: Path) -> None:
    (folder / "faq/sleep.yml").unlink()
    assert "content/faq/sleep.yml: the file is missing" in problems(folder)


def test_a_file_that_is_no_text_is_reported(folder: Path) -> None:
    (folder / "preparation.yml").write_bytes(b"\xff\xfe\x00")
    assert "content/preparation.yml:1:" in problems(folder)


def test_the_routine_of_the_guide_is_one_file_and_works(folder: Path) -> None:
    (folder / "routines/cold_hands.yml").write_text(example_of_the_guide("Add a routine"), encoding="utf-8")
    content = load_content(folder)
    assert len(content.routines["cold_hands"].steps) == 2
    assert "cold hands massage" in content.vocabulary["routine"]["cold_hands"]


def test_a_folder_in_the_project_is_named_from_the_project() -> None:
    with pytest.raises(ContentError) as error:
        load_content(ROOT / "content" / "xx")
    assert "content/xx/phrases.yml:1: the file is missing" in error.value.problems


def example_of_the_guide(title: str) -> str:
    """The YAML file below a heading of CONTRIBUTING.md."""
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition(f"## {title}\n")[2]
    return guide.partition("```yaml\n")[2].partition("```")[0]


def test_the_topic_of_the_guide_is_one_file_and_works(folder: Path) -> None:
    (folder / "faq/winter_hands.yml").write_text(example_of_the_guide("Add a topic"), encoding="utf-8")
    content = load_content(folder)

    assert payload("faq/winter_hands") in payloads(content)
    reply = act(content, Session.new("0123456789abcdef"), Command("faq/winter_hands"), 0.0).reply
    assert reply is not None
    assert reply.custom["id"] == "faq/winter_hands"
    assert reply.texts[0].startswith("Cold air dries the skin and stiffens the fingers.")
    learnt = {sentence.text for sentence in sentences_of(content, []) if sentence.label == "faq/winter_hands"}
    assert learnt == {"How do I look after my hands in winter?", *content.faqs["winter_hands"].asked}


def test_a_new_question_without_examples_is_reported(folder: Path) -> None:
    question = example_of_the_guide("Add a topic").partition("asked:")[0]
    (folder / "faq/winter_hands.yml").write_text(question, encoding="utf-8")
    assert "winter_hands.yml: asked wants 5 or more ways in which people ask this" in problems(folder)


def add_answer_of_the_guide(folder: Path) -> None:
    path = folder / "answers/oils.yml"
    added = example_of_the_guide("Add an answer in five minutes")
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{added}", encoding="utf-8")


def test_the_answer_of_the_guide_works(folder: Path) -> None:
    add_answer_of_the_guide(folder)
    content = load_content(folder)
    assert content.answers["wet_wipes"].form == "instead"
    assert content.topic_of["wet_wipes"].faq == "oils"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("say: No, a wipe", "say: A wipe", "say begins with Yes or No where that is its polarity"),
        ("say: No, a wipe", f"say: No, {'a ' * 20}wipe", "words are too many for an answer in one sentence"),
        ("form: instead", "form: insted", "one of these belongs here: about, for_whom"),
        ("see: [water", "see: [wather", 'see names "wather", which is no answer'),
        ("      - would a damp tissue do\n", "", "questions wants 5 or more ways"),
        ("- would a damp tissue do", "- do i need oil", 'is asked already, for the answer "need_oil"'),
        ("id: wet_wipes", "id: rings", 'there is an answer "rings" already, in hands.yml'),
        ("id: wet_wipes", "id: sleep", '"sleep" has a file in faq/ already'),
        ("source: common_sense", "source: hearsay", "one of these belongs here: article, common_sense"),
        ("short: Not for", "short: Stop. Not for", 'has "Stop", which the microphone could take'),
    ],
)
def test_a_mistake_in_an_answer_is_reported(folder: Path, old: str, new: str, told: str) -> None:
    add_answer_of_the_guide(folder)
    change(folder / "answers/oils.yml", old, new)
    found = problems(folder)
    assert told in found
    assert re.search(r"content/answers/(oils|rings|hands|others)\.yml", found)
