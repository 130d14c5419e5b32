"""Undo: after any single command it gives the session back, time aside."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palmwise.coach.behaviour import act
from palmwise.coach.commands import Command
from palmwise.resources import content
from tests.unit.coach.driver import WAYS, Talk, running
from tests.unit.coach.test_properties import commands


@given(way=st.sampled_from([way for name, way in WAYS.items() if "flagged" not in name]), command=commands)
def test_undo_gives_the_session_back(way: list[str], command: Command) -> None:
    talk = Talk()
    for word in way:
        talk.says(word)
    before = replace(talk.session, before=None)
    after = act(content(), before, command, talk.now + 5).session
    if after.flagged or command.intent == "undo":
        return
    undone = act(content(), after, Command("undo"), talk.now + 6).session
    assert replace(undone, visit=0).is_same_as(replace(before, visit=0))


def test_a_second_undo_makes_the_change_again() -> None:
    talk = running().says("next_step").says("undo")
    assert talk.shown["step"] == 1
    assert talk.says("undo").shown["step"] == 2


@pytest.mark.parametrize("moved", ["next_step", "stop", "restart", "switch_hand", "slow_down", "pause", "report_pain"])
def test_the_clock_goes_on_where_it_was(moved: str) -> None:
    talk = running().says("how_long", after=20).says(moved, after=10).says("undo", after=30)
    assert talk.shown["state"] == "running"
    assert talk.clock["elapsed"] == pytest.approx(30, abs=1)
    assert talk.clock["lead_in"] > 0


def test_a_danger_is_not_taken_back() -> None:
    assert running().says("report_red_flag").says("undo").shown["state"] == "stopped"


def test_nothing_to_undo_is_said() -> None:
    talk = Talk().says("undo")
    assert talk.card == "note"
    assert "take back" in talk.text
