"""After a red flag nothing invites to a massage; only the person can ask for one."""

from __future__ import annotations

import pytest

from palmwise.coach.behaviour import TABLE
from palmwise.coach.commands import Command
from palmwise.resources import content
from tests.unit.coach.driver import Talk, running

ASKS_TO_START = {"start_routine", "resume", "restart"}
OTHERS = sorted({*TABLE, "faq/oils", "unheard_of"} - ASKS_TO_START - {"faq"})
INVITING = ("carry on", "start over", "begin", "shall we", "shall i", "would you like", "within the hour", "i suggest")
STARTS = ("/start_routine", "/resume", "/restart", "/affirm")


def invites(talk: Talk) -> list[str]:
    """What in the last answer invites to a massage."""
    assert talk.reply is not None
    said = f"{talk.text} {talk.reply.custom['say']}".lower()
    buttons = [button.payload for button in talk.reply.buttons if button.payload.startswith(STARTS)]
    return [*(phrase for phrase in INVITING if phrase in said), *buttons]


@pytest.mark.parametrize("said", OTHERS)
@pytest.mark.parametrize("way", ["at a step", "before any", "at the safety question"])
def test_after_a_red_flag_nothing_invites_to_a_massage(way: str, said: str) -> None:
    if way == "at a step":
        talk = running().says("report_red_flag", symptom="fracture")
    elif way == "before any":
        talk = Talk().says("report_red_flag", symptom="fracture")
    else:
        talk = Talk().says("start_routine").says("affirm").says("affirm")
    for _ in range(3):
        talk.says(said)
        assert (talk.shown["state"], invites(talk)) == ("stopped", [])


@pytest.mark.parametrize("symptom", sorted(content().symptoms))
def test_a_complaint_after_a_red_flag_gets_its_caution_and_no_routine(symptom: str) -> None:
    talk = running().says("report_red_flag", symptom="fracture").says("report_symptom", symptom=symptom, minutes="1")
    assert (talk.shown["state"], invites(talk)) == ("stopped", [])
    assert "doctor" in talk.text
    assert (content().symptoms[symptom].care or "") in talk.text


@pytest.mark.parametrize("ended", ["stop", "goodbye"])
def test_ending_the_safety_question_after_a_red_flag_invites_to_nothing(ended: str) -> None:
    talk = running().says("report_red_flag").says("start_routine", routine="classic").says(ended)
    assert (talk.shown["state"], invites(talk)) == ("stopped", [])


@pytest.mark.parametrize("minutes", ["5", "1"])
def test_minutes_after_a_red_flag_plan_nothing(minutes: str) -> None:
    talk = running().says("report_red_flag").says("set_duration", minutes=minutes)
    assert (talk.shown["state"], talk.session.wish, invites(talk)) == ("stopped", None, [])


def test_who_asks_for_a_massage_after_a_red_flag_gets_the_safety_question() -> None:
    for command in (
        Command("start_routine"),
        Command("start_routine", {"routine": ("classic",)}),
        Command("start_routine", {"symptom": ("soreness",)}),
    ):
        for talk in (running(), Talk()):
            talk.says("report_red_flag").does(command)
            assert talk.card == "screening"
            assert talk.says("affirm").card == "safety"
    assert running().says("report_red_flag").says("resume").card == "screening"
    assert running().says("report_red_flag").says("restart").card == "screening"


@pytest.mark.parametrize("said", ["pause", "next_step"])
def test_after_the_end_nobody_is_asked_to_begin(said: str) -> None:
    talk = running().says("go_to_step", step_number="last").says("next_step").says(said)
    assert talk.shown["state"] == "finished"
    assert "like to begin" not in talk.text
