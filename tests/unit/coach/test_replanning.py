"""Minutes that are said in the middle of a routine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palmwise.resources import content
from tests.unit.coach.driver import Talk, running


def planned_for(minutes: str) -> Talk:
    """At the first second of the classic, planned for so many minutes."""
    return Talk().says("set_duration", minutes=minutes).says("affirm").says("deny").says("affirm")


def honest(talk: Talk) -> bool:
    """Whether the coach says that it cannot keep to the minutes."""
    return "as close as" in talk.text


@given(
    st.sampled_from(sorted(content().routines)),
    st.integers(0, 5),
    st.floats(0, 120),
    st.integers(2, 60),
)
def test_what_remains_fits_at_every_step(routine: str, moves: int, into: float, minutes: int) -> None:
    talk = running(routine)
    for _ in range(min(moves, len(talk.session.steps) - 1)):
        talk.says("next_step")
    talk.says("set_duration", into, minutes=str(minutes))
    assert abs(talk.session.remaining_at(talk.now) - minutes * 60) <= 0.1 * minutes * 60
    assert not honest(talk)


@pytest.mark.parametrize("into", [5, 80, 85, 89, 90, 95])
@pytest.mark.parametrize("minutes", ["2", "10", "60"])
def test_late_in_the_last_step_the_minutes_are_given(into: float, minutes: str) -> None:
    talk = running().says("go_to_step", step_number="last").says("set_duration", into, minutes=minutes)
    assert talk.session.remaining_at(talk.now) == pytest.approx(int(minutes) * 60, abs=1)
    assert (talk.shown["step"], talk.clock["elapsed"]) == (6, min(into, 90))


def test_an_hour_after_a_very_short_plan_is_an_hour() -> None:
    talk = running().says("go_to_step", step_number="5").says("set_duration", minutes="2")
    talk.says("set_duration", minutes="60")
    assert talk.session.remaining_at(talk.now) == pytest.approx(3600, rel=0.1)


def test_minutes_that_cannot_be_kept_are_owned_up_to() -> None:
    talk = planned_for("60").says("set_duration", 250, minutes="2")
    assert talk.session.remaining_at(talk.now) > 132
    assert honest(talk)
    assert not talk.text.startswith(("Good", "Right"))


def test_the_other_hand_keeps_to_the_new_minutes() -> None:
    talk = running().says("set_duration", 5, minutes="2")
    held = talk.session.holds[0].seconds
    talk.says("switch_hand")
    assert [hold.seconds for hold in talk.session.holds] == [held]
    assert talk.session.remaining_at(talk.now) <= 132
    assert talk.says("go_to_step", step_number="1").session.holds[0].seconds == held


def test_starting_over_keeps_to_the_minutes_said_last() -> None:
    talk = planned_for("5").says("set_duration", minutes="20").says("restart")
    assert talk.session.planned_seconds == pytest.approx(20 * 60, rel=0.1)
