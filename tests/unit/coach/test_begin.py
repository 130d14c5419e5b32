"""From a wish to the first step."""

from __future__ import annotations

import pytest

from palmwise.resources import content
from tests.unit.coach.driver import Talk, at, running


def test_a_symptom_gets_a_routine_with_its_reason() -> None:
    talk = Talk().says("report_symptom", symptom="soreness")
    assert talk.card == "offer"
    assert talk.reply is not None
    assert talk.reply.custom["routine"] == "sore_hands"
    assert content().symptoms["soreness"].because in talk.reply.custom["because"]
    assert talk.shown["state"] == "offered"


@pytest.mark.parametrize("symptom", sorted(content().symptoms))
def test_every_symptom_leads_to_its_routine(symptom: str) -> None:
    talk = Talk().says("report_symptom", symptom=symptom)
    assert talk.shown["routine"] == content().symptoms[symptom].routine


def test_a_nameless_wish_is_offered_a_named_one_is_taken() -> None:
    assert Talk().says("start_routine").shown["state"] == "offered"
    assert Talk().says("start_routine", routine="reflexology").shown["state"] == "screening"


def test_from_yes_to_the_first_step() -> None:
    talk = Talk().says("start_routine").says("affirm")
    assert talk.card == "screening"
    assert talk.says("deny").card == "prepare"
    assert talk.says("affirm").card == "step"
    assert (talk.shown["step"], talk.shown["steps"], talk.shown["technique"]) == (1, 6, "effleurage")
    assert talk.clock == {"duration": 102, "elapsed": 0.0, "running": True}
    assert talk.shown["minutes"] == 10.0
    assert talk.shown["remaining_seconds"] == 600


@pytest.mark.parametrize("go", ["affirm", "next_step", "resume", "start_routine"])
def test_what_goes_on_from_preparing(go: str) -> None:
    assert Talk().says("start_routine", routine="classic").says("deny").says(go).shown["state"] == "running"


def test_asking_again_for_the_routine_that_is_prepared_goes_on() -> None:
    prepared = Talk().says("start_routine", routine="classic").says("deny")
    assert prepared.says("start_routine", routine="classic").shown["state"] == "running"
    other = Talk().says("start_routine", routine="classic").says("deny").says("start_routine", routine="reflexology")
    assert (other.shown["state"], other.shown["routine"]) == ("preparing", "reflexology")


def test_without_a_routine_all_that_follows_it_is_null() -> None:
    shown = Talk().says("greet").shown
    assert {name: value for name, value in shown.items() if value is not None} == {"state": "none", "known": []}


@pytest.mark.parametrize("other", ["next_step", "resume", "faq/oils", "thank", "nlu_fallback", "start_routine", "help"])
def test_the_safety_question_is_never_skipped(other: str) -> None:
    talk = Talk().says("start_routine", routine="classic")
    for _ in range(4):
        talk.says(other)
        assert talk.shown["state"] == "screening"
        assert "**no**" in talk.text.lower() or "**yes**" in talk.text.lower()


def test_a_yes_to_the_safety_question_is_a_red_flag() -> None:
    talk = Talk().says("start_routine", routine="classic").says("affirm")
    assert talk.card == "safety"
    assert talk.shown["state"] == "stopped"


def test_the_safety_question_comes_once_and_again_after_a_red_flag() -> None:
    talk = running()
    talk.says("stop").says("start_routine", routine="sore_hands")
    assert talk.card == "prepare"
    talk.says("report_red_flag").says("start_routine", routine="sore_hands")
    assert talk.card == "screening"
    assert talk.reply is not None
    assert [button.payload for button in talk.reply.buttons][:2] == ["/affirm", "/deny"]


def test_minutes_plan_the_routine_and_say_what_is_left_out() -> None:
    talk = Talk().says("set_duration", minutes="2")
    assert talk.card == "offer"
    assert "leave out" in talk.text
    assert 108 <= int(str(talk.shown["remaining_seconds"])) <= 132


def test_steps_left_out_are_named_wherever_the_minutes_come() -> None:
    named = Talk().says("start_routine", routine="classic", minutes="2")
    assert (named.shown["state"], "leave out" in named.text) == ("screening", True)
    offered = Talk().says("start_routine").says("start_routine", minutes="2")
    assert (offered.shown["state"], "leave out" in offered.text) == ("screening", True)
    complaint = Talk().says("start_routine", routine="classic").says("report_symptom", symptom="soreness", minutes="2")
    assert (complaint.shown["state"], "leave out" in complaint.text) == ("screening", True)
    ready = Talk().says("start_routine", routine="classic").says("deny").says("start_routine", minutes="2")
    assert (ready.shown["state"], "leave out" in ready.text) == ("running", True)
    screened = running().says("stop").says("start_routine", routine="reflexology", minutes="2")
    assert (screened.shown["state"], "leave out" in screened.text) == ("preparing", True)
    again = running().says("set_duration", minutes="2").says("restart")
    assert (again.shown["state"], "leave out" in again.text) == ("running", True)


def test_steps_left_out_are_named_once() -> None:
    offered = Talk().says("set_duration", minutes="2").says("affirm")
    assert (offered.shown["state"], "leave out" in offered.text) == ("screening", False)
    assert "leave out" not in offered.says("deny").text


@pytest.mark.parametrize(("said", "planned"), [("1", 2.0), ("99999", 60.0), ("0", 2.0)])
def test_minutes_out_of_reach_become_the_nearest(said: str, planned: float) -> None:
    talk = Talk().says("set_duration", minutes=said)
    assert abs(float(str(talk.shown["minutes"])) - planned) <= 0.1 * planned
    assert "two minutes to an hour" in talk.text


def test_a_wish_with_minutes_out_of_reach_says_so_too() -> None:
    assert "two minutes to an hour" in Talk().says("start_routine", minutes="1").text
    assert "two minutes to an hour" not in Talk().says("start_routine", minutes="5").text


def test_another_routine_in_mid_routine_is_asked_first() -> None:
    talk = running().says("start_routine", routine="reflexology")
    assert (talk.shown["routine"], talk.shown["state"]) == ("classic", "running")
    assert talk.says("deny").shown["routine"] == "classic"
    talk.says("start_routine", routine="reflexology").says("affirm")
    assert (talk.shown["routine"], talk.shown["state"]) == ("reflexology", "preparing")


def test_no_to_an_offer_is_no() -> None:
    talk = Talk().says("start_routine").says("deny")
    assert talk.shown["state"] == "none"
    assert talk.shown["routine"] is None


@pytest.mark.parametrize("way", ["offered", "preparing", "running", "paused", "finished"])
def test_a_plan_is_shown_with_the_time_and_the_picture_of_each_step(way: str) -> None:
    talk = at(way)
    assert talk.reply is not None
    steps = talk.reply.custom["steps"]
    assert [step["id"] for step in steps] == [step.technique for step in talk.session.steps]
    assert sum(step["seconds"] for step in steps) == talk.session.planned_seconds
    assert all(step["title"] and step["picture"]["src"].endswith(".svg") for step in steps)


def test_the_welcome_shows_the_massages_to_choose_from() -> None:
    routines = Talk().view().custom["routines"]
    assert [routine["id"] for routine in routines] == list(content().routines)
    assert all(routine["minutes"]["from"] < routine["minutes"]["to"] for routine in routines)
