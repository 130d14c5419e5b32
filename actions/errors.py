"""The errors of the actions, one sentence each."""

from __future__ import annotations


class ActionsError(Exception):
    """Anything that goes wrong in the actions."""


class SessionUnreadableError(ActionsError):
    """Raised when a stored session cannot be read back."""
