"""What is said of a complaint: at the safety question, while preparing, after a red flag."""

from __future__ import annotations

import pytest

from palmwise.coach.commands import Command
from palmwise.resources import content
from tests.unit.coach.driver import Talk

WITH_CARE = sorted(id for id, symptom in content().symptoms.items() if symptom.care)


def care(symptom: str) -> str:
    """The caution that belongs to a complaint."""
    return content().symptoms[symptom].care or ""


@pytest.mark.parametrize("symptom", WITH_CARE)
def test_a_caution_is_told_at_the_safety_question_too(symptom: str) -> None:
    talk = Talk().says("start_routine", routine="classic").says("report_symptom", symptom=symptom)
    assert talk.shown["state"] == "screening"
    assert care(symptom) in talk.text
    assert "**no**" in talk.text.lower() or "**yes**" in talk.text.lower()


@pytest.mark.parametrize("symptom", WITH_CARE)
def test_a_caution_is_told_while_preparing_the_routine_that_suits(symptom: str) -> None:
    talk = Talk().says("start_routine", routine=content().symptoms[symptom].routine).says("deny")
    talk.says("report_symptom", symptom=symptom)
    assert (talk.card, talk.shown["state"]) == ("note", "preparing")
    assert care(symptom) in talk.text


def test_a_complaint_that_was_not_made_out_gets_no_caution_of_another_at_the_safety_question() -> None:
    assert care("soreness") not in Talk().says("start_routine", routine="classic").says("report_symptom").text


def test_a_gentle_touch_is_promised_by_no_note() -> None:
    # The classic kneads and presses; what is noted of a complaint changes no step of it.
    for line in content().phrases.lines["noted_symptom"]:
        assert "gentle" not in line.text + line.say


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("carpal tunnel, operated nine years ago", []),
        ("I used to have carpal tunnel, it's gone", []),
        ("carpal tunnel since years ago", ["carpal_tunnel"]),
        ("carpal tunnel, operated years ago, but it's back again", ["carpal_tunnel"]),
    ],
)
def test_a_complaint_that_was_treated_long_ago_is_not_kept(text: str, known: list[str]) -> None:
    told = Talk().does(Command("report_symptom", {"symptom": ("carpal_tunnel",)}, text=text))
    assert told.shown["known"] == known
