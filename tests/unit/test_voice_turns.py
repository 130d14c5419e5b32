"""Turn-taking with scripted speech, ear, mouth, server, time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.voice_server import Server
from voice import words
from voice.cards import card
from voice.countdown import Countdown
from voice.events import (
    Answered,
    Ask,
    Effect,
    Event,
    Failed,
    Hush,
    MicrophoneBack,
    MicrophoneLost,
    Recognise,
    Say,
    SpeechBegan,
    SpeechEnded,
    Spoken,
    Tick,
    Typed,
    Understood,
    Unspoken,
)
from voice.protocols import Heard
from voice.turns import Manner, Turns
from voice.voicing import Voicing


class Sound:
    """A clip of nothing."""

    def get_raw_data(self, convert_rate: int | None = None, convert_width: int | None = None) -> bytes:
        return bytes((convert_rate or 0) * (convert_width or 0))


class Stage:
    """Plays a talk: every word takes 0.4 s to say, the server answers at once, time is what the script says."""

    def __init__(self, manner: Manner | None = None, delay: float = 0.02) -> None:
        self.now = 0.0
        self.turns = Turns(Voicing(), manner)
        self.server = Server(lambda: self.now)
        self.delay = delay
        self.down = False
        self.said: list[tuple[float, str]] = []
        self.begun: list[tuple[float, str]] = []
        self.silenced: list[float] = []
        self.asked: list[tuple[float, dict[str, Any]]] = []
        self.pending: list[tuple[float, int, Event]] = []
        self.next_words: tuple[str, str | None] = ("", None)
        self.orders: list[Say] = []
        self._count = 0
        self.do(self.turns.begin(0.0))

    def do(self, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Say):
                self.orders.append(effect)
                self.begun.append((self.now, effect.text))
                self.later(0.3 + 0.4 * len(effect.text.split()), Spoken(effect.number))
            elif isinstance(effect, Hush):
                self.silenced.append(self.now)
                self.pending = [item for item in self.pending if not isinstance(item[2], Spoken)]
            elif isinstance(effect, Recognise):
                self.later(0.1, Understood(Heard(*self.next_words), effect.seconds, effect.over, effect.cut))
            elif isinstance(effect, Ask):
                self.asked.append((self.now, dict(effect.message)))
                self.later(self.delay, self.answer(effect))

    def answer(self, order: Ask) -> Event:
        if self.down:
            return Failed(order.number, gone=True)
        return Answered(order.number, tuple(self.server.answer(dict(order.message))))

    def later(self, seconds: float, event: Event) -> None:
        self._count += 1
        self.pending.append((self.now + seconds, self._count, event))

    def post(self, event: Event) -> None:
        if isinstance(event, Spoken):
            self.said += [(self.now, order.text) for order in self.orders if order.number == event.number]
        self.do(self.turns.handle(event, self.now))

    def run(self, seconds: float) -> None:
        """Lets time pass."""
        until = self.now + seconds
        while self.now < until:
            self.pending.sort()
            at = min(self.pending[0][0] if self.pending else until, self.now + 0.1, until)
            self.now = at
            due = [item for item in self.pending if item[0] <= at]
            self.pending = [item for item in self.pending if item[0] > at]
            for _, _, event in due or [(0, 0, Tick())]:
                self.post(event)

    def until(self, done: Callable[[], bool], within: float = 120.0) -> None:
        end = self.now + within
        while not done():
            assert self.now < end, "it never happened"
            self.run(0.05)

    def hear(self, text: str, intent: str | None = None, seconds: float = 0.8) -> None:
        """Somebody says it."""
        self.next_words = (text, intent)
        self.post(SpeechBegan())
        self.run(seconds + 0.5)
        self.post(SpeechEnded(Sound(), seconds))
        self.run(0.3)

    def quiet(self) -> None:
        """Until the coach has had nothing to say for a second."""
        silent = 0.0
        while silent < 1:
            self.run(0.1)
            silent = 0.0 if self.turns.saying else silent + 0.1

    @property
    def heard_of(self) -> str:
        return " | ".join(text for _, text in self.begun)

    @property
    def elapsed(self) -> float:
        clock = self.turns.countdown
        assert clock is not None
        return clock.elapsed_at(self.now)

    def began(self) -> None:
        """To the first step's first word."""
        wanted = (("start the massage", "start_routine"), ("yes", "affirm"), ("no", "deny"), ("yes", "affirm"))
        for text, intent in wanted:
            self.quiet()
            self.hear(text, intent)

    def started(self) -> Stage:
        """At the first step, its clock running."""
        self.began()
        self.until(lambda: self.turns.countdown is not None and self.elapsed > 1)
        return self


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


@given(at=st.floats(0, 200))
@settings(max_examples=60, deadline=None)
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
@settings(max_examples=30, deadline=None)
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


def test_its_own_voice_is_not_taken_for_a_person() -> None:
    stage = Stage().started()
    stage.hear("how do i do this", "explain_step")
    line = stage.turns.saying
    asked = len(stage.asked)
    stage.hear(" ".join(line.lower().replace(".", "").split()[2:6]))
    assert len(stage.asked) == asked


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


def test_while_paused_nothing_is_said_and_no_time_passes() -> None:
    stage = Stage().started()
    stage.hear("pause", "pause")
    stage.quiet()
    said, at = len(stage.begun), stage.elapsed
    stage.run(600)
    assert len(stage.begun) == said
    assert stage.elapsed == at


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


def test_a_late_cue_is_left_out_unless_it_tells_the_hand() -> None:
    messages = Server(lambda: 0.0).messages_of_step()
    found = card(messages)
    assert found is not None
    clock = Countdown.told(found, None)
    assert clock is not None
    clock = clock.going(0.0, 0.0)
    cue, rest = clock.due(75.0)
    assert cue is not None
    assert cue.swap
    assert all(left.at > 75 for left in rest.cues)
