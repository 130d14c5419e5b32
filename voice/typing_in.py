"""Lets the person type as well."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

from voice.events import Event, Typed


def start(post: Callable[[Event], None], end: Callable[[], None], *, only: bool) -> None:
    """Posts every line from standard input; its end ends the talk where there is no other way in (`only`)."""

    def read() -> None:
        for line in sys.stdin:
            if line.strip():
                post(Typed(line.strip()))
        if only:
            end()

    threading.Thread(target=read, daemon=True, name="keyboard").start()
