"""Knows how old the sound is that comes from the microphone."""

from __future__ import annotations

from collections import deque

REMEMBERED = 30
"""Seconds over which the soonest is what is usual: a sound card's clock drifts away from the machine's."""


class Lateness:
    """A busy machine reads late what was heard long before. Times in seconds of one clock."""

    def __init__(self, now: float, piece: float) -> None:
        """`piece`: the seconds of sound that come at once."""
        self._piece = piece
        self._last = now
        self._due = now
        self._behind = 0.0
        self._soonest: deque[tuple[float, float]] = deque()

    def came(self, now: float) -> None:
        """Another piece."""
        self._last = now
        self._due += self._piece
        self._behind = now - self._due
        while self._soonest and (self._soonest[-1][1] >= self._behind):
            self._soonest.pop()
        self._soonest.append((now, self._behind))
        while self._soonest[0][0] < now - REMEMBERED:
            self._soonest.popleft()

    def seconds(self, now: float) -> float:
        """By how much the sound lags behind what is usual."""
        if not self._soonest:
            return 0.0
        return max(0.0, self._behind - self._soonest[0][1] + now - self._last - self._piece)
