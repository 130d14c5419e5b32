from __future__ import annotations

from typing import Any

from palmwise.client.countdown import Countdown

CUES = [{"at": 0, "say": "Begin"}, {"at": 10, "say": "Halfway"}, {"at": 20, "say": "Soon done"}]


def card(elapsed: float = 0, *, running: bool = True, token: str | None = "t", **more: Any) -> dict[str, Any]:  # noqa: S107
    clock = {"duration": 30, "elapsed": elapsed, "running": running}
    return {"card": "step", "title": "Kneading", "session": {"token": token}, "clock": clock, **more}


def told(card: dict[str, Any], now: float = 100, before: Countdown | None = None) -> Countdown:
    countdown = Countdown.told(card, now, before)
    assert countdown is not None
    return countdown


def test_cues_are_heard_once_at_their_second() -> None:
    countdown = told(card(cues=CUES))
    heard = []
    for now in (100, 105, 111, 119, 125):
        due, countdown = countdown.heard(now)
        heard.append(due)
    assert heard == [("Begin",), (), ("Halfway",), (), ("Soon done",)]


def test_it_is_over_at_its_duration_and_not_before() -> None:
    countdown = told(card(elapsed=10))
    assert [countdown.over(now) for now in (100, 119.9, 120, 500)] == [False, False, True, True]


def test_a_paused_clock_stands() -> None:
    countdown = told(card(elapsed=10, running=False, cues=CUES))
    assert (countdown.elapsed_at(1000), countdown.over(1000), countdown.heard(1000)[0]) == (10, False, ())


def test_a_lead_in_comes_first() -> None:
    clock = {"duration": 30, "elapsed": 4, "running": True, "lead_in": 3}
    countdown = told(card(clock=clock, cues=[{"at": 4, "say": "On we go"}]))
    assert countdown.heard(102)[0] == ()
    assert countdown.heard(103)[0] == ("On we go",)
    assert countdown.report(104) == {"token": "t", "elapsed": 5.0}


def test_a_card_without_cues_leaves_them() -> None:
    _, before = told(card(cues=CUES)).heard(100)
    after = told(card(elapsed=5, title=None), 105, before)
    assert (after.cues, after.title) == (before.cues, "Kneading")


def test_another_step_has_cues_of_its_own() -> None:
    assert told(card(token="next"), 105, told(card(cues=CUES))).cues == ()


def test_a_reload_does_not_say_what_was_said() -> None:
    assert told(card(elapsed=12, cues=CUES)).cues == ((20, "Soon done"),)


def test_away_from_a_step_there_is_no_clock() -> None:
    assert Countdown.told({"session": {"token": None}}, 100, told(card())) is None


def test_it_is_shown_in_minutes_and_seconds() -> None:
    assert told(card(elapsed=0, clock={"duration": 125, "elapsed": 0, "running": True})).shown(101) == "2:04"
