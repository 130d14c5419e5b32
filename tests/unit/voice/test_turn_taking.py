"""Turn-taking through a whole massage."""

from __future__ import annotations

import pytest

from palmwise.client.answers import read_answer
from palmwise.client.countdown import Countdown
from palmwise.speech.events import Typed
from palmwise.speech.synthesis import split_lines
from tests.unit.voice.fake_coach import FakeCoach
from tests.unit.voice.scripted import ScriptedSession
from voice.playback import LATE_CUE, choose_cue


def test_a_massage_of_ten_minutes_advances_by_itself() -> None:
    session = ScriptedSession().started()
    began = session.now
    session.until(lambda: "finished" in session.server.kinds, 1200)
    lasted = session.now - began
    assert 600 <= lasted <= 760  # ten minutes of massage, and the words between
    timers = [message for _, message in session.asked if message.get("by") == "timer"]
    assert len(timers) == 6
    assert all(message["clock"]["elapsed"] == pytest.approx(message_duration, abs=1)
               for message, message_duration in zip(timers, [102, 102, 102, 102, 102, 90], strict=True))  # fmt: skip


def test_the_countdown_is_held_while_the_step_is_explained() -> None:
    session = ScriptedSession()
    session.began()
    assert session.turns.countdown is not None
    while session.turns.current_line:
        assert session.elapsed == 0
        session.run(0.1)


def test_after_an_answer_the_countdown_goes_on_where_it_was() -> None:
    session = ScriptedSession().started()
    session.run(20)
    session.hear("how long", "how_long")
    before = session.elapsed
    session.run(1)
    assert session.turns.current_line
    assert session.elapsed == pytest.approx(before, abs=0.2)
    session.until(lambda: not session.turns.current_line)
    session.run(5)
    assert before < session.elapsed < before + 7


def test_nothing_is_said_and_no_time_passes_while_paused() -> None:
    session = ScriptedSession().started()
    session.hear("pause", "pause")
    session.quiet()
    said, at = len(session.begun), session.elapsed
    session.run(600)
    assert len(session.begun) == said
    assert session.elapsed == at


def test_a_typed_command_acts_like_a_spoken_one() -> None:
    session = ScriptedSession().started()
    session.post(Typed("pause"))
    session.run(1)
    assert session.server.state == "paused"


def test_volume_and_pace_last_for_the_following_steps() -> None:
    session = ScriptedSession().started()
    usual = session.orders[-1]
    session.hear("louder", "speak_up")
    session.run(110)
    assert session.orders[-1].volume > usual.volume
    session.hear("slower", "slow_down")
    session.run(110)
    assert session.orders[-1].rate < usual.rate
    assert session.orders[-1].volume > usual.volume


def test_the_coach_stays_quiet_when_nobody_answers() -> None:
    session = ScriptedSession()
    session.quiet()
    said = len(session.begun)
    session.run(1000)
    assert len(session.begun) == said


def swapping(session: ScriptedSession) -> str:
    """To half a second before the cue that tells the other hand; what it says."""
    clock = session.turns.countdown
    assert clock is not None
    cue = next(cue for cue in clock.cues if cue.names_hand and cue.at > 1)
    session.until(lambda: session.elapsed >= cue.at - 0.5)
    return cue.say


@pytest.mark.parametrize(("text", "intent", "seconds"), [("", None, 5.3), ("how long", "how_long", 1.0)])
def test_the_cue_to_change_hands_is_spoken_after_an_interruption(text: str, intent: str | None, seconds: float) -> None:
    session = ScriptedSession().started()
    cue = swapping(session)
    session.hear(text, intent, seconds=seconds)
    session.run(12)
    assert session.heard_of.count(split_lines(cue)[0]) == 1


def test_the_cue_to_change_hands_is_dropped_when_the_step_is_over() -> None:
    session = ScriptedSession().started()
    cue = swapping(session)
    session.hear("next", "next_step", seconds=1.0)
    session.run(30)
    assert session.server.step == 2
    assert split_lines(cue)[0] not in session.heard_of


def test_a_late_cue_is_left_out_unless_it_names_the_hand() -> None:
    messages = FakeCoach(lambda: 0.0).messages_of_step()
    found = read_answer(messages)
    assert found is not None
    clock = Countdown.from_answer(found, None)
    assert clock is not None
    due, rest = clock.start(0.0, 0.0).take_cues(75.0)
    cue = choose_cue(due, 75.0, LATE_CUE)
    assert cue is not None
    assert cue.names_hand
    assert all(left.at > 75 for left in rest.cues)
