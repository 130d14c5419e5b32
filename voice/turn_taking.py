"""Turn-taking: who speaks when, what holds the countdown, what is sent to the server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from palmwise.client.answers import Answer, read_answer
from palmwise.client.countdown import Countdown
from palmwise.speech.events import (
    Answered,
    EchoCancelled,
    Effect,
    Event,
    Expect,
    LineFailed,
    LineSpoken,
    MicrophoneBack,
    MicrophoneLost,
    MicrophoneMute,
    PlayTone,
    Recognized,
    RecognizerFailed,
    RequestFailed,
    Send,
    Show,
    SpeechBegan,
    SpeechEnded,
    StopSpeaking,
    Typed,
)
from voice import words
from voice.playback import SpeechQueue, StepTimer, VoiceStyle
from voice.relevance import Listener, Misunderstandings, Verdict, halting_reply, halting_reply_to_typed
from voice.server_link import RETRY_SECONDS, QueuedRequest, RequestQueue

GREETING = "hello"
REFUSALS_TO_MENTION = 2
"""Refusals in a row after which the person is told that a step cannot be ended."""


@dataclass(frozen=True)
class TurnSettings:
    """How turns are taken."""

    gap: float = 0.0
    """Seconds of silence after each line, for people who cannot be heard while the coach speaks."""
    echoes: bool = True
    """Whether the coach may hear itself."""
    speed: float = 1.0
    """Seconds of a step per second of the clock; other than 1 only in tests."""


class TurnTaking:
    """A conversation by voice: takes events, returns effects. Not thread-safe.

    It reads no clock: the time of each event is given, in seconds of one monotonic clock.
    """

    def __init__(self, style: VoiceStyle, settings: TurnSettings | None = None) -> None:
        settings = settings or TurnSettings()
        self._style = style
        self._listener = Listener(gap=settings.gap, echoes=settings.echoes)
        self._timer = StepTimer(settings.speed)
        self._queue = SpeechQueue()
        self._requests = RequestQueue()
        self._misunderstandings = Misunderstandings()
        self._card: Answer | None = None
        self._now = 0.0
        self._effects: list[Effect] = []
        self._handlers: dict[type, Callable[[Any], None]] = {
            SpeechBegan: self._speech_began,
            SpeechEnded: self._speech_ended,
            Recognized: self._recognized,
            Typed: self._typed,
            Answered: self._answered,
            RequestFailed: self._request_failed,
            LineSpoken: self._line_spoken,
            LineFailed: self._line_failed,
            MicrophoneLost: lambda _: self._microphone_changed(words.MICROPHONE_LOST),
            MicrophoneMute: lambda _: self._microphone_changed(words.MICROPHONE_MUTE),
            MicrophoneBack: lambda _: self._microphone_changed(words.MICROPHONE_BACK),
            EchoCancelled: lambda _: self._listener.echo_cancelled(),
            RecognizerFailed: self._recognizer_failed,
        }

    def begin(self, now: float) -> list[Effect]:
        """Greet the coach, who greets back; return the effects."""
        self._now = now
        self._send({"text": GREETING})
        return self._take_effects()

    def handle(self, event: Event, now: float) -> list[Effect]:
        """Return the effects of something that happened at `now`. Events without a handler only let time pass."""
        self._now = now
        handler = self._handlers.get(type(event))
        if handler is not None:
            handler(event)
        return self._take_effects()

    @property
    def countdown(self) -> Countdown | None:
        """Of the step that is on."""
        return self._timer.countdown

    @property
    def current_line(self) -> str:
        """The line that is being spoken, empty if there is none."""
        return self._queue.current.text if self._queue.current else ""

    # What the person says

    def _speech_began(self, event: SpeechBegan) -> None:
        if self._listener.speech_began(self.current_line, self._now, event.level):
            self._stop_speaking()

    def _speech_ended(self, event: SpeechEnded) -> None:
        self._effects.append(self._listener.speech_ended(event, self._now))

    def _recognized(self, event: Recognized) -> None:
        transcript = event.transcript
        verdict = self._listener.judge(event, self._card.state if self._card else "none", self._now)
        if verdict is Verdict.SEND:
            self._misunderstandings.note_sent(known=transcript.intent is not None)
            self._effects.append(Show(f"> {transcript.text}"))
            self._send({"text": transcript.text, "heard": True}, halting_reply(transcript))
        elif verdict is Verdict.ASK_AGAIN and (sentence := self._misunderstandings.ask_again()):
            self._say_own(sentence)

    def _typed(self, event: Typed) -> None:
        self._misunderstandings.note_sent(known=True)
        self._stop_speaking()
        self._send({"text": event.text}, halting_reply_to_typed(event.text))

    def _microphone_changed(self, sentence: str) -> None:
        self._listener.microphone_changed()
        self._say_own(sentence)

    def _recognizer_failed(self, event: RecognizerFailed) -> None:
        self._effects.append(Show(event.reason))
        if self._listener.recognizer_failed():
            self._say_own(words.RECOGNIZER_FAILED)

    # What the server answers

    def _answered(self, event: Answered) -> None:
        request = self._requests.answered(event.number, self._now)
        if request is None:
            return
        try:
            answer = read_answer(event.messages)
        except (KeyError, TypeError, ValueError):
            self._refused(request)
            return
        if answer is None:
            if request.by_timer:
                self._timer.refuse_end(self._now)
                self._requests.fetch_card(self._now)
        elif not (self._requests.fetched and self._is_on_already(answer)):
            self._take_card(answer, by_person=request.by_person)
        self._reached()

    def _is_on_already(self, answer: Answer) -> bool:
        """Return whether a fetched card is of the same step and duration: then the countdown here is truer."""
        return self._is_same_place(answer) and self._timer.has_duration_of(answer)

    def _is_same_place(self, answer: Answer) -> bool:
        return self._card is not None and (answer.token, answer.state) == (self._card.token, self._card.state)

    def _take_card(self, answer: Answer, *, by_person: bool) -> None:
        same_place = self._is_same_place(answer)
        moved_elsewhere = self._requests.fetched and self._card is not None and not same_place
        if answer.asked != (self._card.asked if self._card else None):
            self._effects.append(Expect(answer.asked))
        self._card = answer
        if answer.aside and by_person:
            # The line that was cut off for it goes on; talk to somebody else gets no words.
            self._listener.aside_came(self._now)
            self._effects.append(PlayTone())
            return
        if by_person:
            self._stop_speaking()
        if answer.cues or not same_place:
            self._queue.drop()
        self._queue.drop(("cue",), keep_token=answer.token)
        self._timer.update(answer)
        self._style.update(answer)
        if self._misunderstandings.is_worth_saying(answer, by_person=by_person):
            self._queue.add(answer.say, "card", first=True)
            self._effects.append(Show(answer.say))
        if moved_elsewhere:
            self._say_own(words.MOVED_ELSEWHERE)
        self._listener.card_came(answer, self._now)

    def _request_failed(self, event: RequestFailed) -> None:
        request = self._requests.failed(event.number, self._now, unreachable=event.unreachable)
        if request is None:
            return
        if not event.unreachable:
            self._refused(request)
        elif sentence := self._requests.note_unreachable(request):
            self._say_own(sentence)

    def _refused(self, request: QueuedRequest) -> None:
        self._reached()
        if request.by_person:
            self._say_own(words.REFUSED)
        elif request.by_timer:
            self._requests.fetch_card(self._now, RETRY_SECONDS)
            if self._timer.refuse_end(self._now) == REFUSALS_TO_MENTION:
                self._say_own(words.STUCK)

    def _reached(self) -> None:
        if sentence := self._requests.note_reached():
            self._say_own(sentence)

    # What the coach says

    def _line_spoken(self, event: LineSpoken) -> None:
        line = self._queue.finish(event.number)
        if line is not None:
            self._listener.line_spoken(line, self._now)

    def _line_failed(self, event: LineFailed) -> None:
        if self._queue.finish(event.number) is not None:
            self._effects.append(Show(words.VOICE_LOST.format(reason=event.reason)))

    def _stop_speaking(self) -> None:
        if self._queue.interrupt():
            self._effects.append(StopSpeaking())

    def _say_own(self, sentence: str) -> None:
        if sentence == self._requests.halting_reply:
            # Nothing else is to be heard after "hands off".
            self._stop_speaking()
            self._queue.drop()
        self._queue.add(sentence, "own", first=True)
        self._effects.append(Show(f"({sentence})"))

    def _send(self, message: dict[str, Any], halting: str = "") -> None:
        self._requests.send(message, self._now, halting)
        if halting and self._requests.halting_reply:
            self._say_own(halting)

    def _take_effects(self) -> list[Effect]:
        self._advance_time()
        self._speak_next()
        self._advance_time()
        for request in self._requests.due(self._now):
            # With the countdown as it is now, not as it was when the message had to wait.
            message = {**request.message, **self._timer.report(self._now)} if request.message else {}
            self._effects.append(Send(request.number, message))
        effects, self._effects = self._effects, []
        return effects

    def _speak_next(self) -> None:
        if self._queue.current is not None or self._requests.person_waits:
            return
        if self._listener.is_persons_turn(self._now) or self._listener.in_gap(self._now):
            return
        if line := self._queue.start_next(self._now):
            self._effects.append(self._style.say(line))

    def _advance_time(self) -> None:
        self._timer.advance(self._now, self._queue, hold=bool(self._requests.halting_reply))
        message = self._timer.end_message(self._now)
        nobody_busy = self._queue.empty and self._requests.empty and not self._listener.is_persons_turn(self._now)
        if message and nobody_busy:
            self._send(message)
