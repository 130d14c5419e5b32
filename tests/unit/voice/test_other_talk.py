"""What is said in the room and is not for the coach."""

from __future__ import annotations

import pytest

from palmwise.speech.events import Heard, MicrophoneLost, SpeechBegan
from tests.unit.voice.stage import Stage
from voice.relevance import Situation, Verdict, judge


def test_while_paused_only_going_on_and_ending_act() -> None:
    stage = Stage().started()
    stage.hear("pause", "pause")
    stage.quiet()
    stage.run(30)
    asked = len(stage.asked)
    stage.hear("did you feed the cat this morning")
    stage.hear("what are the steps", "list_steps")
    stage.hear("", seconds=1.0)
    assert len(stage.asked) == asked
    stage.hear("carry on", "resume")
    assert stage.server.state == "running"


def test_a_danger_told_while_paused_reaches_the_server() -> None:
    stage = Stage().started()
    stage.hear("ouch", "report_pain")
    stage.quiet()
    stage.run(30)
    asked = len(stage.asked)
    stage.hear("the prime minister spoke about the heart of the city", seconds=2.5)
    stage.hear("my hands smell of roses and the other team has it", seconds=2.5)
    assert len(stage.asked) == asked
    stage.hear("my chest feels tight and i can hardly breathe", seconds=2.5)
    assert stage.server.state == "stopped"


def test_an_answer_is_awaited_for_a_while_only_whatever_is_said_later() -> None:
    stage = Stage().started()
    stage.hear("ouch", "report_pain")
    stage.quiet()
    stage.run(30)
    stage.post(MicrophoneLost("gone"))
    stage.quiet()
    asked = len(stage.asked)
    stage.hear("lighter i think", seconds=1.0)
    assert len(stage.asked) == asked


def test_mumbling_gets_a_sorry_then_phrases_that_work_then_quiet() -> None:
    stage = Stage().started()
    for _ in range(4):
        stage.hear("", seconds=1.0)
        stage.until(lambda: not stage.turns.saying)
    assert stage.heard_of.count("Sorry, I did not catch that.") == 1
    assert stage.heard_of.count("I still could not make it out.") == 1
    stage.hear("how long", "how_long")
    stage.quiet()
    stage.hear("", seconds=1.0)
    stage.run(3)
    assert stage.heard_of.count("Sorry, I did not catch that.") == 2


def test_talk_in_the_room_that_means_nothing_is_answered_twice_at_most() -> None:
    stage = Stage().started()
    stage.run(12)
    for _ in range(6):
        stage.hear("the prime minister spoke outside the house")
        stage.until(lambda: not stage.turns.saying)
    assert stage.server.kinds[-6:].count("note") + stage.server.kinds[-6:].count("help") == 6
    told = len(stage.begun)
    stage.hear("there is a parcel for you at the door")
    assert len(stage.begun) == told


def test_a_long_speech_is_not_for_the_coach() -> None:
    stage = Stage().started()
    asked = len(stage.asked)
    stage.hear("the second half is about to begin", seconds=9.0)
    assert len(stage.asked) == asked


def test_who_never_stops_talking_does_not_silence_the_coach_for_ever() -> None:
    stage = Stage().started()
    stage.run(15)
    stage.post(SpeechBegan())
    cues = len(stage.begun)
    stage.run(95)
    assert len(stage.begun) > cues


@pytest.mark.parametrize(
    ("heard", "seconds", "situation", "verdict"),
    [
        (Heard("next", "next_step"), 0.4, Situation("running"), Verdict.SEND),
        (Heard("can i use coconut oil"), 1.5, Situation("running"), Verdict.SEND),
        (Heard("what are the steps", "list_steps"), 1.0, Situation("paused"), Verdict.IGNORE),
        (Heard("lighter"), 0.5, Situation("paused", awaited=True), Verdict.SEND),
        (Heard("carry on", "resume"), 0.5, Situation("paused"), Verdict.SEND),
        (Heard(""), 0.6, Situation("running"), Verdict.MUMBLE),
        (Heard(""), 0.6, Situation("paused"), Verdict.IGNORE),
        (Heard("what", "repeat_step"), 2.4, Situation("running"), Verdict.IGNORE),
        (Heard("yes", "affirm"), 0.4, Situation("paused"), Verdict.IGNORE),
        (Heard("ouch", "report_pain"), 0.4, Situation("running", "Keep in touch."), Verdict.SEND),
        (Heard("stop", "stop"), 0.4, Situation("running", "Stop whenever you like."), Verdict.IGNORE),
        (Heard("stop it", "stop"), 0.4, Situation("running", "From the top. It is warm."), Verdict.SEND),
        (Heard("ease"), 0.4, Situation("running", "With ease."), Verdict.IGNORE),
        (Heard("need the base"), 0.9, Situation("running", "Knead the base."), Verdict.IGNORE),
        (Heard("i cannot breathe", alarm=True), 0.9, Situation("paused"), Verdict.SEND),
        (Heard("delete everything i said", wish=True), 0.9, Situation("paused"), Verdict.SEND),
        (Heard("chest pain", alarm=True), 0.9, Situation("screening", "Is there any chest pain?"), Verdict.IGNORE),
        (Heard(""), 6.0, Situation("running"), Verdict.IGNORE),
        (Heard(""), 0.6, Situation("running", "Knead gently.", cut=True), Verdict.IGNORE),
        (Heard("need gently"), 0.6, Situation("running", "Knead gently.", cut=True), Verdict.IGNORE),
    ],
)
def test_what_is_meant_for_the_coach(heard: Heard, seconds: float, situation: Situation, verdict: Verdict) -> None:
    assert judge(heard, seconds, situation) is verdict
