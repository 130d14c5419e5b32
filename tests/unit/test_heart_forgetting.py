"""Whoever asks for it in words is forgotten; whoever says "never mind" is not."""

from __future__ import annotations

import pytest

from coach import forgetting
from coach.session import Session
from tests.unit.heart import content


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
    ],
)
def test_the_wish_is_heard(text: str) -> None:
    assert forgetting.wished(content(), text)


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
    assert not forgetting.wished(content(), text)


def test_what_is_said_then_is_short_and_leads_on() -> None:
    told = forgetting.done(content(), Session.new("0123456789abcdef"), 1_700_000_000.0)
    assert "deleted" in told.texts[0]
    assert (told.custom["card"], told.custom["forgotten"], told.custom["session"]["state"]) == ("note", True, "none")
    assert told.buttons
