"""A massage by voice with scripted speech, ear, mouth, server, time."""

from __future__ import annotations

import pytest

from palmwise.client.answers import read_answer
from palmwise.client.countdown import Countdown
from palmwise.speech.events import Typed
from palmwise.speech.sentences import lines as sentences
from tests.unit.voice.fake_server import Server
from tests.unit.voice.stage import Stage
from voice.playback import LATE, choose_cue


def test_a_massage_of_ten_minutes_goes_on_by_itself() -> None:
    stage = Stage().started()
    began = stage.now
    stage.until(lambda: "finished" in stage.server.kinds, 1200)
    lasted = stage.now - began
    assert 600 <= lasted <= 760  # ten minutes of massage, and the words between
    timers = [message for _, message in stage.asked if message.get("by") == "timer"]
    assert len(timers) == 6
    assert all(message["clock"]["elapsed"] == pytest.approx(message_duration, abs=1)
               for message, message_duration in zip(timers, [102, 102, 102, 102, 102, 90], strict=True))  # fmt: skip


def test_the_clock_stands_still_while_the_step_is_explained() -> None:
    stage = Stage()
    stage.began()
    assert stage.turns.countdown is not None
    while stage.turns.saying:
        assert stage.elapsed == 0
        stage.run(0.1)


def test_after_an_answer_the_countdown_goes_on_where_it_was() -> None:
    stage = Stage().started()
    stage.run(20)
    stage.hear("how long", "how_long")
    before = stage.elapsed
    stage.run(1)
    assert stage.turns.saying
    assert stage.elapsed == pytest.approx(before, abs=0.2)
    stage.until(lambda: not stage.turns.saying)
    stage.run(5)
    assert before < stage.elapsed < before + 7


def test_while_paused_nothing_is_said_and_no_time_passes() -> None:
    stage = Stage().started()
    stage.hear("pause", "pause")
    stage.quiet()
    said, at = len(stage.begun), stage.elapsed
    stage.run(600)
    assert len(stage.begun) == said
    assert stage.elapsed == at


def test_typing_works_as_speaking_does() -> None:
    stage = Stage().started()
    stage.post(Typed("pause"))
    stage.run(1)
    assert stage.server.state == "paused"


def test_louder_softer_slower_are_kept() -> None:
    stage = Stage().started()
    usual = stage.orders[-1]
    stage.hear("louder", "speak_up")
    stage.run(110)
    assert stage.orders[-1].volume > usual.volume
    stage.hear("slower", "slow_down")
    stage.run(110)
    assert stage.orders[-1].rate < usual.rate
    assert stage.orders[-1].volume > usual.volume


def test_silence_is_not_nagged_at() -> None:
    stage = Stage()
    stage.quiet()
    said = len(stage.begun)
    stage.run(1000)
    assert len(stage.begun) == said


def swapping(stage: Stage) -> str:
    """To half a second before the cue that tells the other hand; what it says."""
    clock = stage.turns.countdown
    assert clock is not None
    cue = next(cue for cue in clock.cues if cue.names_hand and cue.at > 1)
    stage.until(lambda: stage.elapsed >= cue.at - 0.5)
    return cue.say


@pytest.mark.parametrize(("text", "intent", "seconds"), [("", None, 5.3), ("how long", "how_long", 1.0)])
def test_who_talks_when_the_hand_is_to_be_changed_hears_of_it_afterwards(
    text: str, intent: str | None, seconds: float
) -> None:
    stage = Stage().started()
    cue = swapping(stage)
    stage.hear(text, intent, seconds=seconds)
    stage.run(12)
    assert stage.heard_of.count(sentences(cue)[0]) == 1


def test_a_hand_that_is_no_longer_meant_is_not_told() -> None:
    stage = Stage().started()
    cue = swapping(stage)
    stage.hear("next", "next_step", seconds=1.0)
    stage.run(30)
    assert stage.server.step == 2
    assert sentences(cue)[0] not in stage.heard_of


def test_a_late_cue_is_left_out_unless_it_tells_the_hand() -> None:
    messages = Server(lambda: 0.0).messages_of_step()
    found = read_answer(messages)
    assert found is not None
    clock = Countdown.from_answer(found, None)
    assert clock is not None
    due, rest = clock.start(0.0, 0.0).take_cues(75.0)
    cue = choose_cue(due, 75.0, LATE)
    assert cue is not None
    assert cue.names_hand
    assert all(left.at > 75 for left in rest.cues)
