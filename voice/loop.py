"""Lets the person type as well."""

from __future__ import annotations

import logging
import queue
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from palmwise.client.http_client import CoachClient
from palmwise.errors import RefusedError, UnreachableError, VoiceError
from palmwise.speech.events import (
    Answered,
    Ask,
    Ear,
    EarFailed,
    Effect,
    Event,
    Failed,
    Hush,
    Mouth,
    Recognise,
    Say,
    Show,
    SpeechBegan,
    SpeechEnded,
    SpeechPaused,
    Spoken,
    Tick,
    Typed,
    Understood,
    Unspoken,
)
from voice.microphone import Hearing
from voice.turn_taking import Turns


def start(post: Callable[[Event], None], end: Callable[[], None], *, only: bool) -> None:
    """Posts every line from standard input; its end ends the talk where there is no other way in (`only`)."""

    def read() -> None:
        for line in sys.stdin:
            if line.strip():
                post(Typed(line.strip()))
        if only:
            end()

    threading.Thread(target=read, daemon=True, name="keyboard").start()


log = logging.getLogger(__name__)
SERVER_ERROR = 500
TICK = 0.1
"""Seconds between two looks at the clock when nothing happens."""
TOLD: Mapping[type, str] = {
    SpeechBegan: "speech began",
    SpeechEnded: "speech ended",
    Understood: "understood",
    Answered: "answered",
    Say: "speaking",
    Hush: "hushing",
}
"""What is told with --verbose, with its time, to find out what takes long: never what was said."""


class Attention(Protocol):
    """What has to know when the coach speaks."""

    def speaking(self, *, speaking: bool) -> None:
        """It does, or does not any more."""
        ...

    def complete(self, number: int) -> None:
        """A whole command was said before the pause of that number."""
        ...


class Loop:
    """Turn-taking with a mouth, an ear and a server. The mouth and the listening post into `post`."""

    def __init__(self, turns: Turns, client: CoachClient, show: Callable[[str], None]) -> None:
        """`show` writes a line for the person."""
        self._turns = turns
        self._client = client
        self._show = show
        self._events: queue.Queue[Event] = queue.Queue()
        self._recognising: queue.Queue[Recognise | SpeechPaused | None] = queue.Queue()
        self._requests: queue.Queue[Ask | None] = queue.Queue()
        self._ended = threading.Event()
        self._mouth: Mouth | None = None
        self._ear: Ear | None = None
        self._attention: Attention | None = None

    def post(self, event: Event) -> None:
        """Something happened; from any thread."""
        self._events.put(event)

    def end(self) -> None:
        """Makes `run` return; from any thread or a signal's handler."""
        self._ended.set()
        self._events.put(Tick())

    def run(self, mouth: Mouth, ear: Ear | None, attention: Attention | None) -> None:
        """Until `end`. Without an `ear` nothing that is said is understood."""
        self._mouth, self._ear, self._attention = mouth, ear, attention
        for work in (self._hear, self._talk):
            threading.Thread(target=work, daemon=True, name=work.__name__).start()
        self._do(self._turns.begin(time.monotonic()))
        while not self._ended.is_set():
            try:
                event = self._events.get(timeout=TICK)
            except queue.Empty:
                event = Tick()
            _tell(event)
            if isinstance(event, Spoken | Unspoken) and self._attention is not None:
                self._attention.speaking(speaking=False)
            if isinstance(event, SpeechPaused):
                self._recognising.put(event)
            self._do(self._turns.handle(event, time.monotonic()))
        self._recognising.put(None)
        self._requests.put(None)

    def _do(self, effects: list[Effect]) -> None:
        for effect in effects:
            _tell(effect)
            if isinstance(effect, Say):
                self._say(effect)
            elif isinstance(effect, Hush):
                self._hush()
            elif isinstance(effect, Recognise):
                self._recognising.put(effect)
            elif isinstance(effect, Ask):
                self._requests.put(effect)
            elif isinstance(effect, Show):
                self._show(effect.text)

    def _say(self, order: Say) -> None:
        if self._attention is not None:
            self._attention.speaking(speaking=True)
        if self._mouth is not None:
            self._mouth.say(order.number, order.text, rate=order.rate, volume=order.volume)

    def _hush(self) -> None:
        if self._mouth is not None:
            self._mouth.hush()
        log.debug("hushed")
        if self._attention is not None:
            self._attention.speaking(speaking=False)

    def _hear(self) -> None:
        if self._ear is None:
            return
        hearing = Hearing(self._ear)
        while (order := self._recognising.get()) is not None:
            if isinstance(order, Recognise):
                self.post(_understood(hearing, order))
            # With more to do already, that pause is past.
            elif self._recognising.empty() and hearing.early(order.clip, order.number) and self._attention:
                self._attention.complete(order.number)

    def _talk(self) -> None:
        while (order := self._requests.get()) is not None:
            self.post(self._answer(order))

    def _answer(self, order: Ask) -> Event:
        try:
            messages = self._client.send(order.message) if order.message else self._client.current_card()
        except UnreachableError:
            return Failed(order.number, gone=True)
        except RefusedError as error:
            log.warning("the server refused: %s", error.code)
            # An error of the server itself (5xx) passes, as a lost connection does.
            return Failed(order.number, gone=error.status >= SERVER_ERROR)
        return Answered(order.number, tuple(messages))


def _understood(hearing: Hearing, order: Recognise) -> Event:
    try:
        heard = hearing.hear(order.clip, order.number)
    except VoiceError as error:
        return EarFailed(str(error))
    return Understood(heard, order.seconds, order.over, order.cut)


def _tell(what: object) -> None:
    if type(what) in TOLD:
        log.debug("%.3f %s", time.monotonic(), TOLD[type(what)])
