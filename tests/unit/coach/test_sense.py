"""What a sensible person expects of an answer, beside the contract's letter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from palmwise.coach.behaviour import act
from palmwise.coach.commands import Command
from palmwise.coach.scene import brief
from palmwise.language.numbers import shown_seconds
from palmwise.resources import content
from tests.unit.coach.driver import Talk, running


def buttons(talk: Talk) -> list[str]:
    """What the buttons of the last answer would send."""
    assert talk.reply is not None
    return [button.payload for button in talk.reply.buttons]


def test_a_no_with_a_yes_in_it_does_not_answer_the_safety_question() -> None:
    talk = Talk().says("start_routine", routine="classic")
    turn = act(content(), talk.session, Command("deny", mixed=True), talk.now)
    assert turn.session.state == "screening"
    assert turn.reply is not None
    assert "**no**" in " ".join(turn.reply.texts).lower()
    talk.session = replace(turn.session)
    assert talk.says("deny").card == "prepare"


def test_doubt_about_the_safety_question_is_not_taken_for_a_no() -> None:
    talk = Talk().says("start_routine", routine="classic").says("explain_step")
    assert talk.shown["state"] == "screening"
    assert "doctor" in talk.text
    assert "**no**" in talk.text.lower()


def test_more_minutes_bring_back_what_was_left_out() -> None:
    talk = running().says("set_duration", minutes="2")
    assert "leave out" in talk.text
    talk.says("set_duration", minutes="20")
    assert "leave out" not in talk.text
    assert talk.shown["steps"] == 6
    assert abs(int(str(talk.shown["remaining_seconds"])) - 1200) <= 120


def test_what_is_left_out_of_the_rest_does_not_name_what_was_passed_over() -> None:
    talk = Talk().says("set_duration", minutes="2").says("affirm").says("deny").says("affirm")
    talk.says("go_to_step", step_number="last").says("set_duration", minutes="5")
    assert "leave out" not in talk.text


def test_minutes_for_a_named_routine_plan_that_one() -> None:
    talk = Talk().says("set_duration", minutes="5", routine="reflexology")
    assert talk.shown["routine"] == "reflexology"
    talk = Talk().says("start_routine").says("set_duration", minutes="5", routine="reflexology")
    assert (talk.shown["routine"], talk.shown["state"]) == ("reflexology", "offered")
    assert talk.says("affirm").shown["routine"] == "reflexology"


def test_a_complaint_with_minutes_is_offered_for_those_minutes() -> None:
    talk = Talk().says("report_symptom", symptom="soreness", minutes="5")
    assert (talk.shown["routine"], talk.card) == ("sore_hands", "offer")
    assert abs(float(str(talk.shown["minutes"])) - 5) <= 0.5
    assert "two minutes to an hour" in Talk().says("report_symptom", symptom="soreness", minutes="1").text


def test_a_complaint_that_was_not_made_out_is_not_put_into_words() -> None:
    talk = Talk().says("report_symptom")
    assert (talk.shown["routine"], talk.card) == ("sore_hands", "offer")
    assert "your hands are sore" not in talk.text.lower()
    assert "doctor" in talk.text


def test_minutes_with_a_complaint_are_offered_for_that_complaint() -> None:
    talk = Talk().says("set_duration", symptom="soreness", minutes="5")
    assert (talk.shown["routine"], talk.card) == ("sore_hands", "offer")


def test_the_overview_adds_up_to_the_minutes_that_are_planned() -> None:
    talk = running().says("set_duration", minutes="20").says("list_steps")
    assert talk.reply is not None
    told = sum(step["seconds"] for step in talk.reply.custom["steps"])
    assert told == round(60 * float(str(talk.shown["minutes"])))
    assert "20 min" in talk.text


@pytest.mark.parametrize("asked", ["help", "how_long", "ask_progress", "faq/oils", "list_steps", "explain_technique"])
@pytest.mark.parametrize("before", ["praise", "pause"])
def test_an_answer_in_mid_routine_tells_the_place(asked: str, before: str) -> None:
    talk = running().says("next_step").says(before).says(asked)
    assert "petrissage" in talk.text.lower()
    assert "2 of 6" in talk.text


def test_progress_names_the_hand() -> None:
    talk = running().says("ask_progress")
    assert "left hand" in talk.text
    assert "right hand" in talk.says("switch_hand").says("ask_progress").text
    assert "both hands" in talk.says("go_to_step", step_number="last").says("ask_progress").text


def test_a_step_can_be_asked_for_by_the_part_of_the_hand() -> None:
    assert running().says("go_to_step", body_part="wrist").shown["technique"] == "wrist_mobilization"
    stays = running().says("go_to_step", body_part="forearm")
    assert (stays.shown["step"], stays.card) == (1, "note")


def test_how_long_another_step_takes_by_its_number() -> None:
    talk = running().says("how_long", step_number="6")
    assert talk.reply is not None
    assert (talk.reply.custom["of"], talk.reply.custom["seconds"]) == ("step", 90)
    assert talk.shown["step"] == 1
    nowhere = running().says("how_long", step_number="9")
    assert nowhere.reply is not None
    assert nowhere.reply.custom["seconds"] == 102


def test_no_button_that_would_do_nothing() -> None:
    talk = running()
    assert "/previous_step" not in buttons(talk)
    assert "/switch_hand" in buttons(talk)
    talk.says("go_to_step", step_number="last")
    assert "/previous_step" in buttons(talk)
    assert "/switch_hand" not in buttons(talk)


@pytest.mark.parametrize("id", sorted(content().faqs))
def test_every_answer_has_two_questions_to_go_on_with(id: str) -> None:
    assert 2 <= len(buttons(Talk().says(f"faq/{id}"))) <= 5


@pytest.mark.parametrize("id", ["medical_advice", "equipment", "who_should_not"])
def test_an_answer_to_many_questions_begins_with_no_plain_yes_or_no(id: str) -> None:
    # "Should I see a doctor?", "may I use a ball?", "is it safe with a clot?" get these answers too.
    answer = content().faqs[id]
    for said in (answer.text, answer.short):
        assert not said.startswith(("**No.**", "No.", "**Yes", "Yes", "For most people"))


@pytest.mark.parametrize("technique", sorted(content().techniques))
def test_how_exactly_is_short_for_the_ear_and_whole_for_the_eye(technique: str) -> None:
    talk = Talk().says("explain_step", technique=technique)
    assert talk.reply is not None
    assert len(str(talk.reply.custom["say"]).split()) <= 90
    assert content().techniques[technique].more in talk.text


def test_a_brief_text_ends_with_a_sentence() -> None:
    assert brief("One two. Three four five. Six.", most=5) == "One two. Three four five."
    assert brief("One two three four five six.", most=2) == "One two three four five six."


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(301, "5 min"), (3603, "60 min"), (299, "5 min"), (61, "1:01 min"), (290, "4:50 min"), (470, "8 min")],
)
def test_a_second_beside_a_minute_is_let_go(seconds: float, shown: str) -> None:
    assert shown_seconds(seconds) == shown
