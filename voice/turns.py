"""Turn-taking: who speaks when, what holds the clock, what is sent to the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from voice import words
from voice.asking import AGAIN, Asked, Asking
from voice.cards import Card, card
from voice.countdown import Countdown
from voice.events import (
    Answered,
    Ask,
    EarFailed,
    Effect,
    Event,
    Failed,
    Hush,
    MicrophoneBack,
    MicrophoneLost,
    MicrophoneMute,
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
from voice.floor import Floor
from voice.judging import Verdict, halting, typed_halting
from voice.misses import Misses
from voice.reaching import back, lost
from voice.script import Script
from voice.timekeeping import Timekeeper
from voice.voicing import Voicing


@dataclass(frozen=True)
class Manner:
    """How turns are taken."""

    gap: float = 0.0
    """Seconds of silence between two lines, in which somebody can be heard who cannot be heard before."""
    echoes: bool = True
    """The coach may hear itself."""
    speed: float = 1.0
    """Seconds of a step in one of the clock's; other than 1 in tests only."""


class Turns:
    """The state of the talk. Not thread-safe; all times are given, in seconds of one clock."""

    def __init__(self, voicing: Voicing, manner: Manner | None = None) -> None:
        """`voicing` is how loud and fast to speak."""
        self._voicing = voicing
        manner = manner or Manner()
        self._floor = Floor(gap=manner.gap, echoes=manner.echoes)
        self._time = Timekeeper(manner.speed)
        self._script = Script()
        self._asking = Asking()
        self._misses = Misses()
        self._card: Card | None = None
        self._now = 0.0
        self._effects: list[Effect] = []

    def begin(self, now: float) -> list[Effect]:
        """Greets the coach, who greets back."""
        self._now = now
        self._send({"text": "hello"})
        return self._done()

    def handle(self, event: Event, now: float) -> list[Effect]:
        """What is to be done about something that happened at `now`."""
        self._now = now
        handlers: dict[type, Callable[[Any], None]] = {
            SpeechBegan: lambda _: self._speech_began(),
            SpeechEnded: self._speech_ended,
            Understood: self._understood,
            Typed: self._typed,
            Answered: self._answered,
            Failed: self._failed,
            Spoken: self._spoken,
            Unspoken: self._unspoken,
            MicrophoneLost: lambda _: self._microphone(words.MICROPHONE_LOST),
            MicrophoneMute: lambda _: self._microphone(words.MICROPHONE_MUTE),
            MicrophoneBack: lambda _: self._microphone(words.MICROPHONE_BACK),
            EarFailed: self._ear_failed,
            Tick: lambda _: None,
            SpeechPaused: lambda _: None,
        }
        handlers[type(event)](event)
        return self._done()

    @property
    def countdown(self) -> Countdown | None:
        """Of the step being done."""
        return self._time.countdown

    @property
    def saying(self) -> str:
        """The line being spoken."""
        return self._script.current.text if self._script.current else ""

    def _speech_began(self) -> None:
        if self._floor.taken(self.saying, self._now):
            self._fall_silent()

    def _fall_silent(self) -> None:
        if self._script.cut() is not None:
            self._effects.append(Hush())

    def _speech_ended(self, event: SpeechEnded) -> None:
        self._effects.append(self._floor.left(event))

    def _understood(self, event: Understood) -> None:
        verdict = self._floor.judged(event, self._card.state if self._card else "none", self._now)
        if verdict is Verdict.SEND:
            self._misses.sent(known=event.heard.intent is not None)
            self._effects.append(Show(f"> {event.heard.text}"))
            self._send({"text": event.heard.text}, halting(event.heard))
        elif verdict is Verdict.MUMBLE and (sentence := self._misses.mumbled()):
            self._own(sentence)

    def _typed(self, event: Typed) -> None:
        self._misses.sent(known=True)
        self._fall_silent()
        self._send({"text": event.text}, typed_halting(event.text))

    def _answered(self, event: Answered) -> None:
        asked = self._asking.answered(event.number, self._now)
        if asked is None:
            return
        try:
            found = card(event.messages)
        except (KeyError, TypeError, ValueError):
            self._refused(asked)
            return
        if found is not None and not (self._asking.looked and self._as_before(found)):
            self._take(found, by_person=asked.by_person)
        elif found is None and asked.timer:
            self._time.refused(self._now)
            self._asking.look(self._now)
        self._reached()

    def _as_before(self, found: Card) -> bool:
        """Whether a look shows what is on already, and no longer: then the clock here is the truer one."""
        return self._same_place(found) and self._time.as_told(found)

    def _same_place(self, found: Card) -> bool:
        return self._card is not None and (found.token, found.state) == (self._card.token, self._card.state)

    def _take(self, new: Card, *, by_person: bool) -> None:
        elsewhere = self._asking.looked and self._card is not None and not self._same_place(new)
        moved = bool(new.cues) or not self._same_place(new)
        self._card = new
        if by_person:
            self._fall_silent()
        if moved:
            self._script.drop()
        self._script.drop(("cue",), spare=new.token)
        self._time.told(new)
        self._voicing.follow(new)
        if self._misses.worth_saying(new, by_person=by_person):
            self._script.add(new.say, "card", first=True)
            self._effects.append(Show(new.say))
        if elsewhere:
            self._own(words.ELSEWHERE)
        self._floor.answered(new, self._now)

    def _failed(self, event: Failed) -> None:
        asked = self._asking.failed(event.number, self._now, gone=event.gone)
        if asked is None:
            return
        if not event.gone:
            self._refused(asked)
        elif sentence := lost(self._asking, asked):
            self._own(sentence)

    def _refused(self, asked: Asked) -> None:
        self._reached()
        if asked.by_person:
            self._own(words.REFUSED)
        elif asked.timer:
            self._asking.look(self._now, AGAIN)
            if self._time.refused(self._now) == 2:
                self._own(words.STUCK)

    def _reached(self) -> None:
        if sentence := back(self._asking):
            self._own(sentence)

    def _spoken(self, event: Spoken) -> None:
        line = self._script.current
        if self._script.spoken(event.number) and line is not None:
            self._floor.spoken(line, self._now)

    def _unspoken(self, event: Unspoken) -> None:
        if self._script.spoken(event.number):
            self._effects.append(Show(words.VOICE_LOST.format(reason=event.reason)))

    def _microphone(self, sentence: str) -> None:
        self._floor.deaf()
        self._own(sentence)

    def _ear_failed(self, event: EarFailed) -> None:
        self._effects.append(Show(event.reason))
        if self._floor.ear_failed():
            self._own(words.EAR_FAILED)

    def _own(self, sentence: str) -> None:
        if sentence and sentence == self._asking.halting:
            # Hands off: then nothing else is to be heard.
            self._fall_silent()
            self._script.drop()
        self._script.add(sentence, "own", first=True)
        self._effects.append(Show(f"({sentence})"))

    def _done(self) -> list[Effect]:
        self._keep_time()
        self._speak()
        self._keep_time()
        self._effects += [Ask(asked.number, self._timed(asked.message)) for asked in self._asking.due(self._now)]
        effects, self._effects = self._effects, []
        return effects

    def _speak(self) -> None:
        waiting = self._asking.person_waits or self._floor.theirs(self._now) or self._floor.pausing(self._now)
        if self._script.current is not None or waiting:
            return
        line = self._script.take(self._now)
        if line is not None:
            self._effects.append(self._voicing.say(line))

    def _keep_time(self) -> None:
        self._time.keep(self._now, self._script, hold=bool(self._asking.halting))
        over = self._time.over(self._now)
        if over and self._free():
            self._send(over)

    def _free(self) -> bool:
        """Whether nobody is speaking, nor waiting."""
        return self._script.silent and self._asking.idle and not self._floor.theirs(self._now)

    def _send(self, message: dict[str, object], halts: str = "") -> None:
        self._asking.ask(message, self._now, halts)
        if self._asking.halting and halts:
            self._own(halts)

    def _timed(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """With the clock as it is now, not as it was when the words had to wait. A look has none."""
        return {**message, **self._time.report(self._now)} if message else {}
