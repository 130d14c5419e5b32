"""After pain the coach asks: more gently, skip, or stop? The answers are read against that question."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from palmwise.coach.behaviour import act
from palmwise.coach.commands import Command
from palmwise.resources import content
from tests.unit.coach.driver import Talk, running, said


def hurt() -> Talk:
    return running().says("report_pain", 10)


@pytest.mark.parametrize("said", ["affirm", "resume", "slow_down", "speed_up", "speak_softly"])
def test_softer_slower_easier_and_yes_go_on_more_gently(said: str) -> None:
    before = hurt()
    talk = hurt().says(said)
    assert (talk.shown["state"], talk.shown["step"], talk.session.easing) == ("running", 1, False)
    assert "lighter" in talk.text.lower()
    assert (talk.session.pace, talk.session.volume) == (before.session.pace, before.session.volume)


@pytest.mark.parametrize("intent", ["affirm", "resume"])
def test_maybe_does_not_resume(intent: str) -> None:
    talk = hurt()
    turn = act(content(), talk.session, Command(intent, hedged=True), talk.now)
    assert (turn.session.state, turn.session.easing) == ("paused", True)
    assert turn.reply is not None
    assert {button.payload for button in turn.reply.buttons} == {"/resume", "/next_step", "/stop"}
    talk.session = replace(turn.session)
    assert talk.says("affirm").shown["state"] == "running"


def test_pain_again_asks_again() -> None:
    talk = hurt().says("report_pain")
    assert (talk.card, talk.shown["state"]) == ("ease", "paused")


def test_maybe_is_no_answer_to_the_safety_question() -> None:
    for intent in ("affirm", "deny"):
        talk = Talk().says("start_routine", routine="classic").does(Command(intent, hedged=True, text="maybe"))
        assert talk.shown["state"] == "screening"


def test_too_little_to_go_by_is_no_answer_after_pain() -> None:
    talk = hurt().does(Command("next_step", text="hm", confidence=0.3, acts={"command": 1.0}))
    assert (talk.card, talk.shown["step"], talk.session.easing) == ("ease", 1, True)


@pytest.mark.parametrize("said", [{"hedged": True}, {"confidence": 0.3, "acts": {"command": 1.0}}])
@pytest.mark.parametrize("intent", ["resume", "start_routine"])
def test_a_maybe_leaves_the_change_of_routine_open(intent: str, said: dict[str, Any]) -> None:
    talk = running().says("start_routine", routine="reflexology")
    asked = talk.session.switch_to
    assert asked
    talk.does(Command(intent, text="hmm hmm", **said))
    assert (talk.session.switch_to, talk.shown["state"], talk.shown["asked"]) == (asked, "running", "change_routine")


def test_after_pain_the_last_bit_is_gone_to_and_not_taken_for_an_end() -> None:
    talk = running().says("report_pain")
    talk.does(said("she's ok now, let's skip to the last bit", "go_to_step", step_number="last"))
    assert (talk.shown["state"], talk.shown["step"]) == ("running", 6)
    assert running().says("report_pain").does(said("the last one", "nlu_fallback")).shown["state"] == "stopped"
