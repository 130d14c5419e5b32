"""Turn-taking: who speaks when, what holds the clock, what is sent to the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from palmwise.client.answers import Answer, read_answer
from palmwise.client.countdown import Countdown
from palmwise.speech.events import (
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
    Recognise,
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
from voice import words
from voice.playback import Line, Script, Timekeeper, Voicing
from voice.relevance import Misses, Recall, Situation, Verdict, halting, judge, typed_halting
from voice.server_link import AGAIN, Asked, Asking, back, lost


class Floor:
    """Held by the person from their first sound until it is known what they said. Times in seconds of one clock."""

    def __init__(self, *, gap: float, echoes: bool) -> None:
        """`gap`: seconds of silence after each line of the coach; `echoes`: it may hear itself."""
        self._gap = gap
        self._echoes = echoes
        self._patience = Patience()
        self._recall = Recall()
        self._over = ""
        self._cut = False
        self._judging = 0
        self._not_before = 0.0

    def taken(self, saying: str, now: float) -> bool:
        """Somebody began to speak while the coach was `saying` a line, or nothing; whether it falls silent for them."""
        self._over = saying or self._recall.echo(now)
        self._cut = bool(saying)
        return self._patience.began(now, speaking=self._cut)

    def left(self, speech: SpeechEnded) -> Recognise:
        """They stopped; the order to find out what they said."""
        self._patience.ended()
        self._judging += 1
        order = Recognise(speech.clip, speech.seconds, self._over, self._cut, speech.number)
        self._over, self._cut = "", False
        return order

    def judged(self, understood: Understood, state: str, now: float) -> Verdict:
        """Whether what they said is for the coach; `state` of the session."""
        self._judging = max(0, self._judging - 1)
        over = understood.over if self._echoes else ""
        situation = Situation(state, over, understood.cut, self._recall.awaiting(now))
        verdict = judge(understood.heard, understood.seconds, situation)
        self._patience.judged(now, meant=verdict is Verdict.SEND, over=understood.cut)
        return verdict

    def answered(self, answer: Answer, now: float) -> None:
        """The coach has a card to speak, which may ask for an answer."""
        self._recall.told(now, asking=bool(answer.buttons) and answer.kind not in ("step", "paused"))

    def spoken(self, line: Line, now: float) -> None:
        """The coach has spoken a line to its end."""
        self._recall.spoken(line, now)
        self._not_before = now + self._gap

    def deaf(self) -> None:
        """Nobody can be heard any more."""
        self._patience.reset()
        self._judging = 0

    def ear_failed(self) -> bool:
        """What they said will not be known; whether that was the first time."""
        self._judging = 0
        return self._patience.first_ear_failure()

    def theirs(self, now: float) -> bool:
        """Whether somebody is speaking, or has spoken and it is not known yet what."""
        return self._judging > 0 or self._patience.listening(now)

    def pausing(self, now: float) -> bool:
        """Whether the silence after the coach's last line is not over yet."""
        return now < self._not_before


GIVE_WAY = 6.0
"""Seconds for which the coach waits for somebody to finish; who goes on is not speaking to it."""
FOOLED = 2
"""Times that the coach was silenced for nothing..."""
WITHIN = 20.0
"""...within so many seconds, after which it lets nobody silence it..."""
DEAF_TO_IT = 20.0
"""...for so many seconds."""


class Patience:
    """Remembers who spoke and whether it was worth listening. Times in seconds of one clock."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._fooled: list[float] = []
        self._firm_until = 0.0
        self._ear_failures = 0

    def began(self, now: float, *, speaking: bool) -> bool:
        """Somebody began; whether the coach, if it is speaking, gives way."""
        self._since = now
        return speaking and now >= self._firm_until

    def ended(self) -> None:
        """They stopped."""
        self._since = None

    def reset(self) -> None:
        """Nobody can be heard any more."""
        self._since = None

    def listening(self, now: float) -> bool:
        """Whether somebody is being listened to."""
        return self._since is not None and now - self._since < GIVE_WAY and now >= self._firm_until

    def judged(self, now: float, *, meant: bool, over: bool) -> None:
        """What was heard was meant for the coach or not; `over`: the coach had been speaking."""
        if meant:
            self._fooled.clear()
            self._firm_until = 0.0
        elif over:
            self._fooled = [*(at for at in self._fooled if now - at < WITHIN), now]
            if len(self._fooled) >= FOOLED:
                self._firm_until = now + DEAF_TO_IT
                self._fooled.clear()

    def first_ear_failure(self) -> bool:
        """Counts one; whether it was the first."""
        self._ear_failures += 1
        return self._ear_failures == 1


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
        self._card: Answer | None = None
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
            found = read_answer(event.messages)
        except (KeyError, TypeError, ValueError):
            self._refused(asked)
            return
        if found is not None and not (self._asking.looked and self._as_before(found)):
            self._take(found, by_person=asked.by_person)
        elif found is None and asked.timer:
            self._time.refused(self._now)
            self._asking.look(self._now)
        self._reached()

    def _as_before(self, found: Answer) -> bool:
        """Whether a look shows what is on already, and no longer: then the clock here is the truer one."""
        return self._same_place(found) and self._time.as_told(found)

    def _same_place(self, found: Answer) -> bool:
        return self._card is not None and (found.token, found.state) == (self._card.token, self._card.state)

    def _take(self, new: Answer, *, by_person: bool) -> None:
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
