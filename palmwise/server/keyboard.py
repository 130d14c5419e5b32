"""Reads what is typed while the screen goes on changing."""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import select
import sys
import termios
import tty
from collections.abc import Iterator

_ESCAPES = re.compile(r"\x1b(\[[0-9;]*[A-Za-z~]|O.|.)?")
_BACKSPACES = "\x7f\b"
_KILL_LINE = "\x15"
_END = "\x04"


class Line:
    """The line being typed."""

    def __init__(self) -> None:
        self.text = ""
        self.ended = False
        """Whether there will be no more."""

    def feed(self, keys: str) -> list[str]:
        """Takes keys as they come; the lines that they finish."""
        finished = []
        for key in _ESCAPES.sub("", keys):
            if key in "\r\n":
                finished.append(self.text)
                self.text = ""
            elif key in _BACKSPACES:
                self.text = self.text[:-1]
            elif key == _KILL_LINE:
                self.text = ""
            elif key == _END:
                self.ended = self.ended or not self.text
            elif key.isprintable():
                self.text += key
        return finished


class Keyboard:
    """Standard input, a terminal or not."""

    def __init__(self) -> None:
        self.line = Line()
        self.live = sys.stdin.isatty() and sys.stdout.isatty()
        """Whether a person sees what is typed, key by key."""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def lines(self, seconds: float) -> list[str]:
        """What was typed within so many seconds, sooner when there is something."""
        descriptor = sys.stdin.fileno()
        ready, _, _ = select.select([descriptor], [], [], seconds)
        if not ready:
            return []
        read = os.read(descriptor, 4096)
        if read:
            return self.line.feed(self._decoder.decode(read))
        self.line.ended = True
        return [self.line.text] if self.line.text else []

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Keys one by one and unseen meanwhile, as before afterwards; Ctrl-C stays Ctrl-C."""
        if not self.live:
            yield
            return
        before = termios.tcgetattr(sys.stdin)
        tty.setcbreak(sys.stdin, termios.TCSADRAIN)
        try:
            yield
        finally:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
