from __future__ import annotations

from typing import Any

from palmwise.client.answers import read_answer
from palmwise.client.countdown import Countdown

CUES = [{"at": 0, "say": "Begin"}, {"at": 10, "say": "Halfway"}, {"at": 20, "say": "Soon done"}]
TOKEN = "t"


def card(elapsed: float = 0, *, running: bool = True, token: str | None = TOKEN, **more: Any) -> dict[str, Any]:
    clock = {"duration": 30, "elapsed": elapsed, "running": running}
    session = {"state": "running", "token": token}
    return {"card": "step", "title": "Kneading", "session": session, "clock": clock, **more}


def from_card(card: dict[str, Any], before: Countdown | None = None) -> Countdown | None:
    answer = read_answer([{"custom": card}])
    assert answer is not None
    return Countdown.from_answer(answer, before)


def started(card: dict[str, Any], now: float = 100, before: Countdown | None = None) -> Countdown:
    countdown = from_card(card, before)
    assert countdown is not None
    return countdown.start(now)


def say(countdown: Countdown, now: float) -> list[str]:
    return [cue.say for cue in countdown.take_cues(now)[0]]


def test_each_cue_is_due_once_at_its_second() -> None:
    countdown = started(card(cues=CUES))
    taken = []
    for now in (100, 105, 111, 119, 125):
        taken.append(say(countdown, now))
        countdown = countdown.take_cues(now)[1]
    assert taken == [["Begin"], [], ["Halfway"], [], ["Soon done"]]


def test_it_is_over_at_its_duration_and_not_before() -> None:
    countdown = started(card(elapsed=10))
    assert [countdown.is_over(now) for now in (100, 119.9, 120, 500)] == [False, False, True, True]


def test_a_paused_countdown_stands_still() -> None:
    countdown = started(card(elapsed=10, running=False, cues=CUES))
    assert (countdown.elapsed_at(1000), countdown.is_over(1000), say(countdown, 1000)) == (10, False, [])


def test_a_held_countdown_stands_still_and_goes_on_where_it_was() -> None:
    held = started(card(elapsed=10, cues=CUES)).hold(102)
    assert (held.elapsed_at(1000), held.is_over(1000), say(held, 1000)) == (12, False, [])
    assert held.start(200).elapsed_at(203) == 15


def test_a_countdown_that_was_started_is_not_started_again() -> None:
    assert started(card()).start(105).elapsed_at(110) == 10


def test_the_lead_in_comes_first() -> None:
    clock = {"duration": 30, "elapsed": 4, "running": True, "lead_in": 3}
    countdown = started(card(clock=clock, cues=[{"at": 4, "say": "On we go"}]))
    assert say(countdown, 102) == []
    assert say(countdown, 103) == ["On we go"]
    assert countdown.report(104) == {"token": "t", "elapsed": 5.0}


def test_a_card_without_cues_keeps_those_of_its_step() -> None:
    _, before = started(card(cues=CUES)).take_cues(100)
    after = started(card(elapsed=5, title=None), 105, before)
    assert (after.cues, after.title) == (before.cues, "Kneading")


def test_another_step_has_its_own_cues() -> None:
    assert started(card(token="next"), 105, started(card(cues=CUES))).cues == ()


def test_cues_before_the_elapsed_time_are_not_repeated() -> None:
    assert [cue.say for cue in started(card(elapsed=12, cues=CUES)).cues] == ["Soon done"]


def test_away_from_a_step_there_is_no_countdown() -> None:
    assert from_card({"card": "note", "session": {"state": "none", "token": None}}, started(card())) is None


def test_the_remaining_time_is_written_in_minutes_and_seconds() -> None:
    assert started(card(clock={"duration": 125, "elapsed": 0, "running": True})).remaining(101) == "2:04"
