"""What the voice does when something fails."""

from __future__ import annotations

import pytest

from palmwise.speech.events import (
    MicrophoneBack,
    MicrophoneLost,
    Spoken,
    Typed,
    Unspoken,
)
from tests.unit.voice.stage import Stage
from voice import words


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


@pytest.mark.parametrize(("text", "intent", "state"), [
    ("ouch", "report_pain", "paused"), ("pause", "pause", "paused"), ("stop", "stop", "stopped"),
    ("my chest feels tight and i can hardly breathe", None, "stopped"),
])  # fmt: skip
@pytest.mark.parametrize("known", [False, True])
def test_hands_off_is_obeyed_without_the_server_and_told_to_it_however_late(
    text: str, intent: str | None, state: str, *, known: bool
) -> None:
    stage = Stage().started()
    stage.down = True
    stage.run(5)
    if known:
        stage.hear("how long", "how_long")
        stage.run(3)
    before, told = stage.elapsed, len(stage.begun)
    stage.hear(text, intent)
    at = stage.elapsed
    assert at < before + 2
    stage.run(130)
    assert stage.elapsed == at
    assert stage.server.state == "running"
    assert stage.server.step == 1
    said = " ".join(text for _, text in stage.begun[told:])
    assert "Hands off for now." in said
    assert "Keep going" not in said
    assert ("call for help" in said) is (intent is None)
    stage.down = False
    stage.run(6)
    assert stage.server.state == state
    assert words.BACK in stage.heard_of


def test_typed_words_that_mean_hands_off_are_obeyed_without_the_server() -> None:
    stage = Stage().started()
    stage.down = True
    stage.post(Typed("Ouch!"))
    stage.run(1)
    at = stage.elapsed
    stage.run(20)
    assert stage.elapsed == at
    assert "Hands off for now." in stage.heard_of


def test_words_that_waited_too_long_are_not_acted_on_one_after_the_other() -> None:
    stage = Stage().started()
    stage.down = True
    stage.until(lambda: any(message.get("by") == "timer" for _, message in stage.asked), 200)
    for _ in range(3):
        stage.hear("next", "next_step")
        stage.run(20)
    stage.run(30)
    stage.down = False
    stage.run(10)
    assert stage.server.step == 2
    assert words.BACK in stage.heard_of
    assert words.LOST_WORDS in stage.heard_of


def test_words_that_waited_bring_the_clock_as_it_is_then() -> None:
    stage = Stage().started()
    stage.run(12)
    stage.down = True
    stage.hear("how long", "how_long")
    stage.run(14)
    at = stage.elapsed
    stage.down = False
    stage.until(lambda: stage.server.kinds[-1] != "step")
    assert stage.elapsed >= at


def test_a_refused_timer_is_told_once_and_tried_ever_more_seldom() -> None:
    stage = Stage().started()
    stage.run(90)
    stage.refusing = True
    stage.run(200)
    assert sum(message.get("by") == "timer" for _, message in stage.asked) < 8
    assert {} in [message for _, message in stage.asked]
    assert words.REFUSED not in stage.heard_of
    assert stage.heard_of.count(words.STUCK) == 1
    stage.refusing = False
    stage.until(lambda: stage.server.step == 2)


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
