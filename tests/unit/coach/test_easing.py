"""After pain the coach asks: more gently, skip, or stop? The answers are read against that question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from palmwise.coach.behaviour import act
from palmwise.coach.commands import Command
from palmwise.resources import content
from tests.unit.coach.driver import Talk, running


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
