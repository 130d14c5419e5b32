"""Whoever asks for it in words is forgotten; whoever asks about it is told; whoever says "never mind" is neither."""

from __future__ import annotations

import pytest

from palmwise.coach.behaviour import act
from palmwise.coach.commands import Command
from palmwise.coach.session import Session
from palmwise.coach.talk import deletion_reply, is_deletion_request, is_privacy_question
from palmwise.resources import content
from tests.unit.coach.driver import running


@pytest.mark.parametrize(
    "text",
    [
        "forget everything I said",
        "Please delete everything I\u2019ve told you!",
        "could you erase this conversation please",
        "delete my data",
        "ok, wipe our chat",
        "I want you to forget everything you know about me",
        "delete what I told you about my health",
        "now forget this whole conversation, thanks",
        "dlete evrything i told you plz",
        "my sister uses this laptop as well and I overshared a bit, so can you erase this whole chat",
    ],
)
def test_the_wish_is_heard(text: str) -> None:
    assert is_deletion_request(content(), text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "forget it",
        "forget what I said",
        "forget what I told you",
        "forget that",
        "forget everything I said, start the classic one",
        "don't delete my data",
        "please delete everything I said, I have chest pain",
        "delete everything I said, ouch that hurts",
        "delete everything I said, my hand is numb",
        "erase everything about me, I'm going to end it",
        "never forget this conversation",
        "do you delete my data",
        "when is my data deleted",
        "delete my facebook account",
        "clear my history of carpal tunnel makes this hard",
        "I forget the steps",
        "my data",
        "delete",
    ],
)
def test_other_things_are_not_taken_for_it(text: str) -> None:
    assert not is_deletion_request(content(), text)


def test_the_usual_ways_that_a_recogniser_learns_are_heard() -> None:
    usual = content().forgetting.usual
    assert usual
    assert [text for text in usual if not is_deletion_request(content(), text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "wipe the lot, all of it",
        "I want my data gone",
        "please forget me",
        "i told you things about my divorce, don't keep any of that, delete it all",
        "do you delete what I say?",
        "can I delete everything I said?",
        "where does my data go",
        "who can read this conversation",
        "are you recording me",
        "what's your privacy policy",
    ],
)
def test_a_less_plain_wish_or_a_question_is_told_how_it_is_kept_and_deleted(text: str) -> None:
    assert not is_deletion_request(content(), text)
    assert is_privacy_question(content(), text)
    talk = running()
    told = act(content(), talk.session, Command("out_of_scope", private=True), talk.now).reply
    assert told
    wish = told.texts[0].rpartition(": ")[2]
    assert is_deletion_request(content(), wish)


@pytest.mark.parametrize(
    "text",
    [
        "forget it",
        "forget the left hand for now",
        "please don't delete our conversation",
        "don't forget what I said about my thumb",
        "should I remove my rings",
        "how do I get rid of all this tension",
        "is it all right to wipe the oil off",
        "delete all my emails",
        "I'm old and forget quickly, tell me again",
        "somewhere more private",
    ],
)
def test_what_speaks_of_something_else_is_not_taken_for_such_a_question(text: str) -> None:
    assert not is_privacy_question(content(), text)


def test_a_wish_that_is_understood_as_stop_is_told_it_as_well() -> None:
    talk = running()
    turn = act(content(), talk.session, Command("stop", private=True), talk.now)
    assert turn.session == act(content(), talk.session, Command("stop"), talk.now).session
    assert turn.reply
    assert is_deletion_request(content(), turn.reply.texts[-1].rpartition(": ")[2])


@pytest.mark.parametrize("intent", ["report_red_flag", "report_pain", "pause"])
def test_danger_pain_and_a_pause_go_before_privacy(intent: str) -> None:
    talk = running()
    plain, private = (act(content(), talk.session, Command(intent, private=each), talk.now) for each in (False, True))
    assert plain == private


def test_the_place_is_kept_while_privacy_is_told() -> None:
    talk = running()
    after = act(content(), talk.session, Command("nlu_fallback", private=True), talk.now).session
    assert (after.state, after.step, after.misses) == ("running", talk.session.step, 0)


def test_what_is_said_then_is_short_and_leads_on() -> None:
    told = deletion_reply(content(), Session.new("0123456789abcdef"), 1_700_000_000.0)
    assert "deleted" in told.texts[0]
    assert (told.custom["card"], told.custom["forgotten"], told.custom["session"]["state"]) == ("note", True, "none")
    assert told.buttons
