"""The SQLite file of the conversations: who may read and use it, how large it may be, and what to do on a full disk."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from palmwise.errors import SettingError, StoreUnavailableError

SYNCHRONOUS_MODES = ("NORMAL", "FULL", "EXTRA")
RESERVE_BYTES = 8 * 1024 * 1024
"""Room that is kept on the disk for deletions: they are written to the log before they are folded in."""
RESERVE_MARGIN = 4
"""The reserve is taken again once so many times its size are free."""
NEARLY_FULL = 0.9
"""Share of its limit at which a file takes no new conversations; those that are there go on."""
SAMPLES = 8
"""Rows that a check for damage reads."""
_OWNER_ONLY = 0o600
_COMPANIONS = ("", "-wal", "-shm")
_DAMAGE = ("malformed", "not a database")
"""Words of SQLite's errors for a damaged file."""


@dataclass(frozen=True)
class SqliteFile:
    """A database file, readable by its owner only: it holds what people said about their health."""

    path: Path
    synchronous: str
    """When a commit is flushed to the disk: FULL at each turn, NORMAL when the write-ahead log is folded in."""
    busy_timeout: float
    """Seconds to wait for another program's lock."""
    megabytes: int
    """Largest size; deleted conversations make room."""

    @staticmethod
    def of(  # noqa: PLR0913 - the store's settings, one by one
        dialect: str, host: str | None, db: str, *, synchronous: str, busy_timeout: float, megabytes: int
    ) -> SqliteFile | None:
        """The file that the settings name, created if need be; None for another database, or one in memory.

        A file that others may read, for instance a restored copy, is closed to them.
        """
        if dialect != "sqlite" or host or db in {"", ":memory:"}:
            return None
        if synchronous.upper() not in SYNCHRONOUS_MODES:
            raise SettingError(f"synchronous is one of {', '.join(SYNCHRONOUS_MODES)}, not {synchronous!r}.")
        file = SqliteFile(Path(db), synchronous.upper(), busy_timeout, megabytes)
        file.path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file.path, os.O_RDWR | os.O_CREAT, _OWNER_ONLY))
        file.close_to_others()
        file.take_reserve()
        return file

    def close_to_others(self) -> None:
        """Let nobody but the owner read the file and its logs, as far as this user may decide that."""
        for suffix in _COMPANIONS:
            with contextlib.suppress(OSError):
                Path(f"{self.path}{suffix}").chmod(_OWNER_ONLY)

    def identity(self) -> tuple[int, int]:
        """Device and inode of the file. Raises `StoreUnavailableError` if it is gone."""
        try:
            status = self.path.stat()
        except OSError as error:
            raise StoreUnavailableError("The file of the conversations is gone.") from error
        return status.st_dev, status.st_ino

    def prepare(self, connection: Connection) -> None:
        """Set the pragmas of a new connection."""
        cursor = connection.connection.cursor()
        for pragma in (
            f"busy_timeout = {int(self.busy_timeout * 1000)}",
            # Takes effect in a new file only; there, pages of deleted conversations can be given back to the disk.
            "auto_vacuum = INCREMENTAL",
            "journal_mode = WAL",
            f"synchronous = {self.synchronous}",
            "secure_delete = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        (page_size,) = cursor.execute("PRAGMA page_size").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {max(1, self.megabytes * 1024 * 1024 // page_size)}")
        cursor.close()

    def probe(self, connection: Connection) -> None:
        """Raise if nothing can be written: the disk is full, the file is locked or read-only."""
        connection.execute(sa.text("CREATE TABLE IF NOT EXISTS palmwise_probe (id INTEGER PRIMARY KEY)"))
        connection.execute(sa.text("INSERT INTO palmwise_probe DEFAULT VALUES"))
        connection.execute(sa.text("DELETE FROM palmwise_probe"))

    def check(self) -> None:
        """Raise `StoreUnavailableError` if the file is found to be damaged.

        It is read as another program would, since the server's own connection has much of it in memory: the schema,
        and a few rows anywhere. A whole check takes seconds for a large file.
        """
        try:
            with contextlib.closing(
                sqlite3.connect(f"file:{quote(str(self.path))}?mode=ro", uri=True, timeout=1)
            ) as reader:
                newest = reader.execute("SELECT max(id) FROM events").fetchone()[0] or 0
                for number in range(SAMPLES):
                    row = "SELECT sender_id, data FROM events WHERE id >= ? LIMIT 1"
                    reader.execute(row, (newest * number // (SAMPLES - 1),)).fetchone()
                for talked in (0, 1):
                    ages = "SELECT max(last_turn) FROM palmwise_conversations WHERE talked = ?"
                    reader.execute(ages, (talked,)).fetchone()
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                raise StoreUnavailableError("The file of the conversations is damaged.") from error

    def is_nearly_full(self, connection: Connection) -> bool:
        """Whether new conversations should be refused, so that those that are there can go on."""
        pages, free, size = (
            connection.exec_driver_sql(f"PRAGMA {name}").scalar() or 0
            for name in ("page_count", "freelist_count", "page_size")
        )
        return bool((pages - free) * size > NEARLY_FULL * self.megabytes * 1024 * 1024)

    def fold_log(self, connection: Connection) -> bool:
        """Fold the write-ahead log into the file, so that what was deleted is gone from both.

        False if another program reads the log, which it must be allowed to finish; nobody waits for it.
        """
        cursor = connection.connection.cursor()
        try:
            cursor.execute("PRAGMA busy_timeout = 0")
            (busy, *_) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(self.busy_timeout * 1000)}")
            cursor.close()
        return not busy

    @staticmethod
    def give_back(connection: Connection, pages: int) -> None:
        """Give at most so many unused pages at the end of the file back to the disk."""
        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA incremental_vacuum({pages})").fetchall()
        cursor.close()

    # --- the reserve --------------------------------------------------------------------------------------------------

    @property
    def _reserve(self) -> Path:
        return self.path.with_name(f"{self.path.name}-reserve")

    def take_reserve(self) -> None:
        """Keep `RESERVE_BYTES` of the disk beside the file, if that leaves enough for others."""
        with contextlib.suppress(OSError):
            if self._reserve.exists() or shutil.disk_usage(self.path.parent).free < RESERVE_MARGIN * RESERVE_BYTES:
                return
            with self._reserve.open("xb") as reserve:
                os.posix_fallocate(reserve.fileno(), 0, RESERVE_BYTES)

    def release_reserve(self) -> bool:
        """Give the reserve up, so that something can be deleted on a full disk; False if there is none."""
        try:
            self._reserve.unlink()
        except OSError:
            return False
        return True


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite's error says that the file is damaged."""
    return error is not None and any(word in str(error) for word in _DAMAGE)
