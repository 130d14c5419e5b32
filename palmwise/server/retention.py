"""Keeps the server's time for the next process, and deletes conversations after the retention time."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable

from palmwise.errors import StoreUnavailableError
from palmwise.server.clock import SERVER_CLOCK, SteadyClock
from palmwise.server.storage.tracker_store import LiveTrackerStore

PURGES_PER_PERIOD = 24
"""Conversations outlive the retention time by at most 2/24 of it."""
MAX_PAUSE = 60.0
"""Longest time between two purges, in seconds; the time is kept as often."""
EMPTY_SECONDS = 3600.0
"""Longest life of a conversation in which nothing was said: the silence after which any conversation begins anew."""

logger = logging.getLogger(__name__)


async def purge_regularly(
    store: LiveTrackerStore,
    hours: float,
    on_purge: Callable[[], None],
    clock: SteadyClock = SERVER_CLOCK,
) -> None:
    """Delete conversations in which nothing happened for `hours`, at once and then regularly, until cancelled.

    `on_purge` is called after each purge that deleted something, and after each of a shared database, from which
    another server may have deleted. No error ends the task: a purge that fails is logged, without anybody's words, and
    tried again after the usual pause.
    """
    seconds = hours * 3600
    pause = min(seconds / PURGES_PER_PERIOD, MAX_PAUSE)
    first = True
    while True:
        try:
            await store.keep_time(clock, first=first)
            first = False
            now = clock.now()
            if await store.purge(now - seconds, now - min(seconds, EMPTY_SECONDS), pause=pause) or store.shared:
                on_purge()
        except StoreUnavailableError:
            logger.warning("Old conversations could not be deleted: the store does not answer.")
        except Exception as error:  # noqa: BLE001 - whatever it is, the retention time must be kept
            # The text of the error may quote what was said.
            place = "".join(traceback.format_tb(error.__traceback__))
            logger.error("Old conversations could not be deleted: %s\n%s", type(error).__name__, place)  # noqa: TRY400
        await asyncio.sleep(pause)
