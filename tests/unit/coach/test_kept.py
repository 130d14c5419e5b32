"""The place in a massage that was ended outlives the offer of another one."""

from __future__ import annotations

from typing import Any

import pytest

from palmwise.coach.session import Session
from tests.unit.coach.driver import Talk, running

OFFERS: list[tuple[str, dict[str, Any]]] = [
    ("report_symptom", {"symptom": "soreness"}),
    ("set_duration", {"minutes": "5"}),
    ("start_routine", {}),
]


def stopped() -> Talk:
    """Ended twenty seconds into the third step of the classic."""
    return running().says("next_step").says("next_step").says("stop", 20)


def place(talk: Talk) -> tuple[Any, ...]:
    """Routine, step, seconds into it, the number of steps."""
    shown = talk.shown
    return shown["routine"], shown["step"], talk.clock["elapsed"], shown["steps"]


KEPT = ("classic", 3, 20.0, 6)


@pytest.mark.parametrize(("offer", "entities"), OFFERS)
def test_a_no_to_an_offer_keeps_the_place(offer: str, entities: dict[str, Any]) -> None:
    talk = stopped().says(offer, **entities)
    assert talk.shown["state"] == "offered"
    talk.says("deny")
    assert (talk.shown["state"], talk.shown["routine"], talk.shown["step"]) == ("stopped", "classic", 3)
    assert "carry on" in talk.text
    assert place(talk.says("resume")) == KEPT


@pytest.mark.parametrize(("offer", "entities"), OFFERS)
def test_carrying_on_instead_of_an_answer_picks_up_from_there(offer: str, entities: dict[str, Any]) -> None:
    assert place(stopped().says(offer, **entities).says("resume")) == KEPT


@pytest.mark.parametrize("ended", ["stop", "goodbye"])
def test_ending_at_an_offer_keeps_the_place(ended: str) -> None:
    assert place(stopped().says("start_routine").says(ended).says("resume")) == KEPT


def test_one_offer_after_another_keeps_the_place() -> None:
    talk = stopped().says("report_symptom", symptom="soreness").says("set_duration", minutes="5")
    talk.says("report_symptom", symptom="headache").says("list_steps").says("deny")
    assert place(talk.says("resume")) == KEPT


def test_a_red_flag_at_an_offer_keeps_the_place_behind_the_safety_question() -> None:
    talk = stopped().says("start_routine").says("report_red_flag").says("resume")
    assert talk.card == "screening"
    assert talk.says("deny").says("affirm").shown["step"] == 3


def test_the_minutes_of_the_plan_come_back_with_the_place() -> None:
    talk = Talk().says("set_duration", minutes="5").says("affirm").says("deny").says("affirm").says("stop")
    talk.says("set_duration", minutes="20").says("deny").says("restart")
    assert abs(float(str(talk.shown["minutes"])) - 5) <= 0.5


@pytest.mark.parametrize("accepted", ["affirm", "next_step", "start_routine"])
def test_a_yes_to_the_offer_lets_the_place_go(accepted: str) -> None:
    talk = stopped().says("report_symptom", symptom="soreness").says(accepted)
    assert (talk.shown["state"], talk.shown["routine"]) == ("preparing", "sore_hands")
    assert talk.session.kept is None
    assert talk.says("affirm").shown["step"] == 1


def test_an_hour_of_silence_lets_the_place_go() -> None:
    talk = stopped().says("start_routine").says("resume", 3601)
    assert talk.shown["state"] == "none"
    assert talk.session.kept is None


def test_a_no_without_a_kept_place_ends_nothing() -> None:
    talk = Talk().says("start_routine").says("deny")
    assert talk.shown["state"] == "none"
    assert "carry on" not in talk.text


def test_a_session_stored_without_a_place_for_the_place_is_read() -> None:
    stored = running().says("next_step").session.to_json()
    for name in ("kept", "complaint", "switch_wish"):
        stored.pop(name)
    stored["offer"] = {"routine": "classic", "symptom": "soreness"}
    assert (Session.from_json(stored).step, Session.from_json(stored).kept) == (2, None)


def test_what_the_session_before_shares_is_stored_once_and_one_stored_whole_is_read() -> None:
    session = running().says("next_step").session
    stored = session.to_json()
    assert session.before is not None
    assert stored["before"]["step"] == 1
    assert "steps" not in stored["before"]
    assert Session.from_json({**stored, "before": session.before.to_json()}) == session
