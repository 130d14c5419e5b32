"""Moving through a routine."""

from __future__ import annotations

from typing import Any

import pytest

from palmwise.coach.commands import ClockReport
from palmwise.resources import content
from tests.unit.coach.driver import WAYS, Talk, at, running


def test_the_whole_classic_by_its_timers() -> None:
    talk = running()
    titles = []
    while talk.shown["state"] == "running":
        titles.append(talk.shown["technique"])
        talk.timer(talk.clock["duration"])
    assert titles == [
        "effleurage",
        "petrissage",
        "thumb_pressing",
        "finger_rolling",
        "wrist_mobilization",
        "relaxation_strokes",
    ]
    assert talk.card == "finished"


def test_previous_at_the_first_step_stays_and_says_so() -> None:
    talk = running().says("previous_step")
    assert talk.shown["step"] == 1
    assert "first step" in talk.text


@pytest.mark.parametrize(
    ("said", "step"),
    [
        ({"step_number": "4"}, 4),
        ({"step_number": "last"}, 6),
        ({"step_number": "last-1"}, 5),
        ({"technique": "petrissage"}, 2),
    ],
)
def test_going_to_a_step(said: dict[str, Any], step: int) -> None:
    assert running().says("go_to_step", **said).shown["step"] == step


def test_two_back() -> None:
    assert running().says("go_to_step", step_number="4").says("go_to_step", step_number="-2").shown["step"] == 2


@pytest.mark.parametrize("said", ["9", "0", "-5", "+7"])
def test_a_step_beyond_the_end_stays_and_says_how_many_there_are(said: str) -> None:
    talk = running().says("go_to_step", step_number=said)
    assert talk.shown["step"] == 1
    assert "6" in talk.text


def test_ten_minutes_of_pause_cost_no_second() -> None:
    talk = running().says("pause", 31)
    assert talk.card == "paused"
    assert talk.says("resume", 600).clock["elapsed"] == 31.0


def test_a_no_in_mid_routine_is_a_pause() -> None:
    assert running().says("deny").shown["state"] == "paused"


def test_stop_keeps_the_place_for_an_hour() -> None:
    talk = running().says("next_step").says("stop", 20)
    assert talk.card == "stopped"
    talk.says("resume", 3500)
    assert (talk.shown["step"], talk.clock["elapsed"]) == (2, 20.0)


def test_an_hour_of_silence_begins_anew() -> None:
    assert running().says("pause").says("how_long", 3601).shown["state"] == "none"
    assert running().says("how_long", 3601 + 102).shown["state"] == "none"


def test_a_step_of_an_hour_outlasts_the_silence_limit() -> None:
    talk = running().says("go_to_step", step_number="last").says("set_duration", minutes="60")
    assert talk.timer(after=talk.clock["duration"]).shown["state"] == "finished"


def test_goodbye_ends_the_session_with_a_goodbye() -> None:
    talk = running().says("goodbye")
    assert talk.card == "stopped"
    assert "bye" in talk.text.lower()


def test_the_other_hand_gets_its_full_hold() -> None:
    talk = running().says("switch_hand", 10)
    assert talk.shown["hand"] == "right"
    assert talk.clock["duration"] - talk.clock["elapsed"] == 48
    assert talk.says("switch_hand", 10).shown["hand"] == "left"


def test_a_stale_timer_is_ignored_without_a_word() -> None:
    talk = running()
    old = talk.session.token
    talk.says("next_step")
    before = talk.session
    assert talk.says("next_step", by="timer", token=old).reply is None
    assert talk.session.step == before.step
    talk.says("pause")
    assert talk.timer().reply is None, "a clock that is frozen cannot run out"


def test_slower_lengthens_what_remains_for_both_hands() -> None:
    talk = running().says("slow_down", 24)
    assert talk.shown["pace"] == 1.25
    assert [hold.seconds for hold in talk.session.holds] == [54, 54]
    assert talk.clock["elapsed"] == 24.0
    talk.says("next_step")
    assert talk.session.holds[0].seconds == 60


def test_the_client_s_clock_is_believed_within_the_step_and_never_backwards() -> None:
    talk = running()
    token = str(talk.session.token)
    assert talk.says("how_long", 20, clock=ClockReport(token, 12.0)).clock["elapsed"] == 12.0
    assert talk.says("how_long", 5, clock=ClockReport(token, 3.0)).clock["elapsed"] == 12.0
    assert talk.says("how_long", 5, clock=ClockReport(token, 9999.0)).clock["elapsed"] == 102.0
    assert talk.says("how_long", 5, clock=ClockReport("another", 1.0)).clock["elapsed"] == 102.0


def test_pain_pauses_at_once_and_going_on_is_lighter() -> None:
    talk = running().says("report_pain", 30)
    assert (talk.card, talk.shown["state"]) == ("ease", "paused")
    assert talk.reply is not None
    assert [button.payload for button in talk.reply.buttons] == ["/resume", "/next_step", "/stop"]
    assert content().techniques["effleurage"].lighter in talk.says("resume").text


@pytest.mark.parametrize("moves", [[], ["pause"], ["stop"], ["report_pain"], ["next_step", "next_step"]])
@pytest.mark.parametrize("flag", sorted(content().red_flags))
def test_a_red_flag_stops_at_every_state_and_names_the_help(moves: list[str], flag: str) -> None:
    talk = running()
    for move in moves:
        talk.says(move)
    talk.says("report_red_flag", symptom=flag)
    assert (talk.card, talk.shown["state"]) == ("safety", "stopped")
    assert talk.reply is not None
    assert talk.reply.custom["level"] == content().red_flags[flag].level
    assert not any("start" in button.payload or "resume" in button.payload for button in talk.reply.buttons)


def test_a_view_shows_the_same_step_with_the_time_left() -> None:
    talk = running().says("next_step")
    talk.now += 40
    shown = talk.view()
    assert shown.custom["session"]["token"] == talk.session.token
    assert shown.custom["clock"]["elapsed"] == 40.0


def test_cues_name_the_hands_and_what_comes_after() -> None:
    talk = running()
    assert talk.reply is not None
    cues = talk.reply.custom["cues"]
    assert (cues[0]["at"], cues[0]["hand"]) == (0, "left")
    assert [cue["at"] for cue in cues if cue.get("hand") == "right"] == [48]
    assert "petrissage" in cues[-1]["say"].lower() or "kneading" in cues[-1]["say"].lower()


def test_restart_begins_at_the_first_step() -> None:
    talk = running().says("next_step").says("next_step").says("restart", 10)
    assert (talk.shown["step"], talk.clock["elapsed"]) == (1, 0.0)


@pytest.mark.parametrize("intent", ["nlu_fallback", "unheard_of"])
def test_nonsense_three_times_is_answered_three_ways(intent: str) -> None:
    talk = running()
    buttons = []
    for _ in range(3):
        talk.says(intent)
        assert talk.reply is not None
        buttons.append(bool(talk.reply.buttons))
    assert buttons[:2] == [False, True]
    assert talk.card == "help"
    assert talk.shown["step"] == 1
    assert talk.says("thank").session.misses == 0


@pytest.mark.parametrize("state", sorted(WAYS))
@pytest.mark.parametrize("said", ["nlu_fallback", "help"])
def test_no_sentence_comes_three_times_running(said: str, state: str) -> None:
    talk = at(state)
    answers: list[set[str]] = []
    for _ in range(7):
        talk.says(said)
        assert talk.reply is not None
        answers.append(set(talk.reply.texts))
    assert not any(set.intersection(*answers[at : at + 3]) for at in range(5))


def test_before_anything_moves_say_what_can_be_done() -> None:
    for move in ("next_step", "previous_step", "go_to_step", "switch_hand", "pause", "resume", "stop"):
        assert Talk().says(move).shown["state"] == "none", move
