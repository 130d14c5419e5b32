"""The database of conversations, written and read by one thread that commits together what arrives together."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from engine.errors import StoreUnavailableError, UnsureError

Result = TypeVar("Result")
Job = Callable[[Connection], Any]

BATCH = 64
"""Jobs in one transaction: enough for everybody who speaks within one disk flush."""


class Ledger:
    """Runs jobs on a connection of its own; a job is a function of that connection which may be run twice.

    It is committed once at most: where the database was lost on the word, nobody but the one who asked may ask again.
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
        self._jobs: queue.SimpleQueue[tuple[Job, Future[Any]] | None] = queue.SimpleQueue()
        self._connection: Connection | None = None
        self._thread: threading.Thread | None = None

    async def run(self, job: Callable[[Connection], Result], patience: float | None = None) -> Result:
        """What `job` returns, once it is committed.

        Raises `StoreUnavailableError` when the database refuses or does not answer in time, `UnsureError` when it was
        lost while it committed.
        """
        done: Future[Result] = Future()
        self._start()
        self._jobs.put((job, done))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(done), patience or self._patience)
        except (sa.exc.SQLAlchemyError, sqlite3.Error, OSError, asyncio.TimeoutError) as error:
            raise StoreUnavailableError(f"The conversations cannot be reached: {type(error).__name__}") from error

    def close(self) -> None:
        """Finishes what was asked for and ends the thread."""
        if self._thread:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="conversations", daemon=True)
            self._thread.start()

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
            if last:
                break
        self._drop()

    def _settle(self, batch: list[tuple[Job, Future[Any]]]) -> None:
        try:
            results = self._transact([job for job, _ in batch])
        except Exception as error:  # noqa: BLE001 - it is handed to whoever asked
            self._drop()
            if len(batch) == 1 or isinstance(error, UnsureError):
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
        self._check()
        kept = self._connection is not None
        try:
            return self._attempt(jobs)
        except sa.exc.DBAPIError as error:
            if not (kept and error.connection_invalidated):
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
                self._engine.dispose()
