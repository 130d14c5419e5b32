"""The safety lists of the content match what they must and leave everyday talk alone."""

import pytest

from palmwise.language.phrase_matching import SAFETY_KINDS, PhraseMatch
from palmwise.resources import content


def gravest(message: str) -> tuple[str, PhraseMatch] | None:
    """The kind of the gravest list that matches, and its match."""
    found = ((kind, content().alarms[kind].match(message.split())) for kind in SAFETY_KINDS)
    return next(((kind, match) for kind, match in found if match), None)


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
def test_a_red_flag_matches_with_its_id(message: str, flag: str) -> None:
    found = gravest(message)
    assert found is not None
    assert (found[0], found[1].id) == ("red_flag", flag)


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
def test_everyday_talk_does_not_match(message: str) -> None:
    assert gravest(message) is None


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
def test_stop_and_pain_match(message: str, kind: str) -> None:
    found = gravest(message)
    assert found is not None
    assert found[0] == kind


def test_a_match_has_the_words_that_matched() -> None:
    message = "well i think my finger is broken you know"
    found = gravest(message)
    assert found is not None
    assert "broken" in message.split()[found[1].first : found[1].end]


@pytest.mark.parametrize(
    ("message", "flag"),
    [
        ("no i have chest pain", "chest_pain"),
        ("no my chest hurts", "chest_pain"),
        ("no i feel dizzy", "unwell"),
        ("no it's bleeding", "open_wound"),
        ("no my finger broke", "fracture"),
        ("the bread knife took... i sliced the top of my thumb off", "severe_injury"),
        ("the saw has cut two fingers right off", "severe_injury"),
        ("i almost cut my finger off", "open_wound"),
        ("no i can't breathe", "chest_pain"),
        ("no wait my wrist is broken", "fracture"),
        ("nope but i have a fever", "fever"),
    ],
)
def test_a_no_before_a_statement_does_not_negate_it(message: str, flag: str) -> None:
    found = gravest(message)
    assert found is not None
    assert found[1].id == flag


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
def test_a_negated_statement_after_a_no_does_not_match(message: str) -> None:
    assert gravest(message) is None


def test_weakness_outranks_dizziness() -> None:
    found = content().alarms["red_flag"].match_hint("my left hand has gone weak and i'm dizzy".split())
    assert found is not None
    assert found.id == "sudden_weakness"


def test_every_listed_red_flag_has_an_answer() -> None:
    known = content().red_flags
    red_flags = content().alarms["red_flag"]
    assert {id for id, _ in red_flags.rules} | set(red_flags.hints) <= set(known)
    assert known["self_harm"].level == "emergency"
