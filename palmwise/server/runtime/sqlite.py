"""What SQLite needs to be told to keep conversations well."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from palmwise.server.runtime.errors import SettingError, StoreUnavailableError

_MODES = ("NORMAL", "FULL", "EXTRA")


@dataclass(frozen=True)
class SqliteFile:
    """A database in one file, readable by its owner only: it holds what people said about their health."""

    path: Path
    synchronous: str
    """When a commit is flushed: FULL with each turn, NORMAL when the log is folded in."""
    busy_timeout: float
    """Seconds to wait for the lock of another program."""

    @staticmethod
    def of(dialect: str, host: str | None, db: str, synchronous: str, busy_timeout: float) -> SqliteFile | None:
        """The file that the settings name, made if need be; `None` for another database, or one in memory."""
        if dialect != "sqlite" or host or db in {"", ":memory:"}:
            return None
        if synchronous.upper() not in _MODES:
            raise SettingError(f"synchronous is one of {', '.join(_MODES)}, not {synchronous!r}.")
        path = Path(db)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        return SqliteFile(path, synchronous.upper(), busy_timeout)

    def identity(self) -> tuple[int, int]:
        """Which file it is, whatever its name; raises when the file that was there at the start is gone."""
        try:
            status = self.path.stat()
        except OSError as error:
            raise StoreUnavailableError("The file of the conversations is gone.") from error
        return status.st_dev, status.st_ino

    def prepare(self, connection: Connection) -> None:
        """Sets up a new connection."""
        cursor = connection.connection.cursor()
        for pragma in (
            f"busy_timeout = {int(self.busy_timeout * 1000)}",
            "journal_mode = WAL",
            f"synchronous = {self.synchronous}",
            "secure_delete = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def probe(self, connection: Connection) -> None:
        """Writes and takes back a row: raises when the disk is full, the file locked or read-only."""
        connection.execute(sa.text("CREATE TABLE IF NOT EXISTS palmwise_probe (id INTEGER PRIMARY KEY)"))
        connection.execute(sa.text("INSERT INTO palmwise_probe DEFAULT VALUES"))
        connection.execute(sa.text("DELETE FROM palmwise_probe"))

    @staticmethod
    def tidy(connection: Connection) -> None:
        """Folds the log into the file, so that what was deleted is gone from both."""
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
