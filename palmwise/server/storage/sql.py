"""SQL on Rasa's events table, and what PostgreSQL needs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event
from sqlalchemy.engine import Connection, Engine

from palmwise.errors import StoreUnavailableError

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
_CLAIM = sa.text("SELECT pg_try_advisory_xact_lock(hashtextextended(:sender, 0))")
_DELETE = EVENTS.delete().where(EVENTS.c.sender_id == sa.bindparam("sender"))


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


def delete(connection: Connection, senders: Iterable[str]) -> None:
    """Delete all events of `senders`."""
    for sender in senders:
        connection.execute(_DELETE, {"sender": sender})


def tail(connection: Connection, sender: str, limit: int) -> tuple[list[str], int | None]:
    """The last events of `sender` as JSON, oldest first, and the id of the newest; empty for an unknown `sender`.

    The id is read in the same query: asked for separately, it could be that of a turn which another server wrote since.
    """
    rows = connection.execute(_TAIL, {"sender": sender, "limit": limit}).all()
    return [data for _, data in reversed(rows)], rows[0][0] if rows else None


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
