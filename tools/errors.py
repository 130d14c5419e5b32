"""What can go wrong in setting up, each told in a sentence that helps."""

from __future__ import annotations


class SetupError(Exception):
    """The set-up cannot go on; the message says why, then what to do about it."""
