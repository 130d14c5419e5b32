"""A database worker: jobs in a thread of their own, committed in groups, with a replacement for a thread that hangs."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from palmwise.errors import StoreUnavailableError, UnsureError

Job = Callable[[Connection], Any]
"""A function of a connection, which may run twice but is committed at most once."""
Result = TypeVar("Result")

MAX_BATCH = 64
"""Jobs in one transaction: enough for everybody who speaks during one flush to the disk."""


@dataclass(frozen=True)
class _Asked:
    """A job that somebody waits for."""

    job: Job
    done: Future[Any]
    """Gets its result or its error."""
    reads: bool
    """Whether it is one statement that only reads."""


class DatabaseWorker:
    """Runs jobs in the order in which they are asked for.

    A job is committed at most once: if the connection is lost during a commit, it is not run again. A thread to which
    the database does not answer for `patience` seconds is abandoned with its connection, and another one takes over.
    """

    def __init__(
        self,
        engine: Engine,
        prepare: Callable[[Connection], None],
        check: Callable[[], None],
        patience: float,
        on_error: Callable[[BaseException], None] = lambda _: None,
    ) -> None:
        """`prepare` runs on every new connection, `check` before every transaction; either may raise.

        A job that is not done after `patience` seconds has failed. `on_error` is called with the database's errors.
        """
        self._engine = engine
        self._prepare = prepare
        self._check = check
        self._patience = patience
        self._on_error = on_error
        self._thread: _WorkerThread | None = None

    async def run(
        self, job: Callable[[Connection], Result], patience: float | None = None, *, reads: bool = False
    ) -> Result:
        """Return what `job` returns, once it is committed; `reads` if it is one statement that only reads.

        Raises `StoreUnavailableError` if the database refuses the job or did not begin it in time, so that nothing of
        it is stored; `UnsureError` if the connection was lost during the commit, or the job was running when the time
        was over.
        """
        done: Future[Result] = Future()
        thread = self._running_thread()
        thread.put(_Asked(job, done, reads))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(done), patience or self._patience)
        except asyncio.TimeoutError as error:
            if thread.silent_seconds() >= self._patience:
                self._replace(thread)
            if done.cancelled():
                raise StoreUnavailableError("The conversations cannot be reached: others wait as well.") from error
            raise UnsureError("The conversations do not answer: what was asked may still be done.") from error
        except (sa.exc.SQLAlchemyError, sqlite3.Error, OSError) as error:
            self._on_error(error)
            raise StoreUnavailableError(f"The conversations cannot be reached: {type(error).__name__}") from error

    def close(self) -> None:
        """Finish the jobs that were asked for, if the database answers within `patience`, and end the thread."""
        if self._thread:
            self._thread.close(self._patience)
            self._thread = None

    def _running_thread(self) -> _WorkerThread:
        if self._thread is None:
            self._thread = _WorkerThread(self._engine, self._prepare, self._check)
        return self._thread

    def _replace(self, thread: _WorkerThread) -> None:
        if self._thread is not thread:
            return
        self._thread = None
        for asked in thread.abandon():
            self._running_thread().put(asked)


class _WorkerThread:
    """One thread with one connection. It runs all waiting jobs, up to `MAX_BATCH`, in one transaction."""

    def __init__(self, engine: Engine, prepare: Callable[[Connection], None], check: Callable[[], None]) -> None:
        """Start the thread; the arguments are those of `DatabaseWorker`."""
        self._engine = engine
        self._prepare = prepare
        self._check = check
        self._jobs: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._connection: Connection | None = None
        self._abandoned = False
        self._transaction_began: float | None = None
        self._thread = threading.Thread(target=self._work, name="conversations", daemon=True)
        self._thread.start()

    def put(self, asked: _Asked) -> None:
        """Queue a job."""
        self._jobs.put(asked)

    def silent_seconds(self) -> float:
        """Seconds since the running transaction began; 0 if none is running."""
        began = self._transaction_began
        return 0.0 if began is None else time.monotonic() - began

    def abandon(self) -> list[_Asked]:
        """Take the jobs that have not begun. The thread closes its connection and ends when the database answers."""
        self._abandoned = True
        jobs = []
        while not self._jobs.empty():
            try:
                entry = self._jobs.get_nowait()
            except queue.Empty:  # the thread has just woken up and taken it
                break
            if entry is not None:
                jobs.append(entry)
        self._jobs.put(None)
        return jobs

    def close(self, patience: float) -> None:
        """Finish the queued jobs and end the thread, or stop waiting for it after `patience` seconds."""
        self._jobs.put(None)
        self._thread.join(patience)

    def _work(self) -> None:
        while (first := self._jobs.get()) is not None:
            batch = [first]
            last = False
            while len(batch) < MAX_BATCH and not self._jobs.empty():
                entry = self._jobs.get()
                if entry is None:
                    last = True
                    break
                batch.append(entry)
            self._run_batch([asked for asked in batch if asked.done.set_running_or_notify_cancel()])
            self._transaction_began = None
            if last:
                break
        self._disconnect()

    def _run_batch(self, batch: list[_Asked]) -> None:
        try:
            results = self._commit(batch)
        except Exception as error:  # noqa: BLE001 - it is handed to the callers
            self._disconnect()
            # The callers of an abandoned thread have had their errors already, so nothing is retried for them.
            if len(batch) == 1 or self._abandoned or isinstance(error, UnsureError):
                for asked in batch:
                    asked.done.set_exception(error)
                return
            # One failing job must not fail the others of its transaction.
            for asked in batch:
                self._run_batch([asked])
            return
        for asked, result in zip(batch, results, strict=True):
            asked.done.set_result(result)

    def _commit(self, batch: list[_Asked]) -> list[Any]:
        self._transaction_began = time.monotonic()
        self._check()
        reused = self._connection is not None
        try:
            return self._try_commit(batch)
        except sa.exc.DBAPIError as error:
            if self._abandoned or not (reused and error.connection_invalidated):
                raise
            # The database was restarted while the connection was idle. Nothing was committed, so the jobs may run
            # again, on a new connection.
            self._disconnect()
            return self._try_commit(batch)

    def _try_commit(self, batch: list[_Asked]) -> list[Any]:
        connection = self._connection
        if connection is None:
            connection = self._connection = self._engine.connect()
            self._prepare(connection)
        if all(asked.reads for asked in batch):
            with _without_transaction(connection):
                return [asked.job(connection) for asked in batch]
        with connection.begin() as transaction:
            results = [asked.job(connection) for asked in batch]
            try:
                transaction.commit()
            except sa.exc.DBAPIError as error:
                if error.connection_invalidated:
                    raise UnsureError("The connection was lost while a turn was committed.") from error
                raise
        return results

    def _disconnect(self) -> None:
        """Close the connection; the next job opens a new one."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            try:
                connection.invalidate()
                connection.close()
            except Exception:  # noqa: BLE001 - whatever a dead connection raises, the thread must live on
                # An abandoned thread must not dispose of the engine that its replacement uses.
                if not self._abandoned:
                    self._engine.dispose()


@contextmanager
def _without_transaction(connection: Connection) -> Iterator[None]:
    """Let each statement be a transaction of its own.

    psycopg2 asks PostgreSQL in vain to begin and to end one: two of three round trips where something is only read.
    """
    if connection.dialect.driver != "psycopg2":
        with connection.begin():
            yield
        return
    driver = connection.connection.dbapi_connection
    driver.autocommit = True
    try:
        with connection.begin():
            yield
    finally:
        # It cannot be set on a connection that was lost.
        with suppress(Exception):
            driver.autocommit = False
