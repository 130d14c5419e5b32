"""The question whether to change to another routine, and all that can be said to it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.coach.driver import Talk, running

STAY = "/deny"


def asked(**entities: Any) -> Talk:
    """In the second step of the classic, with reflexology wished for."""
    talk = running().says("next_step").says("start_routine", routine="reflexology", **entities)
    assert talk.card == "offer"
    return talk


def open_(talk: Talk) -> bool:
    """Whether the question still waits for its answer, by the buttons."""
    assert talk.reply is not None
    return STAY in [button.payload for button in talk.reply.buttons]


@pytest.mark.parametrize("again", [{"routine": "reflexology"}, {}])
def test_who_insists_has_said_yes(again: dict[str, Any]) -> None:
    talk = asked().says("start_routine", **again)
    assert (talk.shown["state"], talk.shown["routine"]) == ("preparing", "reflexology")


def test_a_third_routine_is_asked_about_anew() -> None:
    talk = asked().says("start_routine", routine="sore_hands")
    assert open_(talk)
    assert talk.says("affirm").shown["routine"] == "sore_hands"


STAYS: list[tuple[str, dict[str, Any]]] = [
    ("start_routine", {"routine": "classic"}),
    ("resume", {}),
    ("pause", {}),
    ("slow_down", {}),
    ("speed_up", {}),
    ("set_duration", {"minutes": "10"}),
    ("start_routine", {"minutes": "10"}),
    ("next_step", {}),
    ("previous_step", {}),
    ("go_to_step", {"step_number": "9"}),
    ("go_to_step", {"technique": "thumb_pad"}),
    ("switch_hand", {"hand": "left"}),
    ("report_pain", {}),
]


@pytest.mark.parametrize(("said", "entities"), STAYS)
def test_who_goes_on_with_the_routine_has_said_no(said: str, entities: dict[str, Any]) -> None:
    talk = asked().says(said, **entities)
    assert not open_(talk)
    assert talk.says("affirm").shown["routine"] == "classic"


@pytest.mark.parametrize("said", ["pause", "resume", "slow_down", "previous_step"])
def test_it_is_a_no_in_a_pause_too(said: str) -> None:
    talk = running().says("pause").says("start_routine", routine="reflexology").says(said)
    assert not open_(talk)
    assert talk.says("affirm").shown["routine"] == "classic"


@pytest.mark.parametrize(("said", "entities"), [("resume", {}), ("start_routine", {"routine": "classic"})])
def test_staying_is_put_into_words(said: str, entities: dict[str, Any]) -> None:
    assert "classic hand and wrist massage" in asked().says(said, **entities).text


@pytest.mark.parametrize("question", ["faq/oils", "how_long", "list_steps", "thank", "repeat_step", "speak_up"])
def test_a_question_on_the_way_leaves_it_open(question: str) -> None:
    talk = asked().says(question)
    assert talk.says("affirm").shown["routine"] == "reflexology"


def test_the_minutes_said_with_the_wish_are_kept_for_the_yes() -> None:
    talk = asked(minutes="5").says("affirm")
    assert talk.shown["routine"] == "reflexology"
    assert abs(float(str(talk.shown["minutes"])) - 5) <= 0.5
    insists = asked(minutes="5").says("start_routine", routine="reflexology", minutes="3")
    assert abs(float(str(insists.shown["minutes"])) - 3) <= 0.3


def test_minutes_out_of_reach_are_told_with_the_question() -> None:
    assert "two minutes to an hour" in asked(minutes="1").text
    assert "two minutes to an hour" in asked().says("start_routine", routine="reflexology", minutes="1").text


def test_minutes_of_a_wish_that_was_dropped_are_forgotten() -> None:
    talk = asked(minutes="5").says("deny").says("start_routine", routine="reflexology").says("affirm")
    assert float(str(talk.shown["minutes"])) > 6


def test_a_shorter_routine_to_change_to_says_what_is_left_out() -> None:
    assert "leave out" in asked(minutes="2").says("affirm").text


@pytest.mark.parametrize("way", [("pause", "resume"), ("report_pain", "resume"), ("stop", "resume")])
def test_minutes_of_a_change_that_was_not_made_do_not_plan_a_later_massage(way: tuple[str, ...]) -> None:
    talk = running().says("start_routine", routine="reflexology", minutes="3")
    for said in way:
        talk.says(said)
    talk.says("start_routine", routine="reflexology").says("affirm")
    assert (talk.shown["routine"], talk.session.wish) == ("reflexology", None)
