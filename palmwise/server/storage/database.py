"""Database worker threads: queued statements, committed in groups."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from palmwise.errors import StoreUnavailableError, UnsureError

Job = Callable[[Connection], Any]

BATCH = 64
"""Jobs in one transaction: enough for everybody who speaks within one disk flush."""


class Writer:
    """Takes jobs in their order, as many in one transaction as are there."""

    def __init__(self, engine: Engine, prepare: Callable[[Connection], None], check: Callable[[], None]) -> None:
        """As for `Ledger`; the thread begins at once."""
        self._engine = engine
        self._prepare = prepare
        self._check = check
        self._jobs: queue.SimpleQueue[tuple[Job, Future[Any]] | None] = queue.SimpleQueue()
        self._connection: Connection | None = None
        self._abandoned = False
        self._since: float | None = None
        self._thread = threading.Thread(target=self._work, name="conversations", daemon=True)
        self._thread.start()

    def put(self, job: Job, done: Future[Any]) -> None:
        """Asks for `job`; `done` gets what it returns, or the error."""
        self._jobs.put((job, done))

    def silent_for(self) -> float:
        """Seconds since the transaction that is at work began; 0 when none is."""
        since = self._since
        return 0.0 if since is None else time.monotonic() - since

    def abandon(self) -> list[tuple[Job, Future[Any]]]:
        """What it has not begun. It drops its connection and ends when it hears something again."""
        self._abandoned = True
        left = []
        while not self._jobs.empty():
            try:
                entry = self._jobs.get_nowait()
            except queue.Empty:  # it has woken up this moment
                break
            if entry is not None:
                left.append(entry)
        self._jobs.put(None)
        return left

    def close(self, patience: float) -> None:
        """Finishes what was asked for and ends the thread, or leaves it after `patience` seconds."""
        self._jobs.put(None)
        self._thread.join(patience)

    def _work(self) -> None:
        while (first := self._jobs.get()) is not None:
            batch = [first]
            last = False
            while len(batch) < BATCH and not self._jobs.empty():
                entry = self._jobs.get()
                if entry is None:
                    last = True
                    break
                batch.append(entry)
            self._settle([(job, done) for job, done in batch if done.set_running_or_notify_cancel()])
            self._since = None
            if last:
                break
        self._drop()

    def _settle(self, batch: list[tuple[Job, Future[Any]]]) -> None:
        try:
            results = self._transact([job for job, _ in batch])
        except Exception as error:  # noqa: BLE001 - it is handed to whoever asked
            self._drop()
            # Who was left behind does not begin again: those who asked have been told.
            if len(batch) == 1 or self._abandoned or isinstance(error, UnsureError):
                for _, done in batch:
                    done.set_exception(error)
                return
            # One poor job must not take its neighbours' words with it.
            for entry in batch:
                self._settle([entry])
            return
        for (_, done), result in zip(batch, results, strict=True):
            done.set_result(result)

    def _transact(self, jobs: list[Job]) -> list[Any]:
        self._since = time.monotonic()
        self._check()
        kept = self._connection is not None
        try:
            return self._attempt(jobs)
        except sa.exc.DBAPIError as error:
            if self._abandoned or not (kept and error.connection_invalidated):
                raise
            # The database was restarted while nobody spoke: no reason to send the first one away who does. What is not
            # committed is not there, so the jobs may run again.
            self._drop()
            return self._attempt(jobs)

    def _attempt(self, jobs: list[Job]) -> list[Any]:
        connection = self._connection
        if connection is None:
            connection = self._connection = self._engine.connect()
            self._prepare(connection)
        with connection.begin() as transaction:
            results = [job(connection) for job in jobs]
            try:
                transaction.commit()
            except sa.exc.DBAPIError as error:
                if error.connection_invalidated:
                    raise UnsureError("The connection was lost while a turn was committed.") from error
                raise
        return results

    def _drop(self) -> None:
        """Forgets the connection, so that the next job begins with a new one."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            try:
                connection.invalidate()
                connection.close()
            except Exception:  # noqa: BLE001 - whatever a dead connection raises, the thread lives on
                # Not the whole engine of a thread that has taken over.
                if not self._abandoned:
                    self._engine.dispose()


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
