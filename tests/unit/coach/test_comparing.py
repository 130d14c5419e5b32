"""Routines, techniques and steps are compared by what the content says of them."""

from __future__ import annotations

import pytest

from palmwise.coach.commands import Command
from tests.unit.coach.driver import Talk, running


def says(talk: Talk, text: str) -> str:
    return talk.does(Command("nlu_fallback", text=text)).text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("what's the difference between the classic and the reflexology one", ["Classic", "presses four points"]),
        ("what is the difference between the first and the last", ["Classic", "light strokes"]),
        ("is the classic longer than reflexology", ["Yes, ", "classic", "longer"]),
        ("is the reflexology one longer than the classic", ["No, ", "classic", "longer"]),
        ("which is gentler, the first or the second", ["is gentler"]),
        ("which one is the longest", ["classic", "is longer"]),
        ("what does kneading do that finger rolling doesn't, what's the difference", ["Kneading releases", "joints"]),
    ],
)
def test_things_that_are_named_are_compared(text: str, told: list[str]) -> None:
    talk = Talk().says("list_routines")
    said = says(talk, text)
    assert [each for each in told if each.lower() not in said.lower()] == []
    assert talk.shown["state"] == "none"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("which one is the shortest", "Relief for sore hands and hand reflexology are the shortest: 8 min each."),
        ("is reflexology longer than sore hands", "No, hand reflexology and relief for sore hands take equally long"),
        ("which takes longer, reflexology or sore hands", "Hand reflexology and relief for sore hands take equally"),
    ],
)
def test_what_is_told_to_take_the_same_time_is_told_to_be_equal(text: str, told: str) -> None:
    assert says(Talk().says("list_routines"), text).startswith(told)


def test_a_step_that_is_as_long_as_others_is_one_of_the_longest() -> None:
    assert says(running(), "is this the longest step").startswith("Yes, effleurage (gliding strokes) is one of the")


def test_the_routine_on_offer_is_compared_with_another_one() -> None:
    talk = Talk().says("start_routine", symptom="soreness")
    assert says(talk, "is that gentler than the classic one").startswith("Yes, relief for sore hands is gentler")
    assert says(talk, "is the classic one longer").startswith("Yes, classic")
    assert talk.shown["state"] == "offered"


def test_the_current_step_is_compared_with_the_others() -> None:
    talk = running("sore_hands").says("next_step")
    assert says(talk, "is that the longest one").startswith("Yes, circles")
    assert talk.shown["step"] == 2


def test_what_compares_nothing_is_left_alone() -> None:
    assert "shorter" not in says(running(), "a shorter one please")
    assert "longer" not in says(Talk(), "can it be longer")


@pytest.mark.parametrize("text", ["the reflexology one has no kneading", "it was nicer than the reflexology massage"])
def test_a_routine_that_is_talked_about_is_not_started(text: str) -> None:
    talk = running()
    talk.does(Command("start_routine", {"routine": ("reflexology",)}, text=text))
    assert (talk.card, talk.session.switch_to) == ("note", None)


def test_a_routine_that_is_wished_for_is_started() -> None:
    talk = Talk().does(Command("start_routine", {"routine": ("classic",)}, text="the classic one is fine"))
    assert talk.shown["routine"] == "classic"


def test_a_wish_for_a_longer_step_compares_nothing() -> None:
    talk = running()
    before = talk.session.remaining_at(talk.now)
    talk.does(Command("set_duration", text="can we stay longer on this", confidence=0.95), after=0)
    assert talk.session.remaining_at(talk.now) > before


def test_more_time_that_is_ordered_is_not_compared() -> None:
    text = "can you spend a bit more time on this one"
    ordered = Command("slow_down", text=text, acts={"command": 0.88, "question": 0.08}, confidence=0.57)
    talk = running().does(ordered)
    assert "longest" not in talk.text
    assert "Effleurage" in talk.text


def test_a_request_for_more_time_is_not_compared() -> None:
    assert "longest" not in says(running(), "can i do that one for longer")
    assert "longest" in says(running(), "is that one longer")
