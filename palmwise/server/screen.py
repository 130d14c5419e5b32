"""Shows a conversation in a terminal: what was said above, one line below that is drawn again and again."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterable
from typing import Any, TextIO

WIDEST = 88
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_CLEAR = "\r\x1b[K"


class Screen:
    """A terminal, or a file where nothing can be drawn again."""

    def __init__(self, out: TextIO, *, live: bool) -> None:
        """`live`: whether the last line can be drawn again."""
        self._out = out
        self._live = live
        self._drawn = ""

    def messages(self, messages: Iterable[dict[str, Any]]) -> list[str]:
        """Shows the coach's texts and its buttons, numbered; the payloads in their order."""
        payloads: list[str] = []
        for message in messages:
            if message.get("text"):
                self.tell(message["text"])
            for button in message.get("buttons", ()):
                payloads.append(button["payload"])
                self.tell(f"[{len(payloads)}] {button['title']}", indent="    ")
        return payloads

    def tell(self, text: str, indent: str = "  ") -> None:
        """One paragraph, above the line."""
        width = min(WIDEST, shutil.get_terminal_size().columns)
        bold = "\x1b[1m\\1\x1b[0m" if self._live else r"\1"
        self._clear()
        for paragraph in text.split("\n"):
            wrapped = textwrap.wrap(paragraph, width, initial_indent=indent, subsequent_indent=indent)
            self._out.write(_BOLD.sub(bold, "\n".join(wrapped)) + "\n")
        self._out.flush()

    def said(self, text: str) -> None:
        """What the person said, which on a live screen was seen in the line until now."""
        self._clear()
        self._out.write(f"\n> {text}\n")
        self._out.flush()

    def line(self, clock: str, typed: str) -> None:
        """The line below: the countdown, then what is being typed."""
        text = f"{clock}> {typed}"
        if not self._live or text == self._drawn:
            return
        room = shutil.get_terminal_size().columns - 1
        self._out.write(_CLEAR + text[-room:])
        self._out.flush()
        self._drawn = text

    def close(self) -> None:
        """Leaves the cursor at the start of a line."""
        self._clear()
        self._out.flush()

    def _clear(self) -> None:
        if self._live:
            self._out.write(_CLEAR)
            self._drawn = ""
