"""When a message is not taken at its word: said to somebody else, told in passing, or too little to go by."""

from __future__ import annotations

from dataclasses import replace

import pytest

from palmwise.coach.commands import Command, doubt_of
from tests.unit.coach.driver import COMMAND, Talk, running, said


@pytest.mark.parametrize(
    ("intent", "acts", "confidence", "doubt"),
    [
        ("next_step", COMMAND, 0.9, ""),
        ("next_step", {"not_addressed": 0.9}, 0.8, "aside"),
        ("slow_down", {"statement": 0.9}, 0.8, "remark"),
        ("restart", {"question": 0.9}, 0.9, "unsure"),
        ("restart", COMMAND, 0.3, "unsure"),
        ("stop", {"question": 0.9}, 0.9, ""),
        ("report_pain", {"not_addressed": 0.99}, 0.9, ""),
        ("how_long", {"statement": 0.9}, 0.9, ""),
        ("next_step", {}, 0.2, ""),
        # What the coach is told, it is to do something about, if that is plain.
        ("switch_hand", {"statement": 0.9}, 0.97, ""),
        ("switch_hand", {"statement": 0.9}, 0.9, "remark"),
        ("speak_up", {"statement": 0.9}, 0.97, ""),
        ("bot_challenge", {"not_addressed": 0.7}, 0.97, ""),
        ("bot_challenge", {"not_addressed": 0.7}, 0.8, "aside"),
        ("out_of_scope", {"not_addressed": 0.7}, 0.97, "aside"),
    ],
)
def test_what_is_doubted(intent: str, acts: dict[str, float], confidence: float, doubt: str) -> None:
    assert doubt_of(Command(intent, text="some words", acts=acts, confidence=confidence)) == doubt


def test_a_form_of_address_leaves_no_doubt() -> None:
    for text, step in (("next, coach", 2), ("next, dear", 1)):
        command = Command("next_step", text=text, acts={"not_addressed": 0.9}, confidence=0.9)
        assert running().does(command).shown["step"] == step


def test_what_is_doubtful_is_asked_about_and_done_at_a_yes() -> None:
    doubtful = replace(said("should I start over", "restart"), acts={"question": 0.9})
    talk = running().says("next_step").does(doubtful)
    assert (talk.shown["step"], talk.shown["asked"]) == (2, "did_you_mean")
    assert talk.says("affirm", by="button").shown["step"] == 1
    talk = running().says("next_step").does(doubtful).says("deny")
    assert (talk.shown["step"], talk.shown["asked"]) == (2, None)


def test_talk_in_the_room_gets_next_to_nothing() -> None:
    aside = replace(said("next weekend we go to the sea", "next_step"), acts={"not_addressed": 0.95})
    talk = running().does(aside)
    assert talk.shown["step"] == 1
    assert talk.reply is not None
    assert talk.reply.custom["aside"] is True
    assert len(talk.text.split()) <= 5


def test_what_was_nearly_understood_is_offered() -> None:
    talk = running().does(Command("nlu_fallback", text="mumble", others=("next_step", "restart")))
    assert talk.reply is not None
    assert [button.payload for button in talk.reply.buttons] == ["/next_step", "/restart"]


def test_the_open_question_is_in_every_card() -> None:
    talk = Talk().says("start_routine")
    assert talk.shown["asked"] == "offer"
    assert talk.says("affirm").shown["asked"] == "screening"
    assert talk.says("deny").shown["asked"] == "ready"
    assert talk.says("affirm").shown["asked"] is None
    assert talk.says("report_pain").shown["asked"] == "ease"


def test_what_is_chosen_from_a_list_is_not_asked_about() -> None:
    choice = replace(
        said("the one for sore hands sounds right", "start_routine", routine="sore_hands"),
        acts={"statement": 0.8},
        confidence=0.4,
        answers={"routine_choice": ("sore_hands", 0.98)},
    )
    assert Talk().does(choice).card == "note"
    assert Talk().says("list_routines").does(choice).card in ("screening", "offer")


def test_what_is_told_in_passing_is_answered_where_there_is_an_answer() -> None:
    remark = Command(
        "slow_down", text="this feels weird", answer="moment_weird", acts={"statement": 0.9}, confidence=0.6
    )
    assert running().does(remark).card == "faq"
    assert running().does(replace(remark, answer=None)).card == "note"
    assert running().does(replace(remark, acts={"not_addressed": 0.9})).card == "note"


def test_a_sure_wish_to_stay_is_no_denial() -> None:
    parts = replace(said("this pace suits me", "stay"), confidence=0.9), said("leave it", "deny")
    talk = running().does(said("this pace suits me, leave it", "stay", *parts))
    assert talk.shown["state"] == "running"


def test_a_guessed_topic_is_no_answer_to_what_is_told() -> None:
    talk = running().does(replace(said("my aunt always used lard", "faq/headaches"), confidence=0.4))
    assert talk.card == "note"
    assert "headache" not in talk.text


def test_a_question_with_an_answer_is_no_yes() -> None:
    talk = Talk().says("start_routine", routine="classic").says("deny")
    talk.does(replace(said("so is lotion ok?", "faq/oils"), answer="body_lotion", answers={"ready": ("yes", 0.9)}))
    assert (talk.shown["state"], talk.card) == ("preparing", "faq")


def test_a_hardly_likely_stop_among_others_is_let_pass() -> None:
    aside = replace(said("love, could you switch the oven off", "stop"), acts={"not_addressed": 0.95}, confidence=0.5)
    talk = Talk().says("start_routine", routine="classic").says("deny").does(aside)
    assert talk.shown["state"] == "preparing"
    assert talk.does(replace(aside, text="stop", confidence=1.0)).shown["state"] == "stopped"


def test_what_is_hardly_a_stop_is_asked_about() -> None:
    talk = running().does(replace(said("he takes over so tell him how", "stop"), confidence=0.35))
    assert (talk.shown["state"], talk.shown["asked"]) == ("running", "did_you_mean")
    assert talk.says("affirm").shown["state"] == "stopped"


def test_what_is_told_and_has_an_answer_is_no_yes() -> None:
    talk = Talk().says("start_routine", routine="classic").says("deny")
    told = replace(said("I've rings on", "out_of_scope"), acts={"statement": 0.9}, answer="rings")
    talk.does(replace(told, answers={"ready": ("yes", 0.9)}))
    assert (talk.shown["state"], talk.card) == ("preparing", "faq")


def test_a_stop_that_is_asked_about_is_not_carried_out() -> None:
    talk = running().does(replace(said("was that a yes, may I stop if need be?", "stop"), confidence=0.9))
    assert (talk.shown["state"], talk.shown["asked"]) == ("running", "did_you_mean")
    assert running().does(replace(said("stop?", "stop"), confidence=1.0)).shown["state"] == "stopped"


def test_who_wants_no_massage_is_answered_without_ado() -> None:
    parts = said("I don't want a massage", "stop"), said("what's kneading", "explain_technique", technique="petrissage")
    whole = said("I don't want a massage. what's kneading", "explain_technique", *parts, technique="petrissage")
    talk = Talk().does(whole)
    assert talk.card == "technique"
    assert "running" not in talk.text


def test_a_move_said_twice_as_if_to_somebody_else_is_asked_about() -> None:
    talk = running().does(replace(said("that side, no, that side", "switch_hand"), meant="that side"))
    assert (talk.shown["hand"], talk.shown["asked"]) == ("left", "did_you_mean")
    assert talk.says("affirm").shown["hand"] == "right"
