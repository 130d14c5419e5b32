"""Misspelt words are repaired to likely ones; good English is left alone."""

import pytest

from palmwise.language.spelling import Speller, edit_cost, edit_distance, phonetic_key
from palmwise.nlu.repair import Repairer, build_repairer

ENGLISH = frozenset("go back to the next step please my hand is stiff sore take at any risk i need palm press".split())
TAUGHT = ["go back please", "next step please", "previous step please", "my wrist is stiff", "massage my hand"] * 36


@pytest.fixture(scope="module")
def repairer() -> Repairer:
    return build_repairer(TAUGHT, ["petrissage", "effleurage", "arthritis", "reflexology", "kneading"], ENGLISH)


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
def test_misspelt_and_misheard_words_are_repaired(repairer: Repairer, typed: str, meant: str) -> None:
    assert repairer.repair_text(typed) == meant


@pytest.mark.parametrize(
    "good", ["at any risk", "take the stiff hand", "um", "i need the next step", "nex hand", "hgf", "q"]
)
def test_good_english_is_left_alone(repairer: Repairer, good: str) -> None:
    assert repairer.repair_text(good) == good


def test_a_repaired_token_keeps_the_offsets_of_what_was_typed(repairer: Repairer) -> None:
    (token,) = repairer.repair("petty sage")
    assert (token.start, token.end) == (0, 10)


@pytest.mark.parametrize("odd", ["", "?", "\u200b", "a" * 1000, "\U0001f44d", "1" * 50, "'" * 9, "\x00"])
def test_no_message_makes_the_repair_fail(repairer: Repairer, odd: str) -> None:
    repairer.repair_text(odd)


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
def test_likely_slips_cost_less(typed: str, likelier: str, other: str) -> None:
    assert edit_cost(typed, likelier) < edit_cost(typed, other)


def test_of_two_likely_words_the_one_that_sounds_the_same_is_taken() -> None:
    speller = Speller.build(frozenset(), {"louder": 40, "lower": 40})
    assert speller.repair("lowder") == ("louder",)
    assert speller.repair("lowe") == ("lower",)


def test_edit_distance_counts_a_swap_as_one() -> None:
    assert edit_distance("wirst", "wrist") == 1
    assert edit_distance("next", "next") == 0
    assert edit_distance("nxt", "next") == 1


def test_texts_that_sound_alike_have_the_same_phonetic_key() -> None:
    assert phonetic_key("knee") == phonetic_key("no")
    assert phonetic_key("ladder please") == phonetic_key("louder please")
