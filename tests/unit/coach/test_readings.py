"""How times, paces, hands and places are meant in the conversation, said beside other things."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.coach.driver import Talk, running, said


def test_a_pace_is_read_where_it_is_hardly_a_wish_to_stay() -> None:
    talk = running().says("speed_up").does(replace(said("reset the speed", "stay"), confidence=0.45))
    assert talk.shown["pace"] == 1.0


def test_another_massage_can_be_gone_back_to() -> None:
    talk = running().does(
        replace(said("back to the sore hands one", "go_to_step", routine="sore_hands"), confidence=0.5)
    )
    assert talk.shown["asked"] == "change_routine"


def test_more_asks_for_another_degree() -> None:
    talk = running().says("slow_down").does(replace(said("even more", "stop"), confidence=0.5))
    assert (talk.shown["state"], talk.shown["pace"]) == ("running", 1.5)


@pytest.mark.parametrize("text", ["which hand is it now", "which hand", "am I on the left or the right"])
def test_the_hand_that_is_massaged_is_told(text: str) -> None:
    talk = running().does(replace(said(text, "ask_progress"), answer="which_hand_first"))
    assert (talk.card, "left hand" in talk.text) == ("progress", True)


@pytest.mark.parametrize(("text", "share"), [("again but shorter", 0.6), ("one more, a longer one", 1.5)])
def test_another_round_can_be_shorter_or_longer(text: str, share: float) -> None:
    talk = Talk().says("start_routine", routine="classic").says("deny").says("affirm")
    for _ in range(6):
        talk.says("next_step")
    talk.does(said(text, "set_duration"))
    assert talk.shown["state"] == "running"
    assert talk.shown["minutes"] == pytest.approx(10 * share, rel=0.1)


def test_where_it_was_stopped_is_told_and_nothing_goes_on() -> None:
    talk = running().says("next_step").says("stop").does(said("where did we stop", "resume"))
    assert (talk.shown["state"], "step 2" in talk.text) == ("stopped", True)


def test_slowly_is_of_the_words_where_they_are_to_be_repeated() -> None:
    talk = running().does(said("say that again slowly please", "repeat_step"))
    assert (talk.shown["pace"], talk.card) == (1.0, "step")
    assert running().does(said("slowly please", "slow_down")).shown["pace"] == 1.25


def test_more_minutes_in_a_pause_are_a_longer_pause() -> None:
    talk = running().says("pause").does(said("five more minutes", "set_duration", minutes="5"))
    assert (talk.shown["state"], talk.shown["minutes"]) == ("paused", 10.0)


def test_the_time_of_day_is_no_question_of_the_step() -> None:
    assert running().does(said("what time is it", "out_of_scope")).card == "note"


def test_what_if_there_is_less_time_plans_for_it() -> None:
    talk = Talk().says("start_routine").does(said("what if I've only got four minutes", "how_long"))
    assert talk.shown["minutes"] == pytest.approx(4, abs=0.2)


def test_what_was_that_changes_no_pace() -> None:
    assert running().does(said("whoa what was that", "repeat_step")).shown["pace"] == 1.0


def test_the_place_is_told_once() -> None:
    parts = said("how many steps", "ask_progress"), said("how long is all of it", "how_long", extent="whole")
    talk = running().does(said("how many steps and how long is all of it", "how_long", *parts))
    assert talk.text.lower().count("step 1 of 6") == 1


def test_a_little_more_time_of_seconds_is_for_the_step() -> None:
    talk = running().does(said("a bit more time please, thirty seconds", "set_duration"))
    assert (talk.shown["steps"], talk.shown["state"]) == (6, "running")
    assert "1:03 min" in talk.text


def test_hours_that_are_over_are_no_wish() -> None:
    told = said("after three hours of weeding my hands are sore", "report_symptom", symptom="soreness", minutes="180")
    assert Talk().does(told).shown["minutes"] == 7.5


def test_the_whole_is_told_beside_what_is_left() -> None:
    talk = running().says("go_to_step", step_number="4").says("how_long", extent="whole")
    assert "takes 10 min in all" in talk.text


def test_instructions_for_somebody_else_s_hands_say_so() -> None:
    talk = Talk().does(said("start the classic one for my mother", "start_routine", routine="classic"))
    assert "take theirs" in talk.says("deny").says("affirm").text
    assert "take theirs" not in talk.says("next_step").text


def test_a_step_that_is_told_by_its_place_is_named() -> None:
    talk = running().does(said("which step is the last one", "ask_progress"))
    assert (talk.card, "relaxation strokes" in talk.text.lower()) == ("technique", True)


def test_the_pace_goes_back_to_how_it_was() -> None:
    talk = (
        running().says("slow_down").does(said("no no not slower I never said that put it back the way it was", "undo"))
    )
    assert talk.shown["pace"] == 1.0


def test_the_time_of_the_hand_is_of_this_step() -> None:
    talk = running().does(replace(said("how long on each hand", "how_long"), answer="length_each_hand"))
    assert talk.card == "duration"


def test_a_hand_that_is_asked_to_be_confirmed_is_told() -> None:
    talk = running().does(said("ok now it's the other hand, yes?", "switch_hand"))
    assert (talk.shown["hand"], talk.card) == ("left", "progress")


def test_who_is_back_in_five_goes_to_no_step() -> None:
    talk = running().says("pause").does(said("back in 5", "go_to_step", step_number="5"))
    assert (talk.shown["state"], talk.shown["step"]) == ("paused", 1)


@pytest.mark.parametrize(
    ("text", "intent"),
    [("last one right", "go_to_step"), ("last one correct", "go_to_step"), ("is this the last one", "ask_progress")],
)
def test_whether_it_is_the_last_step_is_answered_in_place(text: str, intent: str) -> None:
    talk = running().does(said(text, intent, step_number="last"))
    assert (talk.card, talk.shown["step"]) == ("progress", 1)


def test_the_last_step_is_gone_to_by_its_name_and_not_begun_again_by_a_report() -> None:
    talk = running().does(said("last one please", "go_to_step", step_number="last"))
    assert talk.shown["step"] == 6
    token = talk.shown["token"]
    talk.does(said("last one", "go_to_step", step_number="last"))
    assert (talk.card, talk.shown["token"]) == ("progress", token)
    talk.does(said("go to the last one again", "go_to_step", step_number="last"))
    assert talk.card == "step"


def test_hours_that_are_told_are_not_planned_for() -> None:
    talk = Talk().does(said("i drive nine hours what can you do for me", "start_routine", minutes="540"))
    assert talk.shown["minutes"] == pytest.approx(10, abs=0.5)
