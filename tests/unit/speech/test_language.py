"""The words that the recognizers know."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.voice.recognizer_results import word_errors
from palmwise import resources
from palmwise.errors import LanguageError
from palmwise.language.tokens import words_of
from palmwise.speech.known_words import TRAINING_DATA, learn
from palmwise.speech.pronunciations import FOR_SYSTEM, Pronunciations, Respelling
from palmwise.speech.sphinx import transitions
from palmwise.speech.vocabulary import (
    COMMAND_INTENTS,
    Utterance,
    commands,
    count_containing,
    incomplete_commands,
    most_usual,
    similarity,
    spoken_form,
    utterances,
    with_please,
)
from palmwise.training_files import sentences_in


@pytest.fixture(scope="module")
def said() -> tuple[Utterance, ...]:
    """What people say, from the real training data and content."""
    sentences = [sentence for path in sorted(TRAINING_DATA.glob("*.yml")) for sentence in sentences_in(path)]
    return utterances(sentences, resources.content())


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("I've got 5 minutes!", "i've got five minutes"),
        ("Jump to the 3rd one", "jump to the third one"),
        ("OK \N{EM DASH} what\N{RIGHT SINGLE QUOTATION MARK}s next?", "okay what's next"),
        ("25 mins", "twenty five mins"),
        ("40 or 110 or 0", "forty or one one zero or zero"),
        ("", ""),
    ],
)
def test_written_text_becomes_its_spoken_form(written: str, heard: str) -> None:
    assert spoken_form(written) == heard


def test_word_errors_are_counted_as_usual() -> None:
    assert word_errors("go back please", "go back please") == 0
    assert word_errors("go back please", "go pack") == 2
    assert word_errors("stop", "") == 1


def test_what_sounds_alike_is_similar() -> None:
    assert similarity("next one", "nextone") == 1
    assert similarity("next one", "carry on") < 0.5


def test_training_data_names_and_deletion_requests_are_known(said: tuple[Utterance, ...]) -> None:
    assert Utterance("next_step", "next") in said
    assert Utterance("names", "delete everything i said") in said
    assert Utterance("names", "effleurage") in said
    assert {utterance.intent for utterance in said} > COMMAND_INTENTS
    assert not [utterance.text for utterance in said if set(utterance.text) & set("[](){}0123456789")]


@pytest.mark.parametrize(
    ("text", "matches"),
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
def test_red_flags_are_noticed_in_what_was_recognized(text: str, *, matches: bool) -> None:
    assert (resources.content().alarms["red_flag"].match(words_of(text)) is not None) is matches


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("please delete everything i told you", True),
        ("forget this conversation", True),
        ("forget what i said", False),
        ("delete the photos from the camera", False),
    ],
)
def test_deletion_requests_are_noticed_in_what_was_recognized(text: str, *, matches: bool) -> None:
    assert (resources.content().forgetting.match(words_of(text)) is not None) is matches


def test_a_folder_without_training_data_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LanguageError, match="no training data"):
        learn(tmp_path / "words.dict", tmp_path)


def test_a_grammar_shares_beginnings() -> None:
    assert transitions(["go back", "go on", "go"]) == [
        (0, 2, 1.0, "go"),
        (2, 1, 1.0),
        (2, 3, 1.0, "back"),
        (3, 1, 1.0),
        (2, 4, 1.0, "on"),
        (4, 1, 1.0),
    ]


def test_every_command_keeps_its_intent_and_steps_get_all_numbers(said: tuple[Utterance, ...]) -> None:
    known = commands(said)
    assert known["next"] == "next_step"
    assert known["ouch"] == "report_pain"
    assert known["go to step seven"] == "go_to_step"
    assert set(most_usual(known)) <= set(known)
    assert len(most_usual(known)) < 1000


def test_the_names_of_all_techniques_can_be_heard_and_pronounced(tmp_path: Path) -> None:
    dictionary = tmp_path / "words.dict"
    dictionary.write_text("go G OW\nback B AE K\nback(2) B AE K\n")
    own = Pronunciations.read(dictionary)
    for word in ("effleurage", "petrissage", "reflexology", "arnica"):
        assert own.of(word)
    assert own.of("backs") == (("B", "AE", "K", "S"), ("B", "AE", "K", "S"))
    assert own.of("xyzzy") == ()
    assert "back B AE K\n" in own.dictionary(["back", "xyzzy"])
    respelled = Respelling(FOR_SYSTEM).respell("Effleurage, then petrissage.")
    assert "effleurage" not in respelled.lower()


def test_what_is_learnt_can_be_pronounced(tmp_path: Path) -> None:
    dictionary = tmp_path / "words.dict"
    dictionary.write_text("go G OW\non AA N\nback B AE K\n")
    (tmp_path / "moves.yml").write_text(
        "nlu:\n- intent: next_step\n  examples: |\n"
        "    - go on\n    - go\n    - on go on\n    - go on go\n    - go xyzzy\n"
    )
    known = learn(dictionary, tmp_path)
    assert known.commands["go on"] == "next_step"
    assert known.sentences["go"] > 1
    assert "go xyzzy" not in known.sentences
    assert known.dictionary == "go G OW\non AA N\n"


def test_the_most_usual_commands_are_those_that_others_contain() -> None:
    known = {
        "go back": "previous_step",
        "okay go back": "previous_step",
        "go back please": "previous_step",
        "go": "next",
    }
    assert count_containing(known)["go back"] == 2
    assert "go" not in count_containing(known)
    assert most_usual(known).index("go back") < most_usual(known).index("okay go back")
    assert with_please(known)["go please"] == "next"


def test_a_command_is_complete_unless_it_mostly_begins_another() -> None:
    known = {
        "stop": "stop", "stop now": "stop", "stop it": "stop", "stop for a second": "pause",
        "what": "repeat_step", "what are the steps": "list_steps", "yes": "affirm",
    }  # fmt: skip
    assert incomplete_commands(known) == {"what", "yes"}


def test_what_other_recognizers_mishear_is_not_learnt(tmp_path: Path) -> None:
    dictionary = tmp_path / "words.dict"
    dictionary.write_text("go G OW\non AA N\n")
    for name, text in (("moves.yml", "go"), ("spoken.yml", "on")):
        examples = (
            "".join(f"    - {text}{' ' + text if again else ''}\n" for again in range(2))
            + f"    - {text} {text} {text}\n"
        )
        (tmp_path / name).write_text(f"nlu:\n- intent: next_step\n  examples: |\n{examples}")
    known = learn(dictionary, tmp_path).commands
    assert "go" in known
    assert "on" not in known
