"""The database of conversations, written and read by one thread that commits together what arrives together."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from palmwise.server.runtime.errors import StoreUnavailableError, UnsureError
from palmwise.server.runtime.writer import Writer

Result = TypeVar("Result")


class Ledger:
    """Runs jobs on a connection of its own; a job is a function of that connection which may be run twice.

    It is committed once at most: where the database was lost on the word, nobody but the one who asked may ask again.
    A thread that hears nothing from the database for too long is left behind, with its connection; another begins anew.
    """

    def __init__(
        self,
        engine: Engine,
        prepare: Callable[[Connection], None],
        check: Callable[[], None],
        patience: float,
    ) -> None:
        """`prepare` runs on every new connection, `check` before every transaction; either may raise.

        A job not done after `patience` seconds counts as failed.
        """
        self._engine = engine
        self._prepare = prepare
        self._check = check
        self._patience = patience
        self._writer: Writer | None = None

    async def run(self, job: Callable[[Connection], Result], patience: float | None = None) -> Result:
        """What `job` returns, once it is committed.

        Raises `StoreUnavailableError` when the database refuses it or it was not begun in time, so that nothing of it
        is kept; `UnsureError` when the database was lost while it committed, or was at it when the time was over.
        """
        done: Future[Result] = Future()
        writer = self._at_work()
        writer.put(job, done)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(done), patience or self._patience)
        except asyncio.TimeoutError as error:
            if writer.silent_for() >= self._patience:
                self._leave_behind(writer)
            if done.cancelled():
                raise StoreUnavailableError("The conversations cannot be reached: others wait as well.") from error
            raise UnsureError("The conversations do not answer: what was asked may still be done.") from error
        except (sa.exc.SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise StoreUnavailableError(f"The conversations cannot be reached: {type(error).__name__}") from error

    def close(self) -> None:
        """Finishes what was asked for, if the database answers within the patience, and ends the thread."""
        if self._writer:
            self._writer.close(self._patience)
            self._writer = None

    def _at_work(self) -> Writer:
        if self._writer is None:
            self._writer = Writer(self._engine, self._prepare, self._check)
        return self._writer

    def _leave_behind(self, writer: Writer) -> None:
        if self._writer is not writer:
            return
        self._writer = None
        for job, done in writer.abandon():
            self._at_work().put(job, done)
