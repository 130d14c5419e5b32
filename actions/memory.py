"""Where a conversation's session is kept: one slot."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from actions.errors import SessionUnreadableError
from coach.session import Session

SLOT = "coach_session"

logger = logging.getLogger(__name__)


def recall(stored: Any) -> Session:
    """The session in the slot's value; a new one where there is none, or where it cannot be read.

    An unreadable one was stored by another version of the coach: a fresh start beats a conversation that never
    answers again.
    """
    if stored is None:
        return _new()
    try:
        return _read(stored)
    except SessionUnreadableError:
        logger.warning("A stored session could not be read; it starts anew.")
        return _new()


def _new() -> Session:
    return Session.new(secrets.token_hex(8))


def _read(stored: Any) -> Session:
    try:
        return Session.from_json(stored)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SessionUnreadableError from error
