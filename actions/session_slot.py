"""The slot that keeps the session of a conversation."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from palmwise.coach.content import Content
from palmwise.coach.plan import Steps
from palmwise.coach.session import Session
from palmwise.errors import SessionUnreadableError

SLOT = "coach_session"

logger = logging.getLogger(__name__)


def recall(stored: Any, content: Content) -> Session:
    """The session in the slot's value; a new one where there is none, or where it cannot be read.

    An unreadable one was stored by another version of the coach, or speaks of a routine that `content` no longer has:
    a fresh start beats a conversation that never answers again.
    """
    if stored is None:
        return _new()
    try:
        return _read(stored, content)
    except SessionUnreadableError:
        logger.warning("A stored session could not be read; it starts anew.")
        return _new()


def _new() -> Session:
    return Session.new(secrets.token_hex(8))


def _read(stored: Any, content: Content) -> Session:
    try:
        session = Session.from_json(stored)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SessionUnreadableError from error
    places = [(session.routine, session.steps), (session.switch_to, ())]
    if session.kept is not None:
        places.append((session.kept.routine, session.kept.steps))
    if not all(_is_known(routine, steps, content) for routine, steps in places):
        raise SessionUnreadableError
    return session


def _is_known(routine: str | None, steps: Steps, content: Content) -> bool:
    if routine is None:
        return True
    if routine not in content.routines:
        return False
    written = content.routines[routine].steps
    return all(step.source < len(written) and step.technique in content.techniques for step in steps)
