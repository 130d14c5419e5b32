"""What the channel needs of the content, worked out once a process."""

from __future__ import annotations

import functools

from actions.library import folder, library
from palmwise.coach.buttons import payloads

__all__ = ["allowed_payloads", "folder", "library"]


@functools.cache
def allowed_payloads() -> frozenset[str]:
    """Every payload that a button or a timer of the coach may send."""
    return payloads(library())
