"""Deletes conversations: on request, and after the retention time."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from sqlalchemy import text

from palmwise.errors import RefusedError, StoreUnavailableError
from palmwise.server.storage.tracker_store import LiveTrackerStore


async def forget(store: TrackerStore, conversation: str) -> None:
    """Deletes every event of it. Raises `RefusedError` 501 for a store that this does not know."""
    if isinstance(store, LiveTrackerStore):
        await store.delete(conversation)
    elif isinstance(store, FailSafeTrackerStore):
        await forget(store._tracker_store, conversation)  # noqa: SLF001  it has no other way to what it wraps
    elif isinstance(store, SQLTrackerStore):
        _forget_rows(store, conversation)
    elif isinstance(store, InMemoryTrackerStore):
        store.store.pop(conversation, None)
    else:
        raise RefusedError(501, "cannot_forget", "This server's store cannot forget a conversation.")


def _forget_rows(store: SQLTrackerStore, conversation: str) -> None:
    with store.session_scope() as session:
        if store.engine.dialect.name == "sqlite":
            # Else what was said stays readable in the file until its page is used again.
            session.execute(text("PRAGMA secure_delete = ON"))
        session.query(store.SQLEvent).filter(store.SQLEvent.sender_id == conversation).delete()
        session.commit()


OFTEN = 24
"""Looks in the time that a conversation is kept, so that it is gone within 1/24 of that over time."""
LONGEST_PAUSE = 3600.0
"""Seconds between two looks at most."""

logger = logging.getLogger(__name__)


async def keep_tidy(
    store: LiveTrackerStore,
    kept: float,
    gone: Callable[[], None],
    now: Callable[[], float] = time.time,
) -> None:
    """Looks again and again, at once to begin with, until it is cancelled.

    `kept` is in hours. `gone` is called each time, since something may have been deleted. A database that does not
    answer is tried again at the next look.
    """
    seconds = kept * 3600
    while True:
        try:
            await store.purge(now() - seconds)
        except StoreUnavailableError:
            logger.warning("Old conversations could not be deleted: the store does not answer.")
        else:
            # Where servers share a database, another one may have deleted them.
            gone()
        await asyncio.sleep(min(seconds / OFTEN, LONGEST_PAUSE))
