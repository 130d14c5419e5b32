"""A session of the voice client in simulated time: the same sound and the same decisions on every machine.

Endpointing, recognizer, turn-taking and server are the real ones. Left out are the sound devices, the coach's audible
voice, and the time that the machine takes: recognition and answers take a fixed time.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from functools import partial
from itertools import count

import numpy as np

from benchmarks.voice.room import VOICES, Sound, pink_noise, raw_clip, raw_samples, synthesize
from benchmarks.voice.voice_session import SessionLog
from palmwise.client.http_client import CoachClient
from palmwise.speech.endpointing import PIECE, PIECE_SECONDS, SileroEndpointer, silero
from palmwise.speech.events import (
    Effect,
    Event,
    Expect,
    LineSpoken,
    PlayTone,
    Recognize,
    Recognized,
    Recognizer,
    Send,
    Show,
    SpeakLine,
    SpeechPaused,
    StopSpeaking,
    Tick,
)
from voice.loop import TICK_SECONDS, answer_to
from voice.microphone import EarlyRecognition
from voice.playback import VoiceStyle
from voice.turn_taking import TurnSettings, TurnTaking

QUIET = 30.0
"""Root mean square of the noise of a quiet room."""
RECOGNITION_SECONDS, ANSWER_SECONDS = 0.2, 0.03
"""What a recognition and an answer of the server take, from docs/measured.md."""
LINE_SECONDS = 0.3
"""What a line takes beside its words."""


class SimulatedSession(SessionLog):
    """A conversation by voice, with the interface of `VoiceSession`. Times are in seconds since the beginning."""

    def __init__(self, server: str, recognizer: Recognizer, background: Sound, speed: float = 1.0) -> None:
        """`background` is what is heard beside the person, over and over; `speed` as in `TurnSettings`."""
        super().__init__()
        self._background = background + QUIET * pink_noise(len(background), 5)
        self._person: Sound = np.zeros(0)
        self._at = 0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()
        self._line = 0
        self._client = CoachClient(server)
        self._recognizer, self._early = recognizer, EarlyRecognition(recognizer)
        self._endpointer = SileroEndpointer("headset", raw_clip, silero())
        self._turns = TurnTaking(VoiceStyle(), TurnSettings(echoes=False, speed=speed))
        self._carry_out(self._turns.begin(0.0))

    @property
    def now(self) -> float:
        """Seconds since the beginning."""
        return self._at * PIECE_SECONDS

    def say(self, text: str, voice: str = VOICES[0], snr: float | None = None) -> None:
        """Have the person say something; return when it is over."""
        self._note(f"PERSON: {text}")
        self._person, _ = synthesize(text, voice, snr)
        while self._person.size:
            self._advance()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        end = self.now + seconds
        while self.now < end:
            self._advance()

    def wait_for(self, *texts: str, timeout: float) -> None:
        """Wait for a line with one of these texts, after all lines that were waited for before.

        Raises `TimeoutError`.
        """
        end = self.now + timeout
        while self.now < end:
            if self.finds(texts):
                return
            self._advance()
        raise TimeoutError(f"{texts} did not come within {timeout} s:\n{self.transcript}")

    def close(self) -> None:
        """End it."""
        self._client.close()

    def _note(self, line: str) -> None:
        self.lines.append((self.now, line))

    def _advance(self) -> None:
        """Let a piece of sound pass."""
        self._at += 1
        for event in self._endpointer.feed(self._next_piece()):
            self._take(event)
        while self._due and self._due[0][0] <= self.now:
            heapq.heappop(self._due)[2]()
        if self._at % round(TICK_SECONDS / PIECE_SECONDS) == 0:
            self._take(Tick())

    def _next_piece(self) -> bytes:
        places = np.arange((self._at - 1) * PIECE, self._at * PIECE)
        sound = self._background[places % len(self._background)]
        person, self._person = self._person[:PIECE], self._person[PIECE:]
        return raw_samples(sound + np.pad(person, (0, PIECE - len(person))))

    def _later(self, seconds: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._due, (self.now + seconds, next(self._numbers), action))

    def _take(self, event: Event) -> None:
        if isinstance(event, SpeechPaused):
            self._later(RECOGNITION_SECONDS, lambda: self._recognize_early(event))
        self._carry_out(self._turns.handle(event, self.now))

    def _recognize_early(self, event: SpeechPaused) -> None:
        if self._early.is_complete(event.clip, event.pause):
            self._endpointer.complete(event.pause)

    def _carry_out(self, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, SpeakLine):
                self._speak(effect)
            elif isinstance(effect, StopSpeaking):
                self._note("stopped speaking")
                self._line = 0
                self._endpointer.set_speaking(speaking=False)
            elif isinstance(effect, Recognize):
                self._later(RECOGNITION_SECONDS, partial(self._recognize, effect))
            elif isinstance(effect, Send):
                self._later(ANSWER_SECONDS, partial(self._send, effect))
            elif isinstance(effect, Expect):
                self._recognizer.expect(effect.question)
            elif isinstance(effect, Show):
                self._note(effect.text)
            elif isinstance(effect, PlayTone):
                self._note("(tone)")

    def _send(self, order: Send) -> None:
        self._take(answer_to(order, self._client))

    def _recognize(self, order: Recognize) -> None:
        transcript = self._early.transcribe(order.clip, order.pause)
        self._take(Recognized(transcript, order.seconds, order.over, order.interrupted, order.level))

    def _speak(self, order: SpeakLine) -> None:
        self._line = order.number
        self._endpointer.set_speaking(speaking=True)
        seconds = LINE_SECONDS + 60 * len(order.text.split()) / order.rate + order.pause
        self._later(seconds, lambda: self._end_line(order.number))

    def _end_line(self, number: int) -> None:
        if number == self._line:
            self._endpointer.set_speaking(speaking=False)
            self._take(LineSpoken(number))
