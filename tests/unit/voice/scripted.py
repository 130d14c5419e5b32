"""A session with scripted speech, recognizer, speaker, server and time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from palmwise import resources
from palmwise.language.tokens import words_of
from palmwise.speech.events import (
    Answered,
    Effect,
    Event,
    LineSpoken,
    Recognize,
    Recognized,
    RequestFailed,
    Send,
    SpeakLine,
    SpeechBegan,
    SpeechEnded,
    StopSpeaking,
    Tick,
    Transcript,
)
from tests.unit.voice.fake_coach import FakeCoach
from voice.playback import VoiceStyle
from voice.turn_taking import TurnSettings, TurnTaking


def transcript_of(text: str, intent: str | None) -> Transcript:
    """What a recognizer makes of the words."""
    content, words = resources.content(), words_of(text)
    red_flag = content.alarms["red_flag"].match(words) is not None
    return Transcript(text, intent, red_flag=red_flag, deletion_request=content.forgetting.match(words) is not None)


class Sound:
    """A clip."""

    def __init__(self, raw: bytes = b"") -> None:
        self.raw = raw

    def get_raw_data(self, convert_rate: int | None = None, convert_width: int | None = None) -> bytes:
        assert convert_rate in (None, 16_000)
        assert convert_width in (None, 2)
        return self.raw


class ScriptedSession:
    """Plays a session: every word takes 0.4 s to say, the server answers at once, time is what the script says."""

    def __init__(self, manner: TurnSettings | None = None, delay: float = 0.02) -> None:
        self.now = 0.0
        self.turns = TurnTaking(VoiceStyle(), manner)
        self.server = FakeCoach(lambda: self.now)
        self.delay = delay
        self.down = False
        self.refusing = False
        self.said: list[tuple[float, str]] = []
        self.begun: list[tuple[float, str]] = []
        self.silenced: list[float] = []
        self.asked: list[tuple[float, dict[str, Any]]] = []
        self.pending: list[tuple[float, int, Event]] = []
        self.next_words: tuple[str, str | None] = ("", None)
        self.orders: list[SpeakLine] = []
        self._count = 0
        self.do(self.turns.begin(0.0))

    def do(self, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, SpeakLine):
                self.orders.append(effect)
                self.begun.append((self.now, effect.text))
                self.later(0.3 + 0.4 * len(effect.text.split()), LineSpoken(effect.number))
            elif isinstance(effect, StopSpeaking):
                self.silenced.append(self.now)
                self.pending = [item for item in self.pending if not isinstance(item[2], LineSpoken)]
            elif isinstance(effect, Recognize):
                text, intent = self.next_words
                heard = transcript_of(text, intent)
                self.later(0.1, Recognized(heard, effect.seconds, effect.over, effect.interrupted, effect.level))
            elif isinstance(effect, Send):
                self.asked.append((self.now, dict(effect.message)))
                self.later(self.delay, self.answer(effect))

    def answer(self, order: Send) -> Event:
        if self.down:
            return RequestFailed(order.number, unreachable=True)
        if self.refusing:
            return RequestFailed(order.number, unreachable=False)
        return Answered(order.number, tuple(self.server.answer(dict(order.message))))

    def later(self, seconds: float, event: Event) -> None:
        self._count += 1
        self.pending.append((self.now + seconds, self._count, event))

    def post(self, event: Event) -> None:
        if isinstance(event, LineSpoken):
            self.said += [(self.now, order.text) for order in self.orders if order.number == event.number]
        self.do(self.turns.handle(event, self.now))

    def run(self, seconds: float) -> None:
        """Let time pass."""
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

    def hear(self, text: str, intent: str | None = None, seconds: float = 0.8, level: float = 0.0) -> None:
        """Have somebody say something, so loud."""
        self.next_words = (text, intent)
        self.post(SpeechBegan(level))
        self.run(seconds + 0.5)
        self.post(SpeechEnded(Sound(), seconds, level=level))
        self.run(0.3)

    def quiet(self) -> None:
        """Wait until the coach has had nothing to say for a second."""
        silent = 0.0
        while silent < 1:
            self.run(0.1)
            silent = 0.0 if self.turns.current_line else silent + 0.1

    @property
    def heard_of(self) -> str:
        return " | ".join(text for _, text in self.begun)

    @property
    def elapsed(self) -> float:
        clock = self.turns.countdown
        assert clock is not None
        return clock.elapsed_at(self.now)

    def began(self) -> None:
        """Go to the first word of the first step."""
        wanted = (("start the massage", "start_routine"), ("yes", "affirm"), ("no", "deny"), ("yes", "affirm"))
        for text, intent in wanted:
            self.quiet()
            self.hear(text, intent)

    def started(self) -> ScriptedSession:
        """Go to the first step, with its countdown running."""
        self.began()
        self.until(lambda: self.turns.countdown is not None and self.elapsed > 1)
        return self
