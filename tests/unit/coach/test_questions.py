"""Everything that the coach knows can be asked for."""

from __future__ import annotations

import re

import pytest

from palmwise.resources import content
from tests.unit.coach.driver import WAYS, Talk, at, running


@pytest.mark.parametrize("faq", sorted(content().faqs))
def test_every_question_in_mid_routine_goes_back_to_the_step(faq: str) -> None:
    talk = running().says("next_step").says(f"faq/{faq}", 10)
    assert talk.reply is not None
    assert (talk.card, talk.reply.custom["id"]) == ("faq", f"faq/{faq}")
    assert talk.reply.custom["source"]
    assert content().faqs[faq].text in talk.text
    assert "step 2 of 6" in talk.text
    assert (talk.shown["step"], talk.clock["elapsed"]) == (2, 10.0)


@pytest.mark.parametrize("technique", sorted(content().techniques))
def test_every_technique_can_be_asked_for(technique: str) -> None:
    talk = Talk().says("explain_technique", technique=technique)
    assert talk.card == "technique"
    assert content().techniques[technique].what in talk.text
    assert talk.reply is not None
    assert talk.reply.custom["picture"]["alt"]
    point = content().techniques[technique].point
    assert point is None or point.believed in talk.text


@pytest.mark.parametrize("routine", sorted(content().routines))
def test_every_routine_shows_its_steps_and_its_time(routine: str) -> None:
    talk = Talk().says("list_steps", routine=routine)
    assert talk.reply is not None
    assert [step["id"] for step in talk.reply.custom["steps"]] == [
        step.technique for step in content().routines[routine].steps
    ]
    talk.says("how_long", routine=routine)
    assert talk.reply.custom["routine"] == routine


def test_how_long_before_during_and_after() -> None:
    talk = Talk().says("how_long")
    assert (talk.card, talk.reply and talk.reply.custom["of"]) == ("duration", "general")
    talk.says("start_routine").says("how_long")
    assert talk.reply is not None
    assert (talk.reply.custom["of"], talk.reply.custom["seconds"]) == ("routine", 600)
    talk.says("affirm").says("deny").says("affirm").says("how_long", 8)
    assert talk.reply is not None
    assert (talk.reply.custom["of"], talk.reply.custom["seconds"]) == ("step", 102)
    assert "40 s" in talk.text
    talk.says("go_to_step", step_number="last").says("next_step").says("how_long")
    assert talk.reply is not None
    assert talk.reply.custom["of"] == "routine"


def test_how_long_when_the_time_of_the_step_is_up() -> None:
    talk = running().says("how_long", 500)
    assert "time is up" in talk.text
    assert "0 s" not in talk.text
    assert talk.reply is not None
    assert talk.reply.custom["left"] == 0


def test_why_what_exactly_and_where() -> None:
    talk = running()
    technique = content().techniques["effleurage"]
    assert technique.why in talk.says("explain_benefit").text
    assert technique.more in talk.says("explain_step").text
    assert all(mistake in talk.text for mistake in technique.mistakes)
    assert "of 6" in talk.says("ask_progress").text
    assert all(benefit.text in Talk().says("explain_benefit").text for benefit in content().benefits)


def test_nothing_spoken_could_be_taken_for_a_command() -> None:
    talk = running()
    said = []
    for intent in ("how_long", "pause", "resume", "report_pain", "help", "ask_progress", "list_steps", "nlu_fallback"):
        talk.says(intent)
        assert talk.reply is not None
        said.append(str(talk.reply.custom["say"]))
        said += [cue["say"] for cue in talk.reply.custom.get("cues", ())]
    assert not [text for text in said if content().cues.command.search(text) or re.search(r"[*_#]", text)]


@pytest.mark.parametrize("state", sorted(WAYS))
def test_help_knows_the_state(state: str) -> None:
    talk = at(state)
    assert talk.says("help").card == "help"
    assert talk.shown["state"] == state.removeprefix("flagged, ")
