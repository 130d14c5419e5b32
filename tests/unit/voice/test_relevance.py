"""What is said in the room and is not meant for the coach."""

from __future__ import annotations

import pytest

from palmwise.speech.events import MicrophoneLost, SpeechBegan, Transcript
from tests.unit.voice.scripted import ScriptedSession
from voice.relevance import Situation, Verdict, judge


def test_while_paused_only_resuming_and_ending_commands_act() -> None:
    session = ScriptedSession().started()
    session.hear("pause", "pause")
    session.quiet()
    session.run(30)
    asked = len(session.asked)
    session.hear("did you feed the cat this morning")
    session.hear("what are the steps", "list_steps")
    session.hear("", seconds=1.0)
    assert len(session.asked) == asked
    session.hear("carry on", "resume")
    assert session.server.state == "running"


def test_a_red_flag_while_paused_reaches_the_server() -> None:
    session = ScriptedSession().started()
    session.hear("ouch", "report_pain")
    session.quiet()
    session.run(30)
    asked = len(session.asked)
    session.hear("the prime minister spoke about the heart of the city", seconds=2.5)
    session.hear("my hands smell of roses and the other team has it", seconds=2.5)
    assert len(session.asked) == asked
    session.hear("my chest feels tight and i can hardly breathe", seconds=2.5)
    assert session.server.state == "stopped"


def test_an_answer_is_expected_for_a_limited_time_only() -> None:
    session = ScriptedSession().started()
    session.hear("ouch", "report_pain")
    session.quiet()
    session.run(30)
    session.post(MicrophoneLost("gone"))
    session.quiet()
    asked = len(session.asked)
    session.hear("lighter i think", seconds=1.0)
    assert len(session.asked) == asked


def test_unintelligible_speech_gets_an_apology_then_a_hint_then_silence() -> None:
    session = ScriptedSession().started()
    for _ in range(4):
        session.hear("", seconds=1.0)
        session.until(lambda: not session.turns.current_line)
    assert session.heard_of.count("Sorry, I did not catch that.") == 1
    assert session.heard_of.count("I still could not make it out.") == 1
    session.hear("how long", "how_long")
    session.quiet()
    session.hear("", seconds=1.0)
    session.run(3)
    assert session.heard_of.count("Sorry, I did not catch that.") == 2


def test_unrelated_talk_in_the_room_is_answered_twice_at_most() -> None:
    session = ScriptedSession().started()
    session.run(12)
    for _ in range(6):
        session.hear("the prime minister spoke outside the house")
        session.until(lambda: not session.turns.current_line)
    assert session.server.kinds[-6:].count("note") + session.server.kinds[-6:].count("help") == 6
    begun = len(session.begun)
    session.hear("there is a parcel for you at the door")
    assert len(session.begun) == begun


def test_a_long_speech_is_ignored() -> None:
    session = ScriptedSession().started()
    asked = len(session.asked)
    session.hear("the second half is about to begin", seconds=9.0)
    assert len(session.asked) == asked


def test_endless_talk_does_not_silence_the_coach_for_ever() -> None:
    session = ScriptedSession().started()
    session.run(15)
    session.post(SpeechBegan())
    cues = len(session.begun)
    session.run(95)
    assert len(session.begun) > cues


@pytest.mark.parametrize(
    ("heard", "seconds", "situation", "verdict"),
    [
        (Transcript("next", "next_step"), 0.4, Situation("running"), Verdict.SEND),
        (Transcript("can i use coconut oil"), 1.5, Situation("running"), Verdict.SEND),
        (Transcript("what are the steps", "list_steps"), 1.0, Situation("paused"), Verdict.IGNORE),
        (Transcript("lighter"), 0.5, Situation("paused", answer_expected=True), Verdict.SEND),
        (Transcript("carry on", "resume"), 0.5, Situation("paused"), Verdict.SEND),
        (Transcript(""), 0.6, Situation("running"), Verdict.ASK_AGAIN),
        (Transcript(""), 0.6, Situation("paused"), Verdict.IGNORE),
        (Transcript("what", "repeat_step"), 2.4, Situation("running"), Verdict.IGNORE),
        (Transcript("yes", "affirm"), 0.4, Situation("paused"), Verdict.IGNORE),
        (Transcript("ouch", "report_pain"), 0.4, Situation("running", "Keep in touch."), Verdict.SEND),
        (Transcript("stop", "stop"), 0.4, Situation("running", "Stop whenever you like."), Verdict.IGNORE),
        (Transcript("stop it", "stop"), 0.4, Situation("running", "From the top. It is warm."), Verdict.SEND),
        (Transcript("ease"), 0.4, Situation("running", "With ease."), Verdict.IGNORE),
        (Transcript("need the base"), 0.9, Situation("running", "Knead the base."), Verdict.IGNORE),
        (Transcript("i cannot breathe", red_flag=True), 0.9, Situation("paused"), Verdict.SEND),
        (Transcript("delete everything i said", deletion_request=True), 0.9, Situation("paused"), Verdict.SEND),
        (
            Transcript("chest pain", red_flag=True),
            0.9,
            Situation("screening", "Is there any chest pain?"),
            Verdict.IGNORE,
        ),
        (Transcript(""), 6.0, Situation("running"), Verdict.IGNORE),
        (Transcript(""), 0.6, Situation("running", "Knead gently.", interrupted=True), Verdict.IGNORE),
        (Transcript("need gently"), 0.6, Situation("running", "Knead gently.", interrupted=True), Verdict.IGNORE),
    ],
)
def test_speech_is_judged_by_what_was_going_on(
    heard: Transcript, seconds: float, situation: Situation, verdict: Verdict
) -> None:
    assert judge(heard, seconds, situation) is verdict


def test_a_doubtful_alarm_pauses_a_massage_that_runs_and_does_nothing_elsewhere() -> None:
    doubtful = Transcript("hold on", "pause", doubtful=True)
    assert judge(doubtful, 0.4, Situation("running")) is Verdict.SEND
    for state in ("paused", "screening", "none", "finished"):
        assert judge(doubtful, 0.4, Situation(state)) is Verdict.IGNORE
