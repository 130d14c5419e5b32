"""A clock that is set back, or forward, moves nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.act import act, view
from coach.command import Command
from coach.content import load_content
from coach.session import Session

CONTENT = load_content(Path(__file__).parents[2] / "content")
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
