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
        self._talk: deque[tuple[float, float]] = deque(maxlen=2 * EVIDENCE)
        """Level and time of what was no command."""

    def note_command(self, level: float) -> None:
        """Note how loud a known command was that was obeyed."""
        if level:
            self._person.append(level)

    def note_talk(self, level: float, now: float) -> None:
        """Note how loud something was that is no command."""
        self._talk.append((level, now))

    def note_others(self, level: float, now: float) -> None:
        """Note how loud somebody was who was heard together with somebody nearer: that is evidence enough."""
        self._talk.extend([(level, now)] * EVIDENCE)

    def is_far(self, level: float, now: float) -> bool:
        """Return whether a voice of this level is one of those who talk farther away; never where it is not known."""
        recent = [talk for talk, at in self._talk if now - at < EVIDENCE_SECONDS and self._is_low(talk)]
        return len(recent) >= EVIDENCE and self._is_low(level)

    def _is_low(self, level: float) -> bool:
        return bool(self._person) and 0 < level < FAR * median_low(self._person)
