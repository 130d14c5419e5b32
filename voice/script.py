"""What the coach has still to say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Literal

from voice.sentences import lines

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
