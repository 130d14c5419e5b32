"""Deletes for good what lay still for longer than it may be kept."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from palmwise.server.runtime.errors import StoreUnavailableError
from palmwise.server.runtime.tracker_store import LiveTrackerStore

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
