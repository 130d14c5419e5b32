"""SQL statements on Rasa's events table, with what SQLite and PostgreSQL need each."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet
from sqlalchemy.engine import Connection, Engine

from palmwise.errors import SettingError, StoreUnavailableError
from palmwise.server.storage.history import PLAIN_NAMES, Bounds, cut_for

EVENTS = SQLTrackerStore.SQLEvent.__table__

_INSERT = EVENTS.insert()
_OUTLINE = (
    sa.select(EVENTS.c.id, EVENTS.c.type_name, EVENTS.c.action_name)
    .where(EVENTS.c.sender_id == sa.bindparam("sender"))
    .order_by(EVENTS.c.id)
)
_LAST = sa.select(sa.func.max(EVENTS.c.id)).where(EVENTS.c.sender_id == sa.bindparam("sender"))
_ONE = sa.select(EVENTS.c.id).where(EVENTS.c.sender_id == sa.bindparam("sender")).limit(1)
_CLAIM = sa.text("SELECT pg_try_advisory_xact_lock(hashtextextended(:sender, 0))")
_FORGET = EVENTS.delete().where(EVENTS.c.sender_id == sa.bindparam("sender"))
_SILENT = (
    sa.select(EVENTS.c.sender_id)
    .group_by(EVENTS.c.sender_id)
    .having(sa.func.max(EVENTS.c.timestamp) < sa.bindparam("before"))
    .limit(sa.bindparam("limit"))
)


def row(sender: str, event: Event) -> dict[str, Any]:
    """`event` as Rasa's own store writes it."""
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
    """Adds `rows` in their order."""
    connection.execute(_INSERT, rows)


def probe(connection: Connection) -> None:
    """Adds a row and takes it back, unseen by others: raises where no turn could be stored."""
    append(connection, [{"sender_id": "", "type_name": "probe", "data": "{}"}])
    forget(connection, [""])


def last_id(connection: Connection, sender: str) -> int | None:
    """Number of the newest event of `sender`, which grows with every one."""
    found: int | None = connection.execute(_LAST, {"sender": sender}).scalar()
    return found


def claim(connection: Connection, sender: str) -> bool:
    """Keeps others from adding to `sender` until this transaction ends; False where another is doing so now.

    PostgreSQL's own lock, which a lost Redis does not take away. SQLite has one writer at a time as it is.
    """
    return connection.dialect.name != "postgresql" or bool(connection.execute(_CLAIM, {"sender": sender}).scalar())


def exists(connection: Connection, sender: str) -> bool:
    """Whether anything of `sender` is kept."""
    return connection.execute(_ONE, {"sender": sender}).first() is not None


def forget(connection: Connection, senders: Iterable[str]) -> None:
    """Deletes all that `senders` said and heard."""
    for sender in senders:
        connection.execute(_FORGET, {"sender": sender})


def silent(connection: Connection, before: float, limit: int) -> list[str]:
    """At most `limit` conversations whose newest event is older than `before` (Unix seconds)."""
    return [sender for (sender,) in connection.execute(_SILENT, {"before": before, "limit": limit})]


def session_length(connection: Connection, sender: str) -> int:
    """How many events of the last session of `sender` are stored."""
    outline = connection.execute(_OUTLINE, {"sender": sender}).all()
    return len(outline) - _start([name for _, name, _ in outline])


def tail(connection: Connection, sender: str, bounds: Bounds) -> tuple[list[dict[str, Any]], int | None]:
    """The events from which the state of `sender` can be derived, oldest first; empty for an unknown one.

    That is the last session, and of a long one its start, the last value of every slot, and the last turns. Only
    numbers and names are read of what lies before. With them comes the number of the newest event: asked for by
    itself, it could already be that of a turn which another server wrote since.
    """
    outline = connection.execute(_OUTLINE, {"sender": sender}).all()
    newest: int | None = outline[-1].id if outline else None
    outline = outline[_start([name for _, name, _ in outline]) :]
    names = [name for _, name, _ in outline]
    cut = cut_for(names, bounds) if len(outline) > bounds.events else 0
    plain = PLAIN_NAMES.issuperset(names[1:])
    if cut == 0 or not plain or outline[cut - 1].action_name != ACTION_LISTEN_NAME:
        chosen = [number for number, _, _ in outline]
    else:
        chosen = _carried(outline[:cut]) + [number for number, _, _ in outline[cut:]]
    return _events(connection, chosen), newest


def _start(names: Sequence[str]) -> int:
    return max((index for index, name in enumerate(names) if name == SessionStarted.type_name), default=0)


def _carried(outline: Sequence[Any]) -> list[int]:
    """Numbers of the events that stand for all of `outline`: session, last value of each slot, listening."""
    first = [outline[0].id] if outline[0].type_name == SessionStarted.type_name else []
    slots = {name: number for number, kind, name in outline if kind == SlotSet.type_name}
    listen = [outline[-1].id] if outline[-1].type_name == ActionExecuted.type_name else []
    return first + sorted(slots.values()) + listen


def _events(connection: Connection, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """The events of `numbers`, in their order, asked for in portions that every database accepts.

    Empty where some are gone: then the conversation was forgotten meanwhile.
    """
    found: dict[int, str] = {}
    for begin in range(0, len(numbers), 500):
        portion = sa.select(EVENTS.c.id, EVENTS.c.data).where(EVENTS.c.id.in_(numbers[begin : begin + 500]))
        found.update((number, data) for number, data in connection.execute(portion))
    return [json.loads(found[number]) for number in numbers] if len(found) == len(numbers) else []


CONNECTING: dict[str, Any] = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""libpq's settings where the address has none of its own: a network that swallows what is sent is noticed within some
10 s. Seconds, a number of tries, and milliseconds for the last."""


def attend(engine: Engine) -> None:
    """Connects from now on with the settings of `CONNECTING`; whoever is connected already is not."""

    def settle(_: Any, __: Any, ___: Any, given: dict[str, Any]) -> None:
        for name, value in CONNECTING.items():
            given.setdefault(name, value)

    sa.event.listen(engine, "do_connect", settle)
    engine.dispose()


def prepare(connection: Connection, patience: float) -> None:
    """Sets up a new connection: after `patience` seconds the database gives up on a turn that nobody goes on with.

    Else it would hold its conversation for as long as the database takes the lost connection for a good one.
    """
    cursor = connection.connection.cursor()
    for setting in ("statement_timeout", "idle_in_transaction_session_timeout"):
        cursor.execute(f"SET {setting} = {int(patience * 1000)}")
    cursor.close()
    connection.connection.commit()


def probe_postgres(connection: Connection) -> None:
    """Raises where nothing can be written: on a standby, or in a database that somebody set to be read only."""
    standby, read_only = connection.execute(
        sa.text("SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on'")
    ).one()
    if standby or read_only:
        raise StoreUnavailableError("The database takes nothing: it is read only.")
    probe(connection)


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
