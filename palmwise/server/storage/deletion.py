"""Deletes conversations for good: from the tables, the free pages and the write-ahead log, on a full disk too."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence

from sqlalchemy.engine import Connection

from palmwise.errors import StoreUnavailableError
from palmwise.server.storage import conversation_table, sql
from palmwise.server.storage.conversation_table import Limit
from palmwise.server.storage.database import DatabaseWorker, Job
from palmwise.server.storage.sqlite_file import SqliteFile

logger = logging.getLogger(__name__)

PURGE_BATCH = 50
"""Conversations deleted in one transaction; turns of others are stored in between."""
CRAMPED_BATCH = 4
"""The same on a full disk, where the log has no room for more."""
RETRY_PAUSE = 1.0
"""Seconds until the log is folded in again, while another program reads it."""
GIVEN_BACK = 1000
"""Unused pages that are given back to the disk at once: 4 MB, some milliseconds."""


class Deletion:
    """Deletes from one database; `file` is None unless that is an SQLite file."""

    def __init__(self, database: DatabaseWorker, file: SqliteFile | None) -> None:
        self._database = database
        self._file = file
        self._finishing: asyncio.Task[None] | None = None

    async def delete(self, sender: str) -> None:
        """Delete a conversation. What the log still has of it goes as soon as no other program reads the log."""
        await self._with_room(lambda connection: _delete(connection, [sender]))
        await self.fold()

    async def purge(self, before: Limit, on_gone: Callable[[Sequence[str]], None]) -> int:
        """Delete the conversations in which nothing happened since `before`; returns how many.

        `on_gone` is called with those of each transaction.
        """
        batch, count = PURGE_BATCH, 0

        def job(connection: Connection) -> list[str]:
            found = conversation_table.silent(connection, before, batch)
            _delete(connection, found)
            return found

        while True:
            try:
                gone = await self._database.run(job)
            except StoreUnavailableError:
                if not self._make_room():
                    raise
                batch = CRAMPED_BATCH
                continue
            if not gone:
                break
            on_gone(gone)
            count += len(gone)
            if batch == CRAMPED_BATCH:
                await self.fold()
        if count:
            await self._give_back()
            await self.fold()
        return count

    async def fold(self) -> None:
        """Fold the write-ahead log into the file: now, or soon if another program reads it, which nobody waits for."""
        if self._file is None or (self._finishing and not self._finishing.done()):
            return
        if not await self._database.run(self._file.fold_log):
            self._finishing = asyncio.create_task(self._fold_later(self._file))

    def close(self) -> None:
        """Stop waiting for other programs; the log is folded in when the last of them closes the file."""
        if self._finishing:
            self._finishing.cancel()

    async def _with_room(self, job: Job) -> None:
        try:
            await self._database.run(job)
        except StoreUnavailableError:
            if not self._make_room():
                raise
            await self._database.run(job)

    def _make_room(self) -> bool:
        """Give the disk's reserve up; False if that was done already, or there is none."""
        released = self._file is not None and self._file.release_reserve()
        if released:
            logger.warning("The disk of the conversations seems to be full: their reserve is used for deletions.")
        return released

    async def _give_back(self) -> None:
        file = self._file
        if file is not None:
            with contextlib.suppress(StoreUnavailableError):
                await self._database.run(lambda connection: file.give_back(connection, GIVEN_BACK))

    async def _fold_later(self, file: SqliteFile) -> None:
        warned = False
        while True:
            await asyncio.sleep(RETRY_PAUSE)
            with contextlib.suppress(StoreUnavailableError):
                if await self._database.run(file.fold_log):
                    return
            if not warned:
                logger.warning("What was deleted is still in the log of the conversations: another program reads it.")
                warned = True


def _delete(connection: Connection, senders: Sequence[str]) -> None:
    sql.delete(connection, senders)
    conversation_table.delete(connection, senders)
