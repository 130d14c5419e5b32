"""Whole massages hands-free, in noise and beside a television, in simulated time: the same sound every time.

`make bench-voice` measures the same in real time, with sound devices and with the coach's audible voice.
"""

from __future__ import annotations

import pytest

from benchmarks.voice.massages import SCRIPT, SPEED, lead, rooms
from benchmarks.voice.room import missing_programs
from benchmarks.voice.simulated_session import SimulatedSession
from palmwise.speech.model_files import explain_missing, find_moonshine
from palmwise.speech.recognizers import create_recognizer

pytestmark = [pytest.mark.slow, pytest.mark.audio, pytest.mark.server]
UNDERSTOOD, FIRST = len(SCRIPT) - 1, 9
"""Wishes that are understood at least, within all tries and at the first: all 13, and 12, were. When the coach's words
change, the person speaks over other words of the television."""
FOREIGN = 4
"""Messages that nobody said at most; none in noise and two beside the television were."""


@pytest.mark.parametrize("where", ["noise", "television"])
def test_a_whole_massage_is_led_by_voice_where_it_is_not_quiet(server: str, where: str) -> None:
    if missing_programs():
        pytest.skip(f"the voices need {', '.join(missing_programs())}")
    if find_moonshine(None) is None:
        pytest.skip(explain_missing())
    (sound,) = (sound for name, sound in rooms().items() if name.startswith(where))
    session = SimulatedSession(server, create_recognizer("moonshine"), sound, SPEED)
    try:
        massage = lead(session)
    finally:
        session.close()
    assert massage.ended, session.transcript
    assert massage.understood >= UNDERSTOOD, session.transcript
    assert massage.first >= FIRST, session.transcript
    assert len(massage.foreign) <= FOREIGN, massage.foreign
