"""Barge-in: somebody speaks while the coach does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palmwise.speech.events import (
    SpeechBegan,
)
from tests.unit.voice.scripted import ScriptedSession
from voice.turn_taking import TurnSettings


@given(at=st.floats(0, 200))
def test_the_coach_falls_silent_whenever_somebody_speaks(at: float) -> None:
    session = ScriptedSession()
    session.hear("start the massage", "start_routine")
    session.run(at)
    speaking = bool(session.turns.current_line)
    session.next_words = ("", None)
    session.post(SpeechBegan())
    assert not session.turns.current_line
    assert bool(session.silenced and session.silenced[-1] == session.now) == speaking


@given(at=st.floats(0, 30))
def test_an_interrupted_line_is_repeated_when_the_speech_was_not_for_the_coach(at: float) -> None:
    session = ScriptedSession().started()
    session.hear("how do i do this", "explain_step")
    session.run(at)
    cut = session.turns.current_line
    session.hear("", seconds=0.3)
    over = session.now
    if cut:
        session.until(lambda: session.turns.current_line == cut, 3)
        assert session.now - over < 3


def test_stop_and_pain_are_obeyed_while_the_coach_speaks() -> None:
    for text, intent, state in (("stop", "stop", "stopped"), ("ouch", "report_pain", "paused")):
        session = ScriptedSession().started()
        session.hear("how long", "how_long")
        assert session.turns.current_line
        session.hear(text, intent, seconds=0.4)
        assert session.server.state == state


@pytest.mark.parametrize(("text", "intent", "line", "state"), [
    ("stop", "stop", "Glide over the top", "stopped"),
    ("ouch", "report_pain", "Keep your palm in touch", "paused"),
])  # fmt: skip
@pytest.mark.parametrize("after", [False, True])
def test_stop_and_pain_are_obeyed_over_words_that_sound_like_them(
    text: str, intent: str, line: str, state: str, *, after: bool
) -> None:
    session = ScriptedSession()
    session.began()
    session.until(lambda: line in session.turns.current_line)
    if after:
        session.until(lambda: line not in session.turns.current_line)
    session.hear(text, intent, seconds=0.4)
    assert session.server.state == state


def test_the_coach_does_not_take_its_own_voice_for_a_person() -> None:
    session = ScriptedSession().started()
    session.hear("how do i do this", "explain_step")
    line = session.turns.current_line
    asked = len(session.asked)
    session.hear(" ".join(line.lower().replace(".", "").split()[2:6]))
    assert len(session.asked) == asked


def test_after_two_false_interruptions_noise_does_not_interrupt() -> None:
    session = ScriptedSession().started()
    session.hear("how do i do this", "explain_step")
    for _ in range(2):
        session.until(lambda: bool(session.turns.current_line), 3)
        session.hear("", seconds=0.2)
    session.until(lambda: bool(session.turns.current_line), 3)
    silenced = len(session.silenced)
    session.hear("", seconds=0.2)
    assert len(session.silenced) == silenced


def test_with_a_gap_the_coach_pauses_between_two_lines() -> None:
    session = ScriptedSession(TurnSettings(gap=0.5)).started()
    session.hear("how do i do this", "explain_step")
    session.until(lambda: not session.turns.current_line)
    ended = session.now
    session.until(lambda: bool(session.turns.current_line), 2)
    assert session.now - ended >= 0.45
