"""What a person says is read against the coach's open question first, whatever the classifier makes of it."""

from __future__ import annotations

import pytest

from palmwise.coach.commands import Command
from tests.unit.coach.driver import Talk, at, running


def answered(talk: Talk, text: str, intent: str = "nlu_fallback") -> Talk:
    return talk.does(Command(intent, text=text))


@pytest.mark.parametrize(
    ("text", "state", "step"),
    [
        ("a bit softer", "running", 1),
        ("not so hard please", "running", 1),
        ("the first one", "running", 1),
        ("skip that one", "running", 2),
        ("leave it out", "running", 2),
        ("the second", "running", 2),
        ("the last one please", "stopped", 1),
        ("that's enough for today", "stopped", 1),
        ("it's gone now", "running", 1),
        ("hang on a moment", "paused", 1),
    ],
)
@pytest.mark.parametrize("intent", ["speak_softly", "go_to_step", "stop", "report_red_flag", "nlu_fallback"])
def test_after_pain(text: str, state: str, step: int, intent: str) -> None:
    talk = answered(running().says("report_pain", 10), text, intent)
    assert (talk.shown["state"], talk.shown["step"]) == (state, step)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("sounds lovely", "screening"),
        ("yeah go on then", "screening"),
        ("I don't see why not", "screening"),
        ("I'd rather not", "none"),
        ("maybe later", "none"),
        ("no thanks, I'm fine", "none"),
        ("what else have you got", "offered"),
    ],
)
def test_an_offer(text: str, state: str) -> None:
    assert answered(at("offered"), text, "praise").shown["state"] == state


def test_an_offer_can_be_had_shorter_and_told_of() -> None:
    talk = at("offered")
    before = talk.session.planned_seconds
    assert answered(talk, "sounds good but shorter").session.planned_seconds == pytest.approx(0.6 * before, rel=0.1)
    assert (talk.card, talk.shown["state"]) == ("offer", "offered")
    talk = answered(talk, "tell me more about it")
    assert (talk.card, talk.shown["state"]) == ("overview", "offered")


def test_shorter_is_the_same_as_an_answer_and_as_a_wish() -> None:
    answer, wish = (
        answered(at("offered"), "something quicker please"),
        answered(at("preparing"), "a bit shorter please"),
    )
    assert answer.session.steps == wish.session.steps


def test_the_hand_to_begin_with_is_no_yes_to_ready() -> None:
    begin = Command(
        "switch_hand", {"hand": ("right",)}, text="let's start with my right hand", answers={"ready": ("yes", 0.99)}
    )
    talk = at("preparing").does(begin)
    assert (talk.shown["state"], talk.session.first_hand) == ("preparing", "right")


def test_another_one_than_the_offer_lists_the_routines() -> None:
    talk = answered(at("offered"), "something else please")
    assert (talk.card, talk.shown["state"]) == ("routines", "offered")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("whenever you are", "preparing"),
        ("all set", "running"),
        ("hands are warm, off we go", "running"),
        ("one moment, I need to find my cream", "preparing"),
        ("hang on, the kettle", "preparing"),
    ],
)
def test_whether_ready(text: str, state: str) -> None:
    assert answered(at("preparing"), text, "pause").shown["state"] == state


@pytest.mark.parametrize(("text", "state"), [("back", "running"), ("go ahead", "running"), ("not just yet", "paused")])
@pytest.mark.parametrize("intent", ["previous_step", "next_step", "deny"])
def test_whether_to_go_on(text: str, state: str, intent: str) -> None:
    talk = answered(at("paused"), text, intent)
    assert (talk.shown["state"], talk.shown["step"]) == (state, 1)


def test_again_after_the_end_begins_anew() -> None:
    talk = answered(at("finished"), "once more please", "repeat_step")
    assert (talk.shown["state"], talk.shown["step"]) == ("running", 1)


@pytest.mark.parametrize("state", ["offered", "preparing", "paused", "finished"])
@pytest.mark.parametrize(
    "text", ["which oil is best", "my wrist is stiff", "is it safe with arthritis", "I have to go"]
)
def test_what_is_no_answer_is_left_to_its_intent(state: str, text: str) -> None:
    for intent in ("how_long", "help"):
        asked = answered(at(state), text, intent)
        assert asked.card == at(state).says(intent).card


def test_a_button_is_no_answer_in_words() -> None:
    talk = running().says("report_pain", 10).does(Command("resume", by="button"))
    assert talk.shown["state"] == "running"


def test_a_no_to_something_else_does_not_end_what_is_prepared() -> None:
    said = Command("out_of_scope", text="she says no, so without", answers={"ready": ("no", 0.7)})
    assert Talk().says("start_routine").says("affirm").says("deny").does(said).shown["state"] == "preparing"
