"""A timer moves on only when its step is over by the clock it reports."""

from __future__ import annotations

import pytest

from palmwise.coach.commands import ClockReport
from tests.unit.coach.driver import Talk, running


def rings(talk: Talk, elapsed: float, after: float = 1.0) -> Talk:
    """The client's timer, with what its clock shows."""
    token = str(talk.session.token)
    return talk.says("next_step", after, by="timer", token=token, clock=ClockReport(token, elapsed))


def test_a_timer_that_slower_overtook_is_ignored() -> None:
    talk = running().says("slow_down", 24)
    assert talk.clock["duration"] == 114
    assert rings(talk, 102.0, 78).reply is None
    assert talk.session.step == 1
    assert rings(talk, 114.0, 12).session.step == 2


@pytest.mark.parametrize("elapsed", [0.0, 3.0, 99.0])
def test_a_timer_that_is_early_by_its_own_clock_is_ignored(elapsed: float) -> None:
    talk = rings(running(), elapsed)
    assert talk.reply is None
    assert talk.session.step == 1


@pytest.mark.parametrize("elapsed", [100.5, 102.0, 5000.0])
def test_an_honest_timer_goes_on_whatever_our_own_clock_says(elapsed: float) -> None:
    assert rings(running(), elapsed).session.step == 2


def test_a_timer_without_a_report_or_with_one_of_another_step_is_believed() -> None:
    assert running().timer().session.step == 2
    talk = running()
    other = ClockReport("another", 1.0)
    assert talk.says("next_step", by="timer", token=talk.session.token, clock=other).session.step == 2


def test_a_phone_that_slept_through_the_step_goes_on() -> None:
    talk = running()
    assert rings(talk, 102.0, 1500).session.step == 2


def test_a_timer_that_sends_anything_else_is_ignored() -> None:
    talk = running()
    assert talk.says("stop", by="timer", token=talk.session.token).reply is None
    assert talk.session.state == "running"
