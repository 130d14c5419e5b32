"""Whether somebody is speaking, and for how long the coach gives way."""

from __future__ import annotations

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
