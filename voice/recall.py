"""Remembers what the coach said just now: what may be heard of it again, whether it asked for something."""

from __future__ import annotations

from voice.script import Line

AWAITED = 20.0
"""Seconds for which an answer is awaited after the coach asked."""
ECHO = 1.0
"""Seconds for which a line that was spoken may still be heard as speech."""


class Recall:
    """Of the last card and the last line. Times in seconds of one clock."""

    def __init__(self) -> None:
        self._last = ""
        self._echo_until = 0.0
        self._awaited_until = 0.0

    def told(self, now: float, *, asking: bool) -> None:
        """A card came; `asking`: an answer to it is awaited."""
        self._awaited_until = now + AWAITED if asking else 0.0

    def spoken(self, line: Line, now: float) -> None:
        """A line has been spoken to its end."""
        self._last, self._echo_until = line.text, now + ECHO
        if line.kind == "card" and self.awaiting(now):
            # The answer to a long card is awaited from its last word.
            self._awaited_until = now + AWAITED

    def awaiting(self, now: float) -> bool:
        """Whether an answer is awaited."""
        return now < self._awaited_until

    def echo(self, now: float) -> str:
        """The line that may still be in the air."""
        return self._last if now < self._echo_until else ""
