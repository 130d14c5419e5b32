"""Talking over the coach."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palmwise.speech.events import (
    SpeechBegan,
)
from tests.unit.voice.stage import Stage
from voice.turn_taking import Manner


@given(at=st.floats(0, 200))
def test_whenever_somebody_speaks_the_coach_is_silent_at_once(at: float) -> None:
    stage = Stage()
    stage.hear("start the massage", "start_routine")
    stage.run(at)
    speaking = bool(stage.turns.saying)
    stage.next_words = ("", None)
    stage.post(SpeechBegan())
    assert not stage.turns.saying
    assert bool(stage.silenced and stage.silenced[-1] == stage.now) == speaking


@given(at=st.floats(0, 30))
def test_a_cut_sentence_is_taken_up_again_when_nothing_was_meant(at: float) -> None:
    stage = Stage().started()
    stage.hear("how do i do this", "explain_step")
    stage.run(at)
    cut = stage.turns.saying
    stage.hear("", seconds=0.3)
    over = stage.now
    if cut:
        stage.until(lambda: stage.turns.saying == cut, 3)
        assert stage.now - over < 3


def test_stop_and_pain_are_obeyed_while_the_coach_speaks() -> None:
    for text, intent, state in (("stop", "stop", "stopped"), ("ouch", "report_pain", "paused")):
        stage = Stage().started()
        stage.hear("how long", "how_long")
        assert stage.turns.saying
        stage.hear(text, intent, seconds=0.4)
        assert stage.server.state == state


@pytest.mark.parametrize(("text", "intent", "line", "state"), [
    ("stop", "stop", "Glide over the top", "stopped"),
    ("ouch", "report_pain", "Keep your palm in touch", "paused"),
])  # fmt: skip
@pytest.mark.parametrize("after", [False, True])
def test_stop_and_pain_are_obeyed_over_words_that_sound_like_them(
    text: str, intent: str, line: str, state: str, *, after: bool
) -> None:
    stage = Stage()
    stage.began()
    stage.until(lambda: line in stage.turns.saying)
    if after:
        stage.until(lambda: line not in stage.turns.saying)
    stage.hear(text, intent, seconds=0.4)
    assert stage.server.state == state


def test_its_own_voice_is_not_taken_for_a_person() -> None:
    stage = Stage().started()
    stage.hear("how do i do this", "explain_step")
    line = stage.turns.saying
    asked = len(stage.asked)
    stage.hear(" ".join(line.lower().replace(".", "").split()[2:6]))
    assert len(stage.asked) == asked


def test_fooled_twice_it_lets_noise_no_longer_interrupt() -> None:
    stage = Stage().started()
    stage.hear("how do i do this", "explain_step")
    for _ in range(2):
        stage.until(lambda: bool(stage.turns.saying), 3)
        stage.hear("", seconds=0.2)
    stage.until(lambda: bool(stage.turns.saying), 3)
    silenced = len(stage.silenced)
    stage.hear("", seconds=0.2)
    assert len(stage.silenced) == silenced


def test_half_duplex_listens_between_two_lines() -> None:
    stage = Stage(Manner(gap=0.5)).started()
    stage.hear("how do i do this", "explain_step")
    stage.until(lambda: not stage.turns.saying)
    ended = stage.now
    stage.until(lambda: bool(stage.turns.saying), 2)
    assert stage.now - ended >= 0.45
