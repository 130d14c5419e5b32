"""The safety lists of the content match what they must and leave everyday talk alone."""

from pathlib import Path

import pytest

from palmwise.coach.content_loader import load_safety_lists
from palmwise.language.phrase_matching import SafetyLists
from palmwise.resources import content

CONTENT = Path("content/en")


@pytest.fixture(scope="module")
def lists() -> SafetyLists:
    return load_safety_lists(CONTENT / "safety")


@pytest.mark.parametrize(
    ("message", "flag"),
    [
        ("i think my finger is broken", "fracture"),
        ("can i massage with a broken finger", "fracture"),
        ("not sure if my thumb is broken", "fracture"),
        ("my hand went numb after a fall", "numb_after_injury"),
        ("my fingers feel numb now", "numb_after_injury"),
        ("it's swollen and hot", "hot_swelling"),
        ("there's pus coming out of it", "infection"),
        ("i have a blood clot in my arm", "clot"),
        ("i burnt my hand on the oven", "burn"),
        ("my face is drooping", "sudden_weakness"),
        ("my chest feels tight", "chest_pain"),
        ("i had surgery on my wrist last week", "recent_surgery"),
        ("i feel dizzy", "unwell"),
        ("this makes me light headed", "unwell"),
        ("i want to die", "self_harm"),
        ("i'm going to kill myself", "self_harm"),
        ("my fingers turned blue and cold", "poor_blood_flow"),
        ("i'm pregnant", "pregnancy_doubt"),
    ],
)
def test_a_red_flag_matches_with_its_id(lists: SafetyLists, message: str, flag: str) -> None:
    match = lists.match(message.split())
    assert match is not None
    assert (match.kind, match.id) == ("red_flag", flag)


@pytest.mark.parametrize(
    "message",
    [
        "is it ok for arthritis",
        "no numbness no fall",
        "nothing is broken",
        "my hands are sore from typing",
        "don't stop",
        "where is the bus stop",
        "how do i make it stop",
        "did they stop",
        "stop i mean step three",
        "stop my alarm",
        "should it hurt",
        "long gentle strokes please",
        "the next step",
        "my phone is broken",
        "my hands are killing me",
        "i am sick of typing",
        "is it safe if i'm pregnant",
        "my fingers are numb",
        "which oil for my hands now",
        "my fingers always go blue in winter",
    ],
)
def test_everyday_talk_does_not_match(lists: SafetyLists, message: str) -> None:
    assert lists.match(message.split()) is None


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("stop", "stop"),
        ("please stop now", "stop"),
        ("stop the massage", "stop"),
        ("no stop", "stop"),
        ("that's enough", "stop"),
        ("well this is a waste of time stop", "stop"),
        ("stop i have a train to catch", "stop"),
        ("stop my dinner is burning", "stop"),
        ("stop it hurts", "pain"),
        ("ouch", "pain"),
        ("that hurts", "pain"),
        ("you're hurting me", "pain"),
    ],
)
def test_stop_and_pain_match(lists: SafetyLists, message: str, kind: str) -> None:
    match = lists.match(message.split())
    assert match is not None
    assert match.kind == kind


def test_a_match_has_the_words_that_matched(lists: SafetyLists) -> None:
    words = "well i think my finger is broken you know".split()
    match = lists.match(words)
    assert match is not None
    assert "broken" in words[match.first : match.end]


@pytest.mark.parametrize(
    ("message", "flag"),
    [
        ("no i have chest pain", "chest_pain"),
        ("no my chest hurts", "chest_pain"),
        ("no i feel dizzy", "unwell"),
        ("no it's bleeding", "open_wound"),
        ("no my finger broke", "fracture"),
        ("no i can't breathe", "chest_pain"),
        ("no wait my wrist is broken", "fracture"),
        ("nope but i have a fever", "fever"),
    ],
)
def test_a_no_before_a_statement_does_not_negate_it(lists: SafetyLists, message: str, flag: str) -> None:
    match = lists.match(message.split())
    assert match is not None
    assert match.id == flag


@pytest.mark.parametrize(
    "message",
    [
        "no i don't have a broken finger",
        "none of them i don't have cancer",
        "no i have no fever",
        "no it isn't swollen",
        "no i've not had an operation",
        "no i didn't fall",
    ],
)
def test_a_negated_statement_after_a_no_does_not_match(lists: SafetyLists, message: str) -> None:
    assert lists.match(message.split()) is None


def test_weakness_outranks_dizziness(lists: SafetyLists) -> None:
    found = lists.lists["red_flag"].match_hint("my left hand has gone weak and i'm dizzy".split())
    assert found is not None
    assert found.id == "sudden_weakness"


def test_every_listed_red_flag_has_an_answer(lists: SafetyLists) -> None:
    known = content().red_flags
    red_flags = lists.lists["red_flag"]
    assert {id for id, _ in red_flags.rules} | set(red_flags.hints) <= set(known)
    assert known["self_harm"].level == "emergency"
