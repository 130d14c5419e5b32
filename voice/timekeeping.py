"""Keeps the time of the step: what holds its clock, which cues it brings, when it is over."""

from __future__ import annotations

from typing import Any

from voice.cards import Card
from voice.countdown import Countdown
from voice.script import Script

LEAD_IN = 2.0
"""Seconds between the instruction of a step and its clock, where the server names none."""
CUE_WAITS = 5.0
"""Seconds for which a cue that could not be spoken at once is still worth saying, unless it tells the hand."""
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

    def told(self, card: Card) -> None:
        """What the server says of it."""
        self._countdown = Countdown.told(card, self._countdown, self._speed)
        self._not_before, self._refusals = 0.0, 0

    def as_told(self, card: Card) -> bool:
        """Whether the server's step lasts as long as this one: else it would be ended, in vain, over and over."""
        here, there = self._countdown, card.clock
        return here is None or there is None or here.duration == there.duration

    def keep(self, now: float, script: Script, *, hold: bool) -> None:
        """Lets time pass, unless it is held or a card is being spoken; adds the cue that is due to the script."""
        clock = self._countdown
        if clock is None:
            return
        if hold or script.holding:
            self._countdown = clock.held(now)
            return
        clock = clock.going(now, clock.lead_in or (LEAD_IN if clock.elapsed == 0 else 0.0))
        cue, self._countdown = clock.due(now)
        if cue is None:
            return
        script.drop(("cue",), spare="" if cue.swap else clock.token)
        if cue.swap:
            script.add(cue.say, "cue", token=clock.token)
        else:
            script.add(cue.say, "cue", until=now + CUE_WAITS)

    def over(self, now: float) -> dict[str, Any] | None:
        """The message that the step's time is up, if it is and may be said."""
        clock = self._countdown
        if clock is None or now < self._not_before or not clock.over(now):
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
