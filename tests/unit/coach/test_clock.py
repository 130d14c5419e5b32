"""A clock that is set back, or forward, moves nobody."""

from __future__ import annotations

import pytest

from palmwise.coach.behaviour import act, plan, view
from palmwise.coach.cards import as_json
from palmwise.coach.commands import ClockReport, Command
from palmwise.coach.session import Session
from palmwise.resources import content
from tests.unit.coach import driver

CONTENT = content()
NOON = 1_800_000_000.0


def running(now: float) -> Session:
    session = Session.new("0" * 16)
    for intent in ("start_routine", "deny", "affirm"):
        entities = {"routine": ("classic",)} if intent == "start_routine" else {}
        session = act(CONTENT, session, Command(intent, entities), now).session
    return session


@pytest.mark.parametrize("back", [1.0, 60.0, 3600.0, 86_400.0, NOON])
def test_a_clock_set_back_keeps_the_place(back: float) -> None:
    session = running(NOON)
    card = view(CONTENT, session, NOON - back).custom
    assert (card["session"]["state"], card["session"]["step"]) == ("running", 1)
    assert 0 <= card["clock"]["elapsed"] <= card["clock"]["duration"]
    session = act(CONTENT, session, Command("repeat_step"), NOON - back).session
    turn = act(CONTENT, session, Command("next_step"), NOON - back + 5)
    assert turn.reply is not None
    assert turn.reply.custom["session"]["step"] == 2
    assert turn.reply.custom["clock"]["elapsed"] == 0


def test_paused_keeps_what_was_left_whatever_the_clock_does() -> None:
    session = act(CONTENT, running(NOON), Command("pause"), NOON + 20).session
    before = view(CONTENT, session, NOON + 20).custom["clock"]["elapsed"]
    assert view(CONTENT, session, NOON - 5000).custom["clock"]["elapsed"] == before
    session = act(CONTENT, session, Command("resume"), NOON - 5000).session
    assert view(CONTENT, session, NOON - 5000).custom["clock"]["elapsed"] == before


def test_a_clock_set_back_goes_on_from_what_was_shown_last() -> None:
    talk = driver.running().says("how_long", 20)
    talk.now -= 5000
    assert talk.view().custom["clock"] == {"duration": 102, "elapsed": 20.0, "running": True}
    assert talk.says("how_long", 1).clock["elapsed"] == 20.0
    assert talk.says("how_long", 10).clock["elapsed"] == 30.0


def test_a_report_in_a_pause_moves_nothing() -> None:
    talk = driver.running()
    token = str(talk.session.token)
    talk.says("pause", 12, clock=ClockReport(token, 11.0))
    assert talk.clock["elapsed"] == 11.0
    before = talk.shown["remaining_seconds"]
    talk.says("faq/oils", 5, clock=ClockReport(token, 95.0))
    assert (talk.clock["elapsed"], talk.shown["remaining_seconds"]) == (11.0, before)
    assert talk.says("resume", 5, clock=ClockReport(token, 95.0)).clock["elapsed"] == 11.0


@pytest.mark.parametrize("said", ["slow_down", "speed_up", "set_duration", "how_long", "faq/oils", "nlu_fallback"])
def test_a_lead_in_outlives_whatever_is_said_in_it(said: str) -> None:
    talk = driver.running().says("pause", 10).says("resume", 5).says(said, 1)
    assert (talk.clock["elapsed"], talk.clock["lead_in"]) == (10.0, 2.0)
    assert "lead_in" not in talk.says("how_long", 3).clock
    assert talk.clock["elapsed"] == 11.0


def test_a_pause_in_the_lead_in_keeps_what_was_left() -> None:
    talk = driver.running().says("pause", 10).says("resume", 5).says("pause", 1)
    assert talk.clock == {"duration": 102, "elapsed": 10.0, "running": False}
    assert talk.says("resume", 5).clock["lead_in"] == 3.0


def test_a_reload_in_the_lead_in_shows_what_is_left_of_it() -> None:
    talk = driver.running().says("pause", 10).says("resume", 5)
    talk.now += 2
    assert talk.view().custom["clock"]["lead_in"] == 1.0


def test_going_on_when_the_time_was_up_does_not_send_for_the_spot() -> None:
    for turn in range(4):
        talk = driver.running()
        for _ in range(turn):
            talk.says("thank", 0.1)
        talk.says("pause", 500).says("resume")
        assert "0 s" not in talk.text
        assert "is up" in talk.text
        assert (talk.shown["state"], talk.shown["step"]) == ("running", 1)


def test_stopping_before_the_first_step_leaves_the_clock_alone() -> None:
    for talk in (driver.Talk().says("start_routine"), driver.Talk().says("start_routine", routine="classic")):
        assert talk.says("stop").session.elapsed == 0


def test_a_client_that_has_led_on_by_itself_is_followed_to_its_step() -> None:
    talk = driver.running()
    token = str(talk.session.token)
    talk.says("repeat_step", 200, clock=ClockReport(token, 12.5, step=3))
    assert (talk.session.step, talk.clock["elapsed"], talk.clock["running"]) == (3, 12.5, True)
    assert talk.session.token != token
    # Its old token leads nowhere any more.
    assert talk.says("how_long", 1, clock=ClockReport(token, 1.0, step=5)).session.step == 3


def test_a_client_that_has_paused_on_another_step_is_followed_there_too() -> None:
    talk = driver.running().says("pause", 5)
    talk.says("repeat_step", 200, clock=ClockReport(str(talk.session.token), 1000.0, step=2))
    assert (talk.session.step, talk.session.state) == (2, "paused")
    assert talk.clock["elapsed"] == talk.clock["duration"]


@pytest.mark.parametrize("step", [-1, 0, 7, 10**9])
def test_a_step_that_the_plan_has_not_is_led_to_by_nobody(step: int) -> None:
    talk = driver.running()
    assert talk.says("how_long", 5, clock=ClockReport(str(talk.session.token), 3.0, step=step)).session.step == 1


def test_the_plan_has_all_that_a_step_shows() -> None:
    talk = driver.running()
    steps = plan(content(), talk.session, talk.now)
    for number, step in enumerate(steps, 1):
        card = talk.reply.custom if talk.reply else {}
        shown = {name: card[name] for name in ("title", "instruction", "holds", "picture")}
        assert {name: as_json(step)[name] for name in shown} == shown
        assert (step.id, step.seconds) == (talk.shown["technique"], talk.clock["duration"])
        assert [cue["at"] for cue in card["cues"]] == [cue.at for cue in step.cues], number
        talk.says("next_step")
    assert plan(content(), talk.session, talk.now) == ()
