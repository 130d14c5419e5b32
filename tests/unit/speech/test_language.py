"""The words that the recognisers know."""

from __future__ import annotations

from pathlib import Path

import pytest

from palmwise.errors import LanguageError
from palmwise.resources import ROOT, content
from palmwise.speech.alarms import DANGERS, WISHES, Alarms, rules
from palmwise.speech.language_files import language
from palmwise.speech.language_model import Pronunciations, arpa, jsgf
from palmwise.speech.sentences import Respelling
from palmwise.speech.vocabulary import (
    INTENTS,
    Line,
    commands,
    cores,
    lines,
    politely,
    shortlist,
    similarity,
    sources,
    spoken,
    unfinished,
    word_errors,
)


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("I've got 5 minutes!", "i've got five minutes"),
        ("Jump to the 3rd one", "jump to the third one"),
        ("OK \N{EM DASH} what\N{RIGHT SINGLE QUOTATION MARK}s next?", "okay what's next"),
        ("25 mins", "twenty five mins"),
        ("", ""),
    ],
)
def test_what_is_written_becomes_what_is_heard(written: str, heard: str) -> None:
    assert spoken(written) == heard


def test_word_errors_are_counted_as_usual() -> None:
    assert word_errors("go back please", "go back please") == 0
    assert word_errors("go back please", "go pack") == 2
    assert word_errors("stop", "") == 1


def test_what_sounds_alike_is_similar() -> None:
    assert similarity("next one", "nextone") == 1
    assert similarity("next one", "carry on") < 0.5


def test_the_training_data_are_read_without_marks_for_entities() -> None:
    read_lines = lines(ROOT)
    assert Line("next_step", "next") in read_lines
    assert Line("names", "delete everything i said") in read_lines
    assert {line.intent for line in read_lines} > INTENTS
    assert not [line.text for line in read_lines if set(line.text) & set("[](){}0123456789")]


@pytest.mark.parametrize(
    ("text", "alarm"),
    [
        ("my chest feels tight and i can hardly breathe", True),
        ("i think something is wrong my face feels numb", True),
        ("i can't breathe", True),
        ("my finger's gone blue", True),
        ("this is the heart of the palm", False),
        ("my chest of drawers is so tight", False),
        ("and now the weather for tomorrow", False),
        ("my face is what i see in the mirror every morning before work and then my toes go numb", False),
        ("", False),
    ],
)
def test_words_of_danger_are_noticed(text: str, alarm: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    assert Alarms(rules(ROOT, DANGERS)).heard(text) is alarm


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("please delete everything i told you", True),
        ("forget this conversation", True),
        ("forget what i said", False),
        ("delete the photos from the camera", False),
    ],
)
def test_words_of_being_forgotten_are_noticed(text: str, wish: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    assert Alarms(rules(ROOT, WISHES)).heard(text) is wish


def test_a_folder_without_data_is_told(tmp_path: Path) -> None:
    with pytest.raises(LanguageError):
        lines(tmp_path)


def test_the_language_model_is_a_distribution() -> None:
    text = arpa({"go back": 2, "go on": 1, "carry on": 1})
    unigrams = text.split("\\1-grams:")[1].split("\\2-grams:")[0].split("\n")
    chances = [10 ** float(line.split("\t")[0]) for line in unigrams if "\t" in line]
    assert sum(chances) == pytest.approx(1, abs=0.01)
    assert "ngram 2=" in text
    after = dict.fromkeys(("back", "on"), 0.0)
    for line in text.split("\\2-grams:")[1].split("\n"):
        for word in after:
            if line.endswith(f"\tgo {word}"):
                after[word] = 10 ** float(line.split("\t")[0])
    assert after["back"] > after["on"] > 0


def test_a_grammar_shares_beginnings() -> None:
    text = jsgf(["go back", "go on", "go", "stop"])
    assert "go [ back | on ]" in text
    assert "stop" in text
    with pytest.raises(ValueError, match="phrases"):
        jsgf([])


def test_every_command_keeps_its_intent_and_steps_get_all_numbers() -> None:
    known = commands(lines(ROOT))
    assert known["next"] == "next_step"
    assert known["ouch"] == "report_pain"
    assert known["go to step seven"] == "go_to_step"
    assert set(shortlist(known)) <= set(known)
    assert len(shortlist(known)) < 1000


def test_the_names_of_all_techniques_can_be_heard_and_pronounced(tmp_path: Path) -> None:
    dictionary = tmp_path / "words.dict"
    dictionary.write_text("go G OW\nback B AE K\nback(2) B AE K\n")
    own = Pronunciations.read(dictionary)
    for word in ("effleurage", "petrissage", "reflexology", "arnica"):
        assert own.of(word)
    assert own.of("backs") == (("B", "AE", "K", "S"), ("B", "AE", "K", "S"))
    assert own.of("xyzzy") == ()
    assert "back B AE K\n" in own.dictionary(["back", "xyzzy"])
    said = Respelling().of("Effleurage, then petrissage.")
    assert "effleurage" not in said.lower()
    assert "effleurage" in content().techniques


def test_the_language_is_made_once_and_anew_when_its_sources_change(tmp_path: Path) -> None:
    root = tmp_path / "project"
    (root / "data" / "nlu").mkdir(parents=True)
    file = root / "data" / "nlu" / "moves.yml"
    file.write_text("nlu:\n- intent: next_step\n  examples: |\n    - go on\n    - go\n    - go on go\n    - on go on\n")
    dictionary = tmp_path / "words.dict"
    dictionary.write_text("go G OW\non AA N\nback B AE K\n")
    first = language(root, dictionary, tmp_path / "cache")
    assert not first.alarms().heard("fire")
    assert first.commands()["go on"] == "next_step"
    assert language(root, dictionary, tmp_path / "cache") == first
    file.write_text(file.read_text() + "    - go on on\n")
    second = language(root, dictionary, tmp_path / "cache")
    assert second != first
    (root / "content/en" / "safety").mkdir(parents=True)
    (root / "content/en" / "safety" / "phrases_red_flag.yml").write_text(
        "flags:\n- id: a\n  rules:\n  - all: [[fire]]\n"
    )
    third = language(root, dictionary, tmp_path / "cache")
    assert third != second
    assert third.alarms().heard("a fire")


def test_the_most_usual_commands_are_those_that_people_decorate() -> None:
    known = {
        "go back": "previous_step",
        "okay go back": "previous_step",
        "go back please": "previous_step",
        "go": "next",
    }
    assert cores(known)["go back"] == 2
    assert "go" not in cores(known)
    assert shortlist(known).index("go back") < shortlist(known).index("okay go back")
    assert politely(known)["go please"] == "next"


def test_a_command_is_complete_unless_it_mostly_begins_another() -> None:
    known = {
        "stop": "stop", "stop now": "stop", "stop it": "stop", "stop for a second": "pause",
        "what": "repeat_step", "what are the steps": "list_steps", "yes": "affirm",
    }  # fmt: skip
    assert unfinished(known) == {"what", "yes"}


def test_what_other_recognisers_mishear_is_no_way_to_say_it() -> None:
    assert not [path for path in sources(ROOT) if path.name == "spoken.yml"]
