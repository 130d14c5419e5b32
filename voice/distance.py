"""Tells the person who is led from others who are farther away, such as a television, by how loud they are."""

from __future__ import annotations

from collections import deque
from statistics import median_low

FAR = 0.4
"""Share of the person's usual level (8 dB less) below which a voice is farther away: people vary by 6 dB themselves."""
COMMANDS = 5
"""The person's last ones, of which the level is taken."""
EVIDENCE, EVIDENCE_SECONDS = 2, 60.0
"""Times that somebody farther away must have talked lately: otherwise a low voice is the person's own."""


class Distance:
    """How loud the person is, and whether others talk farther away. Times are in seconds of one monotonic clock."""

    def __init__(self) -> None:
        self._person: deque[float] = deque(maxlen=COMMANDS)
        self._others: deque[float] = deque(maxlen=EVIDENCE)

    def note_command(self, level: float) -> None:
        """Note how loud a known command was that was obeyed."""
        if level:
            self._person.append(level)

    def note_others(self, now: float) -> None:
        """Note that somebody farther away was heard together with somebody near."""
        self._others.extend([now] * EVIDENCE)

    def note_talk(self, level: float, now: float) -> None:
        """Note how loud something was that is no command."""
        if self._is_low(level):
            self._others.append(now)

    def is_far(self, level: float, now: float) -> bool:
        """Return whether a voice of this level is one of those who talk farther away; never where it is not known."""
        recent = [at for at in self._others if now - at < EVIDENCE_SECONDS]
        return len(recent) == EVIDENCE and self._is_low(level)

    def _is_low(self, level: float) -> bool:
        return bool(self._person) and 0 < level < FAR * median_low(self._person)
