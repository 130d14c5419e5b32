"""Others who talk farther away than the person, such as a television."""

from __future__ import annotations

import pytest

from palmwise.speech.events import SpeechBegan, SpeechEnded, Transcript
from tests.unit.voice.scripted import ScriptedSession, Sound
from voice.distance import EVIDENCE_SECONDS, Distance
from voice.relevance import Situation, Verdict, judge

NEAR, FAR = 4000.0, 1000.0
TELEVISION = "did you feed the cat this morning"


@pytest.fixture
def session() -> ScriptedSession:
    """A massage whose person has said commands, beside a television that has been heard."""
    session = ScriptedSession().started()
    session.hear("how long", "how_long", level=NEAR)
    for _ in range(2):
        session.quiet()
        session.hear(TELEVISION, level=FAR)
    session.quiet()
    return session


def test_a_voice_is_far_only_while_others_have_been_heard_lately() -> None:
    distance = Distance()
    distance.note_talk(NEAR, 0.0)
    distance.note_talk(FAR, 3.0)
    assert not distance.is_far(FAR, 4.0), "nobody knows how loud the person is"
    distance.note_command(NEAR)
    assert not distance.is_far(FAR, 4.0), "the person may have said something under their breath"
    distance.note_talk(FAR, 5.0)
    assert distance.is_far(FAR, 6.0)
    assert not distance.is_far(NEAR / 2, 6.0)
    assert not distance.is_far(0.0, 6.0), "it is not known how loud that was"
    assert not distance.is_far(FAR, 5.0 + EVIDENCE_SECONDS)


def test_one_shout_does_not_make_the_person_far() -> None:
    distance = Distance()
    for level in (NEAR, NEAR, 4 * NEAR):
        distance.note_command(level)
    distance.note_others(FAR, 0.0)
    assert not distance.is_far(NEAR, 1.0)


def test_far_talk_neither_reaches_the_server_nor_silences_the_coach(session: ScriptedSession) -> None:
    asked = len(session.asked)
    session.hear("what are the steps", "list_steps", level=NEAR)
    session.until(lambda: bool(session.turns.current_line))
    before = len(session.silenced)
    session.hear(TELEVISION, level=FAR)
    session.hear("next", "next_step", level=FAR)
    assert len(session.silenced) == before
    assert len(session.asked) == asked + 1
    session.hear("next", "next_step", level=NEAR)
    assert len(session.asked) == asked + 2


def test_who_joins_in_from_near_by_silences_the_coach(session: ScriptedSession) -> None:
    session.hear("what are the steps", "list_steps", level=NEAR)
    session.until(lambda: bool(session.turns.current_line))
    before = len(session.silenced)
    session.post(SpeechBegan(FAR))
    assert len(session.silenced) == before
    session.post(SpeechBegan(NEAR))
    assert len(session.silenced) == before + 1


def test_what_others_said_beside_the_person_is_known_to_be_far() -> None:
    session = ScriptedSession().started()
    session.quiet()
    asked = len(session.asked)
    session.hear("how long", "how_long", level=NEAR)
    session.next_words = (TELEVISION, None)
    session.post(SpeechEnded(Sound(), 2.0, level=FAR))
    session.run(0.5)
    assert len(session.asked) == asked + 1


@pytest.mark.parametrize(
    ("heard", "verdict"),
    [
        (Transcript("next", "next_step", complete=True), Verdict.IGNORE),
        (Transcript("stop", "stop", complete=True), Verdict.SEND),
        (Transcript("good night", "goodbye", complete=True), Verdict.IGNORE),
        (Transcript("hold on", "pause", doubtful=True), Verdict.IGNORE),
        (Transcript("my chest hurts", red_flag=True), Verdict.SEND),
        (Transcript(""), Verdict.IGNORE),
    ],
)
def test_from_afar_only_alarms_count(heard: Transcript, verdict: Verdict) -> None:
    assert judge(heard, 1.0, Situation("running", far=True)) is verdict
