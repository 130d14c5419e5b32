"""SQL on Rasa's events table, and what SQLite and PostgreSQL need each."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event
from sqlalchemy.engine import Connection, Engine

from palmwise.errors import SettingError, StoreUnavailableError

EVENTS = SQLTrackerStore.SQLEvent.__table__
CONNECT_ARGUMENTS: dict[str, Any] = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""libpq's settings where the database address has none: a network that swallows packets is noticed within about 10 s.
Seconds, except for a count and, in the last one, milliseconds."""

_INSERT = EVENTS.insert()
_TAIL = (
    sa.select(EVENTS.c.id, EVENTS.c.data)
    .where(EVENTS.c.sender_id == sa.bindparam("sender"))
    .order_by(EVENTS.c.id.desc())
    .limit(sa.bindparam("limit"))
)
_LAST_ID = sa.select(sa.func.max(EVENTS.c.id)).where(EVENTS.c.sender_id == sa.bindparam("sender"))
_ANY_ID = sa.select(EVENTS.c.id).where(EVENTS.c.sender_id == sa.bindparam("sender")).limit(1)
_CLAIM = sa.text("SELECT pg_try_advisory_xact_lock(hashtextextended(:sender, 0))")
_DELETE = EVENTS.delete().where(EVENTS.c.sender_id == sa.bindparam("sender"))
_SILENT = (
    sa.select(EVENTS.c.sender_id)
    .group_by(EVENTS.c.sender_id)
    .having(sa.func.max(EVENTS.c.timestamp) < sa.bindparam("before"))
    .limit(sa.bindparam("limit"))
)
_SYNCHRONOUS_MODES = ("NORMAL", "FULL", "EXTRA")


# --- events -------------------------------------------------------------------------------------------------------


def event_row(sender: str, event: Event) -> dict[str, Any]:
    """The row for `event`, as Rasa's own store writes it."""
    data = event.as_dict()
    return {
        "sender_id": sender,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def append(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Insert `rows` in their order."""
    connection.execute(_INSERT, rows)


def last_id(connection: Connection, sender: str) -> int | None:
    """Id of the newest event of `sender`; ids grow with every event."""
    found: int | None = connection.execute(_LAST_ID, {"sender": sender}).scalar()
    return found


def claim(connection: Connection, sender: str) -> bool:
    """Keep other servers from appending to `sender` until the transaction ends; False if one is doing so.

    It is PostgreSQL's own lock, which holds even if Redis loses its locks. SQLite has only one writer at a time.
    """
    return connection.dialect.name != "postgresql" or bool(connection.execute(_CLAIM, {"sender": sender}).scalar())


def exists(connection: Connection, sender: str) -> bool:
    """Whether there is any event of `sender`."""
    return connection.execute(_ANY_ID, {"sender": sender}).first() is not None


def delete(connection: Connection, senders: Iterable[str]) -> None:
    """Delete all events of `senders`."""
    for sender in senders:
        connection.execute(_DELETE, {"sender": sender})


def silent_senders(connection: Connection, before: float, limit: int) -> list[str]:
    """At most `limit` conversations whose newest event is older than `before` (Unix seconds)."""
    return [sender for (sender,) in connection.execute(_SILENT, {"before": before, "limit": limit})]


def tail(connection: Connection, sender: str, limit: int) -> tuple[list[dict[str, Any]], int | None]:
    """The last events of `sender`, oldest first, and the id of the newest; empty for an unknown `sender`.

    The id is read in the same query: asked for separately, it could be that of a turn which another server wrote since.
    """
    rows = connection.execute(_TAIL, {"sender": sender, "limit": limit}).all()
    return [json.loads(data) for _, data in reversed(rows)], rows[0][0] if rows else None


# --- PostgreSQL ---------------------------------------------------------------------------------------------------


def set_connect_arguments(engine: Engine) -> None:
    """Connect with `CONNECT_ARGUMENTS` from now on; open connections are closed."""

    def add_defaults(_: Any, __: Any, ___: Any, arguments: dict[str, Any]) -> None:
        for name, value in CONNECT_ARGUMENTS.items():
            arguments.setdefault(name, value)

    sa.event.listen(engine, "do_connect", add_defaults)
    engine.dispose()


def prepare_postgres(connection: Connection, patience: float) -> None:
    """Let the database abort transactions that make no progress for `patience` seconds.

    Otherwise a lost connection would keep its conversation locked for as long as the database thinks it alive.
    """
    cursor = connection.connection.cursor()
    for setting in ("statement_timeout", "idle_in_transaction_session_timeout"):
        cursor.execute(f"SET {setting} = {int(patience * 1000)}")
    cursor.close()
    connection.connection.commit()


def probe_postgres(connection: Connection) -> None:
    """Raise if nothing can be written, for instance on a standby or in a read-only database."""
    standby, read_only = connection.execute(
        sa.text("SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on'")
    ).one()
    if standby or read_only:
        raise StoreUnavailableError("The database takes nothing: it is read only.")
    append(connection, [{"sender_id": "", "type_name": "probe", "data": "{}"}])
    delete(connection, [""])


# --- SQLite -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SqliteFile:
    """A database file, readable by its owner only: it holds what people said about their health."""

    path: Path
    synchronous: str
    """When a commit is flushed to the disk: FULL at each turn, NORMAL when the write-ahead log is folded in."""
    busy_timeout: float
    """Seconds to wait for another program's lock."""

    @staticmethod
    def of(dialect: str, host: str | None, db: str, synchronous: str, busy_timeout: float) -> SqliteFile | None:
        """The file that the settings name, created if need be; None for another database, or one in memory."""
        if dialect != "sqlite" or host or db in {"", ":memory:"}:
            return None
        if synchronous.upper() not in _SYNCHRONOUS_MODES:
            raise SettingError(f"synchronous is one of {', '.join(_SYNCHRONOUS_MODES)}, not {synchronous!r}.")
        path = Path(db)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        return SqliteFile(path, synchronous.upper(), busy_timeout)

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
            "journal_mode = WAL",
            f"synchronous = {self.synchronous}",
            "secure_delete = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def probe(self, connection: Connection) -> None:
        """Raise if nothing can be written: the disk is full, the file is locked or read-only."""
        connection.execute(sa.text("CREATE TABLE IF NOT EXISTS palmwise_probe (id INTEGER PRIMARY KEY)"))
        connection.execute(sa.text("INSERT INTO palmwise_probe DEFAULT VALUES"))
        connection.execute(sa.text("DELETE FROM palmwise_probe"))

    @staticmethod
    def checkpoint(connection: Connection) -> None:
        """Fold the write-ahead log into the file, so that what was deleted is gone from both."""
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
