"""What the coach still has to say, and the cues of the current step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Literal

from palmwise.client.answers import Answer, StepCue
from palmwise.client.countdown import Countdown
from palmwise.speech.events import Say
from palmwise.speech.sentences import lines

Kind = Literal["card", "cue", "own"]


@dataclass(frozen=True)
class Line:
    """A line of it."""

    number: int
    text: str
    kind: Kind
    """Of a card, which holds the step's clock; a cue of the running step; or the client's own words."""
    until: float | None = None
    """When it is no longer worth saying."""
    token: str = ""
    """Of the step whose hand it tells: while that is on, it is always worth saying."""


@dataclass
class Script:
    """The lines to come, the one being spoken."""

    current: Line | None = None
    """With the voice now."""
    coming: list[Line] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def add(self, text: str, kind: Kind, *, until: float | None = None, token: str = "", first: bool = False) -> None:
        """Sentences to be spoken last, or before all others."""
        new = [Line(next(self._numbers), line, kind, until, token) for line in lines(text)]
        self.coming = [*new, *self.coming] if first else [*self.coming, *new]

    def take(self, now: float) -> Line | None:
        """The next line that is still worth saying, which becomes the current one."""
        while self.coming:
            line = self.coming.pop(0)
            if line.until is None or now <= line.until:
                self.current = line
                return line
        return None

    def cut(self) -> Line | None:
        """The current line was broken off: it will be the next, anew."""
        line = self.current
        if line is not None:
            self.coming.insert(0, replace(line, number=next(self._numbers)))
        self.current = None
        return line

    def spoken(self, number: int) -> bool:
        """The voice is done with a line; False when that was not the current one."""
        if self.current is None or self.current.number != number:
            return False
        self.current = None
        return True

    def drop(self, kinds: Iterable[Kind] = ("card", "cue", "own"), *, spare: str | None = None) -> None:
        """Those to come are not worth saying any more, except those that tell the hand of the step `spare`."""
        gone = tuple(kinds)
        self.coming = [line for line in self.coming if line.kind not in gone or (line.token and line.token == spare)]

    @property
    def silent(self) -> bool:
        """Whether nothing is being said nor to be said."""
        return self.current is None and not self.coming

    @property
    def holding(self) -> bool:
        """Whether a card is being spoken, for which the step's clock stands still."""
        every = [*self.coming, *([self.current] if self.current else [])]
        return any(line.kind == "card" for line in every)


LEAD_IN = 2.0
"""Seconds between the instruction of a step and its clock, where the server names none."""
CUE_WAITS = 5.0
"""Seconds for which a cue that could not be spoken at once is still worth saying, unless it tells the hand."""
LATE = 4.0
"""Seconds after which a cue that tells no hand is old news."""
PUT_OFF, LONGEST = 3.0, 96.0
"""Seconds until the server is told again that the time is up, twice as many each time, at most so many."""


class Timekeeper:
    """The clock of the step that is on, if any. Times in seconds of one clock."""

    def __init__(self, speed: float) -> None:
        """`speed`: seconds of a step in one of the clock's."""
        self._speed = speed
        self._countdown: Countdown | None = None
        self._not_before = 0.0
        self._refusals = 0

    @property
    def countdown(self) -> Countdown | None:
        """Of the step being done."""
        return self._countdown

    def told(self, answer: Answer) -> None:
        """What the server says of it."""
        self._countdown = Countdown.from_answer(answer, self._countdown, self._speed)
        self._not_before, self._refusals = 0.0, 0

    def as_told(self, answer: Answer) -> bool:
        """Whether the server's step lasts as long as this one: else it would be ended, in vain, over and over."""
        here, there = self._countdown, answer.clock
        return here is None or there is None or here.duration == there.duration

    def keep(self, now: float, script: Script, *, hold: bool) -> None:
        """Lets time pass, unless it is held or a card is being spoken; adds the cue that is due to the script."""
        clock = self._countdown
        if clock is None:
            return
        if hold or script.holding:
            self._countdown = clock.hold(now)
            return
        clock = clock.start(now, clock.lead_in or (LEAD_IN if clock.elapsed == 0 else 0.0))
        due, self._countdown = clock.take_cues(now)
        cue = choose_cue(due, clock.elapsed_at(now), LATE * self._speed)
        if cue is None:
            return
        script.drop(("cue",), spare="" if cue.names_hand else clock.token)
        if cue.names_hand:
            script.add(cue.say, "cue", token=clock.token)
        else:
            script.add(cue.say, "cue", until=now + CUE_WAITS)

    def over(self, now: float) -> dict[str, Any] | None:
        """The message that the step's time is up, if it is and may be said."""
        clock = self._countdown
        if clock is None or now < self._not_before or not clock.is_over(now):
            return None
        return {"payload": "/next_step", "by": "timer", "token": clock.token}

    def refused(self, now: float) -> int:
        """The server does not go on though the time is up; how often in a row."""
        self._refusals += 1
        self._not_before = now + min(LONGEST, PUT_OFF * 2 ** (self._refusals - 1))
        return self._refusals

    def report(self, now: float) -> dict[str, Any]:
        """What a message tells the server of the clock, if there is one."""
        return {"clock": self._countdown.report(now)} if self._countdown else {}


def choose_cue(due: Sequence[StepCue], elapsed: float, late: float) -> StepCue | None:
    """Return the cue to say of those that are due: the latest that names the hand, else the latest.

    One that does not name the hand is left out when it is older than `late` seconds.
    """
    timely = [cue for cue in due if cue.names_hand or elapsed - cue.at <= late]
    return next((cue for cue in reversed(timely) if cue.names_hand), timely[-1] if timely else None)


RATE = 165
"""Words a minute: calm; eSpeak's own 175 to 200 is for reading."""
VOLUMES = {-3: 0.2, -2: 0.32, -1: 0.48, 0: 0.65, 1: 0.78, 2: 0.9, 3: 1.0}
"""By the session's volume, each step about as much louder as the last."""


@dataclass
class Voicing:
    """The voice of this conversation."""

    rate: int = RATE
    """Words a minute at the usual pace."""
    _pace: float = 1.0
    _volume: int = 0

    def follow(self, answer: Answer) -> None:
        """Takes over what the session wishes."""
        self._pace, self._volume = answer.pace, max(-3, min(3, answer.volume))

    def say(self, line: Line) -> Say:
        """The order to speak a line. Half of the massage's pace goes into the voice: slow hands, calmer words."""
        rate = round(self.rate / min(1.3, max(0.8, self._pace**0.5)))
        return Say(line.number, line.text, rate, VOLUMES[self._volume])
