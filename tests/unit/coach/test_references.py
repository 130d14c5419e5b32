"""What a message points at: a massage of the list, a step, what was spoken of, what comes next."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from palmwise.resources import content
from tests.unit.coach.driver import Talk, at, running, saying


@pytest.mark.parametrize(
    ("text", "routine"),
    [
        ("I'd go for the third one", "sore_hands"),
        ("number two sounds nice", "reflexology"),
        ("the former please", "classic"),
        ("the one in the middle", "reflexology"),
        ("the second last", "reflexology"),
        ("the shortest please", "sore_hands"),
        ("the gentlest of them", "sore_hands"),
    ],
)
@pytest.mark.parametrize("turns_between", [0, 2])
def test_a_massage_of_the_list_is_pointed_at(text: str, routine: str, turns_between: int) -> None:
    talk = Talk().says("list_routines")
    for _ in range(turns_between):
        talk.says("faq/oils")
    saying(talk, text, "go_to_step")
    assert (talk.shown["state"], talk.shown["routine"]) == ("offered", routine) or talk.session.routine == routine


def test_the_gentlest_of_two_is_the_less_firm_of_them() -> None:
    talk = Talk().says("list_routines")
    talk.session = replace(talk.session, listed=("reflexology", "classic"))
    assert saying(talk, "the gentlest of them", "go_to_step").session.routine == "classic"


def test_what_is_pointed_at_can_be_asked_about() -> None:
    talk = saying(Talk().says("list_routines"), "what happens in the second one", "out_of_scope")
    assert (talk.shown["state"], talk.card) == ("none", "overview")
    assert "reflexology" in talk.text
    talk = saying(Talk().says("list_steps"), "and the fourth, what's that")
    assert "finger rolling" in talk.text
    talk = saying(running("classic"), "what did we do before this one", "previous_step")
    assert talk.shown["step"] == 1


def test_what_is_next_goes_there() -> None:
    assert saying(running("classic"), "lovely, what's next?", "next_step").shown["step"] == 2


def test_a_list_is_forgotten_after_a_while() -> None:
    talk = Talk().says("list_routines")
    for _ in range(4):
        talk.says("faq/oils")
    assert saying(talk, "the second one", "go_to_step", step_number="2").shown["state"] == "none"


def test_it_is_what_was_spoken_of() -> None:
    talk = running("classic").says("explain_technique", technique="wrist_mobilization")
    assert saying(talk, "let's jump to it then").shown["step"] == 5
    assert saying(talk, "ok back to where we were", "previous_step").shown["step"] == 1


@pytest.mark.parametrize(
    ("text", "told", "card"),
    [
        ("how long is it going to be altogether", "left of Classic", "duration"),
        ("will it be over in twelve minutes", "left of Classic", "duration"),
        ("how long is the present step", "each hand", "duration"),
        ("when is it the wrists' turn", "step 5 of 6", "note"),
        ("what is after the next one", "thumb pressing", "technique"),
        ("when it's over, what happens", "glass of water", "note"),
    ],
)
def test_questions_on_the_routine_change_nothing(text: str, told: str, card: str) -> None:
    talk = running("classic")
    before = talk.session
    named = {"body_part": "wrist"} if "wrist" in text else {}
    saying(talk, text, "how_long" if "how long" in text else "nlu_fallback", **named)
    assert re.search(told, talk.text)
    assert talk.card == card
    assert (talk.session.steps, talk.session.step, talk.session.holds) == (before.steps, before.step, before.holds)


def test_a_step_left_out_for_time_can_be_had_back() -> None:
    talk = running("classic").says("set_duration", minutes="3")
    gone = [step.technique for step in talk.session.steps]
    assert "thumb_pressing" not in gone
    assert "left out for time" in saying(talk, "the pressing", "go_to_step", technique="thumb_pressing").text
    saying(talk, "put the pressing back in please", "out_of_scope", technique="thumb_pressing")
    assert "thumb_pressing" in [step.technique for step in talk.session.steps]


@pytest.mark.parametrize(
    ("text", "state", "step"), [("the first of these", "running", 1), ("option two", "running", 2)]
)
def test_ways_to_go_on_after_pain_are_pointed_at(text: str, state: str, step: int) -> None:
    talk = saying(running("classic").says("report_pain"), text)
    assert (talk.shown["state"], talk.shown["step"]) == (state, step)


def test_the_two_massages_of_a_change_are_pointed_at() -> None:
    asked = running("classic").says("start_routine", routine="reflexology")
    assert saying(asked, "the one we're on").shown["routine"] == "classic"
    asked.says("start_routine", routine="reflexology")
    assert saying(asked, "the new one", "go_to_step").shown["routine"] == "reflexology"


@pytest.mark.parametrize(
    "text", ["what now", "ok and now?", "sorry what am i supposed to be doing", "now what coach", "what do i do"]
)
@pytest.mark.parametrize("intent", ["next_step", "help", "repeat_step", "nlu_fallback"])
def test_who_has_lost_the_thread_is_told_what_to_do_and_how_long(text: str, intent: str) -> None:
    talk = running().says("greet", after=20)
    saying(talk, text, intent)
    assert (talk.shown["step"], talk.shown["hand"], talk.card) == (1, "left", "progress")
    assert "28 s to go" in talk.text
    assert "Glide softly" in talk.text


def test_what_now_goes_on_once_the_time_is_over_and_what_is_next_always_does() -> None:
    talk = running().says("greet", after=500)
    assert saying(talk, "what now", "next_step").shown["step"] == 2
    assert saying(running(), "what's next?", "next_step").shown["step"] == 2


@pytest.mark.parametrize("state", ["offered", "preparing", "running"])
def test_the_time_of_each_step_is_listed(state: str) -> None:
    talk = saying(at(state), "how long is each step", "how_long")
    assert (talk.card, talk.shown["state"]) == ("overview", state)


def test_how_to_do_it_is_of_this_step_though_another_massage_has_such_a_one() -> None:
    talk = saying(running(), "do i do circles or what", "explain_step", technique="tension_circles")
    assert content().techniques["effleurage"].more[:30] in talk.text
