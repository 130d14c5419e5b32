"""What the coach still has to say, at which second, how fast and how loud."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Literal

from palmwise.client.answers import Answer, StepCue
from palmwise.client.countdown import Countdown
from palmwise.speech.delivery import CALM, GUIDING_CARDS, PLAIN, SWAP_BREATH, Delivery
from palmwise.speech.events import SpeakLine
from palmwise.speech.synthesis import split_lines

Kind = Literal["card", "cue", "own"]
"""Of a card, during which the countdown is held; a cue of the running step; or the client's own words."""


@dataclass(frozen=True)
class Line:
    """A line to speak."""

    number: int
    text: str
    kind: Kind
    until: float | None = None
    """When it is no longer worth saying."""
    token: str = ""
    """Of the step whose hand it names: while that step is on, the line is always worth saying."""


@dataclass
class SpeechQueue:
    """The line that is being spoken, and those to come."""

    current: Line | None = None
    waiting: list[Line] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def add(self, text: str, kind: Kind, *, until: float | None = None, token: str = "", first: bool = False) -> None:
        """Add the lines of a text behind all others, or before them."""
        new = [Line(next(self._numbers), line, kind, until, token) for line in split_lines(text)]
        self.waiting = [*new, *self.waiting] if first else [*self.waiting, *new]

    def start_next(self, now: float) -> Line | None:
        """Make the next line that is still worth saying the current one."""
        while self.waiting:
            line = self.waiting.pop(0)
            if line.until is None or now <= line.until:
                self.current = line
                return line
        return None

    def interrupt(self) -> bool:
        """Put the current line back, to be spoken again; return whether there was one."""
        line, self.current = self.current, None
        if line is not None:
            self.waiting.insert(0, replace(line, number=next(self._numbers)))
        return line is not None

    def finish(self, number: int) -> Line | None:
        """Return the current line, which is done; None if it has another number."""
        line = self.current
        if line is None or line.number != number:
            return None
        self.current = None
        return line

    def drop(self, kinds: Iterable[Kind] = ("card", "cue", "own"), *, keep_token: str | None = None) -> None:
        """Drop the waiting lines of some kinds, but for those that name the hand of the step `keep_token`."""
        dropped = tuple(kinds)
        self.waiting = [
            line for line in self.waiting if line.kind not in dropped or (line.token and line.token == keep_token)
        ]

    @property
    def empty(self) -> bool:
        """Whether nothing is being said or waiting to be said."""
        return self.current is None and not self.waiting

    @property
    def speaks_card(self) -> bool:
        """Whether a card is being spoken, or will be."""
        lines = [*self.waiting, *([self.current] if self.current else [])]
        return any(line.kind == "card" for line in lines)


DEFAULT_LEAD_IN = 2.0
"""Seconds between the instruction of a step and its countdown, where the server names none."""
CUE_WAITS = 5.0
"""Seconds for which a cue that could not be spoken at once is still worth saying, unless it names the hand."""
LATE_CUE = 4.0
"""Seconds after which a cue that does not name the hand is left out."""
FIRST_DELAY, LONGEST_DELAY = 3.0, 96.0
"""Seconds until the end of a step is reported again after a refusal: twice as many each time, up to the second."""


class StepTimer:
    """Keeps the countdown of the step that is on. Times are in seconds of one monotonic clock."""

    def __init__(self, speed: float = 1.0) -> None:
        """`speed` is in seconds of a step per second of the clock."""
        self.countdown: Countdown | None = None
        self._speed = speed
        self._report_after = 0.0
        self._refusals = 0

    def update(self, answer: Answer) -> None:
        """Take over what the server says of the step."""
        self.countdown = Countdown.from_answer(answer, self.countdown, self._speed)
        self._report_after, self._refusals = 0.0, 0

    def has_duration_of(self, answer: Answer) -> bool:
        """Return whether the server's step lasts as long as this one. Otherwise this one would end too early."""
        here, there = self.countdown, answer.clock
        return here is None or there is None or here.duration == there.duration

    def advance(self, now: float, queue: SpeechQueue, *, hold: bool) -> None:
        """Let time pass, unless it is held or a card is being spoken; add the cue that is due to the queue."""
        clock = self.countdown
        if clock is None:
            return
        if hold or queue.speaks_card:
            self.countdown = clock.hold(now)
            return
        clock = clock.start(now, clock.lead_in or (DEFAULT_LEAD_IN if clock.elapsed == 0 else 0.0))
        due, self.countdown = clock.take_cues(now)
        cue = choose_cue(due, clock.elapsed_at(now), LATE_CUE * self._speed)
        if cue is None:
            return
        queue.drop(("cue",), keep_token="" if cue.names_hand else clock.token)
        if cue.names_hand:
            queue.add(cue.say, "cue", token=clock.token)
        else:
            queue.add(cue.say, "cue", until=now + CUE_WAITS)

    def end_message(self, now: float) -> dict[str, Any] | None:
        """Return the message that the step is over, if it is and may be reported now."""
        clock = self.countdown
        if clock is None or now < self._report_after or not clock.is_over(now):
            return None
        return {"payload": "/next_step", "by": "timer", "token": clock.token}

    def refuse_end(self, now: float) -> int:
        """Note that the server did not go on to the next step; return how often in a row."""
        self._refusals += 1
        self._report_after = now + min(LONGEST_DELAY, FIRST_DELAY * 2 ** (self._refusals - 1))
        return self._refusals

    def report(self, now: float) -> dict[str, Any]:
        """Return the `clock` of a message, if there is a countdown."""
        return {"clock": self.countdown.report(now)} if self.countdown else {}


def choose_cue(due: Sequence[StepCue], elapsed: float, late: float) -> StepCue | None:
    """Return the cue to say of those that are due: the latest that names the hand, else the latest.

    One that does not name the hand is left out when it is older than `late` seconds.
    """
    timely = [cue for cue in due if cue.names_hand or elapsed - cue.at <= late]
    return next((cue for cue in reversed(timely) if cue.names_hand), timely[-1] if timely else None)


DEFAULT_RATE = 165
"""Words a minute: calm; the 175 to 200 of eSpeak are for reading."""
VOLUMES = {-3: 0.2, -2: 0.32, -1: 0.48, 0: 0.65, 1: 0.78, 2: 0.9, 3: 1.0}
"""Volume of the session -> volume of the voice (0 to 1), about equally loud steps."""
PACE_SHARE = 0.5
"""Exponent: half of the massage's pace goes into the voice. Slow hands, calmer words."""


@dataclass
class VoiceStyle:
    """How fast and how loud the coach speaks."""

    rate: int = DEFAULT_RATE
    """Words a minute at the usual pace."""
    gap: float = 0.0
    """Seconds of silence that follow each line anyhow, which are part of its breath."""
    _pace: float = 1.0
    _volume: int = 0
    _delivery: Delivery = PLAIN
    """Of the card's lines."""

    def update(self, answer: Answer) -> None:
        """Take over pace and volume of the session, and whether its card guides or answers."""
        self._pace, self._volume = answer.pace, max(-3, min(3, answer.volume))
        self._delivery = CALM if answer.kind in GUIDING_CARDS else PLAIN

    def say(self, line: Line) -> SpeakLine:
        """Return the order to speak a line."""
        delivery = {"cue": CALM, "card": self._delivery, "own": PLAIN}[line.kind]
        rate = round(self.rate * delivery.pace / min(1.3, max(0.8, self._pace**PACE_SHARE)))
        breath = SWAP_BREATH if line.token else delivery.breath
        return SpeakLine(line.number, line.text, rate, VOLUMES[self._volume], max(0.0, breath - self.gap))
