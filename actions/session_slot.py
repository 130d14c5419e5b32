"""The slot that keeps the session of a conversation."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from palmwise.coach.content import Content
from palmwise.coach.plan import Steps
from palmwise.coach.session import Session

SLOT = "coach_session"

logger = logging.getLogger(__name__)


def recall(stored: Any, content: Content) -> Session:
    """The session in the slot's value; a new one if there is none, or if it cannot be read.

    An unreadable one was stored by another version of the coach, or is of a routine that `content` no longer has: a
    fresh start is better than a conversation that never answers again.
    """
    session = None if stored is None else _read(stored, content)
    if session is None and stored is not None:
        logger.warning("A stored session could not be read; it starts anew.")
    return session or Session.new(secrets.token_hex(8))


def _read(stored: Any, content: Content) -> Session | None:
    try:
        session = Session.from_json(stored)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    places = [(session.routine, session.steps), (session.switch_to, ())]
    if session.kept is not None:
        places.append((session.kept.routine, session.kept.steps))
    return session if all(_is_known(routine, steps, content) for routine, steps in places) else None


def _is_known(routine: str | None, steps: Steps, content: Content) -> bool:
    """Whether the content has the routine, and the steps of a plan of it."""
    if routine is None:
        return True
    if routine not in content.routines:
        return False
    written = content.routines[routine].steps
    return all(step.source < len(written) and step.technique in content.techniques for step in steps)
