"""What the voice does when something fails."""

from __future__ import annotations

import pytest

from tests.unit.voice_stage import Stage
from voice import words
from voice.events import (
    MicrophoneBack,
    MicrophoneLost,
    Spoken,
    Unspoken,
)


def test_the_server_gone_for_a_minute_costs_no_time_and_is_said() -> None:
    stage = Stage().started()
    stage.down = True
    stage.run(60)
    at = stage.elapsed
    stage.run(10)
    assert stage.elapsed == pytest.approx(at + 10, abs=0.3)
    stage.run(60)
    assert words.GONE.split(".")[0] in stage.heard_of
    assert stage.heard_of.count("lost touch") == 1
    tries = [message for _, message in stage.asked if message.get("by") == "timer"]
    assert len(tries) > 3
    assert len({message["id"] for message in tries}) == 1
    stage.down = False
    stage.run(10)
    assert stage.server.step == 2
    assert words.BACK in stage.heard_of


def test_words_that_could_not_be_delivered_in_time_are_asked_for_again() -> None:
    stage = Stage().started()
    stage.down = True
    asked = stage.now
    stage.hear("how long", "how_long")
    stage.run(30)
    stage.down = False
    stage.run(110)
    assert words.LOST_WORDS in stage.heard_of
    assert all("text" not in message for at, message in stage.asked if at > asked + 25)


def test_a_step_made_longer_elsewhere_is_not_ended_early_and_goes_on() -> None:
    stage = Stage().started()
    stage.server.answer({"text": "slower"})
    stage.until(lambda: any(not message for _, message in stage.asked))
    stage.run(1)
    assert stage.server.step == 1
    assert stage.turns.countdown is not None
    assert stage.turns.countdown.duration > 110
    stage.until(lambda: stage.server.step == 2)
    assert words.ELSEWHERE not in stage.heard_of
    assert sum(message.get("by") == "timer" for _, message in stage.asked) == 2


def test_a_lost_microphone_is_told_and_the_massage_goes_on() -> None:
    stage = Stage().started()
    stage.post(MicrophoneLost("gone"))
    stage.run(130)
    assert words.MICROPHONE_LOST.split(":")[0] in stage.heard_of
    assert stage.server.step == 2
    stage.post(MicrophoneBack())
    stage.run(3)
    stage.quiet()
    assert words.MICROPHONE_BACK in stage.heard_of


def test_without_a_voice_the_massage_goes_on_in_writing() -> None:
    stage = Stage().started()
    stage.run(20)
    stage.hear("how long", "how_long")
    number = stage.orders[-1].number
    stage.pending = [item for item in stage.pending if not isinstance(item[2], Spoken)]
    stage.post(Unspoken(number, "no loudspeaker."))
    stage.run(120)
    assert stage.server.step >= 2


def test_a_step_that_somebody_else_moved_on_is_looked_up() -> None:
    stage = Stage().started()
    stage.server.move(2)
    stage.run(130)
    assert words.ELSEWHERE in stage.heard_of
    assert {} in [message for _, message in stage.asked]
    clock = stage.turns.countdown
    assert clock is not None
    assert clock.token == stage.server.token
