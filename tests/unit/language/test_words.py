"""Tokens are split, repaired and counted as people mean them; places stay those of what was typed."""

import pytest

from palmwise.language.durations import find_minutes
from palmwise.language.sound import Echoes, sound_of
from palmwise.language.spelling import Speller, cost_of, distance
from palmwise.language.step_references import find_steps
from palmwise.language.tokens import tokenize
from palmwise.nlu.repair import Repairer, build_repairer

ENGLISH = frozenset("go back to the next step please my hand is stiff sore take at any risk i need palm press".split())
TAUGHT = ["go back please", "next step please", "previous step please", "my wrist is stiff", "massage my hand"] * 36


@pytest.fixture(scope="module")
def repairer() -> Repairer:
    return build_repairer(TAUGHT, ["petrissage", "effleurage", "arthritis", "reflexology", "kneading"], ENGLISH)


def test_words_keep_their_places() -> None:
    text = "Don\u2019t STOP, at 5min!"
    assert [(word.text, text[word.start : word.end]) for word in tokenize(text)] == [
        ("don't", "Don\u2019t"),
        ("stop", "STOP"),
        ("at", "at"),
        ("5", "5"),
        ("min", "min"),
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("previos step", "previous step"),
        ("masssage my hand", "massage my hand"),
        ("stepp back", "step back"),
        ("gooo back", "go back"),
        ("pkease go back", "please go back"),
        ("nassage my hand", "massage my hand"),
        ("nex", "next"),
        ("nxtt", "next"),
        ("petty sage", "petrissage"),
        ("rest art", "restart"),
        ("ref lexology", "reflexology"),
        ("my risk is stiff", "my wrist is stiff"),
        ("whats next", "what's next"),
        ("um go back", "go back"),
        ("need my palm", "knead my palm"),
    ],
)
def test_what_was_meant_is_found(repairer: Repairer, typed: str, meant: str) -> None:
    assert repairer.sentence(typed) == meant


@pytest.mark.parametrize(
    "good", ["at any risk", "take the stiff hand", "um", "i need the next step", "nex hand", "hgf", "q"]
)
def test_good_english_is_left_alone(repairer: Repairer, good: str) -> None:
    assert repairer.sentence(good) == good


def test_a_repaired_word_keeps_the_place_of_what_was_typed(repairer: Repairer) -> None:
    (word,) = repairer.words("petty sage")
    assert (word.start, word.end) == (0, 10)


@pytest.mark.parametrize("odd", ["", "?", "\u200b", "a" * 1000, "\U0001f44d", "1" * 50, "'" * 9, "\x00"])
def test_nothing_makes_the_repair_fail(repairer: Repairer, odd: str) -> None:
    repairer.sentence(odd)


@pytest.mark.parametrize(
    ("typed", "likelier", "other"),
    [
        ("doen", "done", "does"),
        ("buuy", "buy", "busy"),
        ("cown", "down", "gown"),
        ("dvice", "advice", "dance"),
        ("definately", "definitely", "definedly"),
        ("nassage", "massage", "passage"),
    ],
)
def test_some_slips_are_likelier_than_others(typed: str, likelier: str, other: str) -> None:
    assert cost_of(typed, likelier) < cost_of(typed, other)


def test_of_two_likely_words_the_one_that_sounds_the_same_is_meant() -> None:
    speller = Speller.of(frozenset(), {"louder": 40, "lower": 40})
    assert speller.repaired("lowder") == ("louder",)
    assert speller.repaired("lowe") == ("lower",)


def test_distance_counts_a_swap_as_one() -> None:
    assert distance("wirst", "wrist") == 1
    assert distance("next", "next") == 0
    assert distance("nxt", "next") == 1


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("i've got five minutes", "5"),
        ("quarter of an hour", "15"),
        ("half an hour", "30"),
        ("three quarters of an hour", "45"),
        ("an hour", "60"),
        ("an hour and a half", "90"),
        ("five or ten minutes", "5"),
        ("a couple of minutes", "2"),
        ("twenty five minutes", "25"),
        ("15 mins", "15"),
        ("½ hour", "30"),
        ("4½ minutes", "4.5"),
        ("1½ hours", "90"),
        ("1/2 hour", "30"),
        ("7.5 minutes", "7.5"),
        ("7 1/2 minutes", "7.5"),
        ("seven and a half minutes", "7.5"),
        ("a minute and a half", "1.5"),
        ("one and a half hours", "90"),
        ("an hour and a quarter", "75"),
        ("a hundred and twenty minutes", "120"),
    ],
)
def test_minutes_are_read(said: str, minutes: str) -> None:
    assert [found.value for found in find_minutes(heard(said), "")] == [minutes]


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("i've 90 seconds", ["1.5"]),
        ("just thirty seconds", ["0.5"]),
        ("out of here in ten", ["10"]),
        ("until 5 pm", []),
        ("i have one", []),
    ],
)
def test_what_somebody_has_is_time(said: str, minutes: list[str]) -> None:
    assert [found.value for found in find_minutes(heard(said), "set_duration")] == minutes


def heard(said: str) -> list[str]:
    return [word.text for word in tokenize(said)]


@pytest.mark.parametrize("said", ["give me a minute", "wait a sec", "that one", "step four"])
def test_no_minutes_where_none_are_meant(said: str) -> None:
    assert find_minutes(said.split(), "pause") == []


@pytest.mark.parametrize(
    ("said", "intent", "step"),
    [
        ("jump to step four", "go_to_step", "4"),
        ("the fourth one", "go_to_step", "4"),
        ("the 3 rd step", "go_to_step", "3"),
        ("number 2", "go_to_step", "2"),
        ("the last step", "go_to_step", "last"),
        ("go back two steps", "go_to_step", "-2"),
        ("two steps ahead", "go_to_step", "+2"),
        ("how long is step 3", "how_long", "3"),
        ("how long is the next one", "how_long", "+1"),
        ("the second last step", "go_to_step", "last-1"),
        ("to the last but one", "go_to_step", "last-1"),
        ("the one before last", "go_to_step", "last-1"),
        ("the third to last step", "go_to_step", "last-2"),
        ("second from the end", "go_to_step", "last-1"),
        ("the third to the last step", "how_long", "last-2"),
        ("skip two", "go_to_step", "+2"),
        ("step one hundred", "go_to_step", "100"),
    ],
)
def test_steps_are_read(said: str, intent: str, step: str) -> None:
    assert [found.value for found in find_steps(said.split(), intent)] == [step]


@pytest.mark.parametrize("said", ["that one", "this one", "wait a second", "one more time", "the other one"])
def test_no_step_where_none_is_meant(said: str) -> None:
    assert find_steps(said.split(), "repeat_step") == []


def test_a_sentence_is_known_by_its_sound() -> None:
    echoes = Echoes.of([("louder please", "speak_up"), ("say that again", "repeat_step"), ("no", "deny")])
    assert echoes.label("ladder please") == "speak_up"
    assert echoes.label("say that a gain") == "repeat_step"
    assert echoes.label("now") is None
    assert sound_of("knee") == sound_of("no")


def test_a_sound_of_two_labels_tells_nothing() -> None:
    assert Echoes.of([("slow down", "slow_down"), ("sly town", "out_of_scope")]).labels == {}
