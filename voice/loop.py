"""The event loop of the voice client: connects turn-taking with speaker, recognizer, server and keyboard."""

from __future__ import annotations

import logging
import queue
import sys
import threading
import time
from collections.abc import Callable, Mapping

from palmwise.client.http_client import CoachClient
from palmwise.errors import RefusedError, UnreachableError, VoiceError
from palmwise.speech.events import (
    Answered,
    Effect,
    Event,
    Expect,
    LineFailed,
    LineSpoken,
    PlayTone,
    Recognize,
    Recognized,
    Recognizer,
    RecognizerFailed,
    RequestFailed,
    Send,
    Show,
    SpeakLine,
    SpeechBegan,
    SpeechEnded,
    SpeechPaused,
    StopSpeaking,
    Tick,
    Typed,
)
from palmwise.speech.player import Earcon
from palmwise.speech.synthesis import Speaker
from voice.microphone import EarlyRecognition, MicrophoneListener
from voice.turn_taking import TurnTaking

log = logging.getLogger(__name__)
TICK_SECONDS = 0.1
"""Between two looks at the clock when nothing happens."""
SERVER_ERROR = 500
"""From this status on an error is the server's own, and may pass as a lost connection does."""
LOGGED: Mapping[type, str] = {
    SpeechBegan: "speech began",
    SpeechEnded: "speech ended",
    Recognized: "recognized",
    Answered: "answered",
    SpeakLine: "speaking",
    StopSpeaking: "stopping",
}
"""What `--verbose` writes with its time, so that delays can be found: never what was said."""


class VoiceLoop:
    """Runs a conversation. Speaker, microphone and keyboard call `post` from their own threads."""

    def __init__(self, turns: TurnTaking, client: CoachClient, show: Callable[[str], None]) -> None:
        """`show` writes a line for the person."""
        self._turns = turns
        self._client = client
        self._show = show
        self._events: queue.Queue[Event] = queue.Queue()
        self._clips: queue.Queue[Recognize | SpeechPaused | None] = queue.Queue()
        self._requests: queue.Queue[Send | None] = queue.Queue()
        self._ended = threading.Event()
        self._speaker: Speaker | None = None
        self._microphone: MicrophoneListener | None = None
        self._recognizer: Recognizer | None = None
        self._earcon = Earcon()

    def post(self, event: Event) -> None:
        """Take an event, from any thread."""
        self._events.put(event)

    def end(self) -> None:
        """Make `run` return; from any thread or the handler of a signal."""
        self._ended.set()
        self._events.put(Tick())

    def run(self, speaker: Speaker, recognizer: Recognizer | None, microphone: MicrophoneListener | None) -> None:
        """Run until `end`. Without a recognizer nothing that is said is understood."""
        self._speaker, self._microphone, self._recognizer = speaker, microphone, recognizer
        threading.Thread(target=self._send_requests, daemon=True, name="requests").start()
        if recognizer is not None:
            early = EarlyRecognition(recognizer)
            threading.Thread(target=self._recognize_clips, args=(early,), daemon=True, name="recognizer").start()
        self._carry_out(self._turns.begin(time.monotonic()))
        while not self._ended.is_set():
            try:
                event = self._events.get(timeout=TICK_SECONDS)
            except queue.Empty:
                event = Tick()
            _log(event)
            if isinstance(event, LineSpoken | LineFailed):
                self._set_speaking(speaking=False)
            elif isinstance(event, SpeechPaused):
                self._clips.put(event)
            self._carry_out(self._turns.handle(event, time.monotonic()))
        self._clips.put(None)
        self._requests.put(None)

    def _carry_out(self, effects: list[Effect]) -> None:
        for effect in effects:
            _log(effect)
            if isinstance(effect, SpeakLine):
                self._set_speaking(speaking=True)
                if self._speaker is not None:
                    self._speaker.say(
                        effect.number, effect.text, rate=effect.rate, volume=effect.volume, pause=effect.pause
                    )
            elif isinstance(effect, StopSpeaking):
                if self._speaker is not None:
                    self._speaker.stop()
                log.debug("stopped speaking")
                self._set_speaking(speaking=False)
            else:
                self._pass_on(effect)

    def _pass_on(self, effect: Effect) -> None:
        if isinstance(effect, Recognize):
            self._clips.put(effect)
        elif isinstance(effect, Send):
            self._requests.put(effect)
        elif isinstance(effect, Expect) and self._recognizer is not None:
            self._recognizer.expect(effect.question)
        elif isinstance(effect, PlayTone):
            self._earcon.play()
        elif isinstance(effect, Show):
            self._show(effect.text)

    def _set_speaking(self, *, speaking: bool) -> None:
        if self._microphone is not None:
            self._microphone.set_speaking(speaking=speaking)

    def _recognize_clips(self, early: EarlyRecognition) -> None:
        while (order := self._clips.get()) is not None:
            if isinstance(order, Recognize):
                self.post(_recognize(early, order))
            # If more clips wait, that pause is over.
            elif self._clips.empty() and early.is_complete(order.clip, order.pause) and self._microphone is not None:
                self._microphone.complete(order.pause)

    def _send_requests(self) -> None:
        while (order := self._requests.get()) is not None:
            self.post(answer_to(order, self._client))


def answer_to(order: Send, client: CoachClient) -> Event:
    """Send a message; return what came of it."""
    try:
        messages = client.send(order.message) if order.message else client.current_card()
    except UnreachableError:
        return RequestFailed(order.number, unreachable=True)
    except RefusedError as error:
        log.warning("the server refused: %s", error.code)
        return RequestFailed(order.number, unreachable=error.status >= SERVER_ERROR)
    return Answered(order.number, tuple(messages))


def _recognize(early: EarlyRecognition, order: Recognize) -> Event:
    try:
        transcript = early.transcribe(order.clip, order.pause)
    except VoiceError as error:
        return RecognizerFailed(str(error))
    return Recognized(transcript, order.seconds, order.over, order.interrupted, order.level)


def _log(what: object) -> None:
    if type(what) in LOGGED:
        log.debug("%.3f %s", time.monotonic(), LOGGED[type(what)])


def read_keyboard(loop: VoiceLoop, *, only_input: bool) -> None:
    """Post the lines of standard input, in a thread; the end of input ends the loop if there is no other input."""

    def read() -> None:
        reconfigure = getattr(sys.stdin, "reconfigure", None)
        if reconfigure is not None:
            # A letter in another encoding must not end the thread.
            reconfigure(errors="replace")
        for line in sys.stdin:
            if line.strip():
                loop.post(Typed(line.strip()))
        if only_input:
            loop.end()

    threading.Thread(target=read, daemon=True, name="keyboard").start()
