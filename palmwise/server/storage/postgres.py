"""What only PostgreSQL needs: connections that notice a lost network, and fewer round trips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from palmwise.errors import StoreUnavailableError
from palmwise.server.storage import sql

CONNECT_ARGUMENTS: dict[str, Any] = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""libpq's settings where the database address has none: a network that swallows packets is noticed within about 10 s.
Seconds, except for a count and, in the last one, milliseconds."""

COLUMNS = {
    "type_name": "text",
    "timestamp": "double precision",
    "intent_name": "text",
    "action_name": "text",
    "data": "text",
}
"""Columns of the table of events beside sender and id, with what their values are sent as."""
_DATED = """,
dated AS (
  INSERT INTO palmwise_conversations (sender_id, last_turn, talked)
  SELECT :sender, :now, :talked WHERE EXISTS (SELECT FROM added)
  ON CONFLICT (sender_id) DO UPDATE SET last_turn = excluded.last_turn,
    talked = GREATEST(excluded.talked, palmwise_conversations.talked)
)
"""
_CLAIM = sa.text("SELECT pg_try_advisory_xact_lock(hashtextextended(:sender, 0))")
# Not one statement with the claim: it would see what was stored before it began, which may be before another server
# gave up its claim, and both could append to the same state.
_APPEND = """
WITH added AS (
  INSERT INTO events (sender_id, {columns})
  SELECT :sender, {columns}
  FROM unnest({arrays}) WITH ORDINALITY AS new ({columns}, place)
  WHERE (SELECT max(id) FROM events WHERE sender_id = :sender) IS NOT DISTINCT FROM :newest
  ORDER BY place
  RETURNING id
){dated}
SELECT max(id) FROM added
"""
_APPENDS = {
    is_dated: sa.text(
        _APPEND.format(
            columns=", ".join(COLUMNS),
            arrays=", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in COLUMNS.items()),
            dated=_DATED if is_dated else "",
        )
    )
    for is_dated in (False, True)
}
"""Whether the conversation is dated -> the statements."""


def append(
    connection: Connection,
    sender: str,
    newest: int | None,
    rows: Sequence[dict[str, Any]],
    date: tuple[float, bool] | None,
) -> int | None:
    """Insert the `rows` of `sender` in their order; return the id of the last one.

    None, and nothing inserted, unless `newest` is still the id of the newest event of `sender`, and no other server is
    appending to it. That is seen by PostgreSQL's own lock, which holds even if Redis loses its locks. `date`: when that
    is (Unix seconds), and whether something was said; None leaves the conversation's row as it is.
    """
    if not connection.execute(_CLAIM, {"sender": sender}).scalar():
        return None
    values: dict[str, Any] = {name: [row[name] for row in rows] for name in COLUMNS}
    values |= {"sender": sender, "newest": newest}
    if date is not None:
        values |= {"now": date[0], "talked": int(date[1])}
    last: int | None = connection.execute(_APPENDS[date is not None], values).scalar()
    return last


def set_connect_arguments(engine: Engine) -> None:
    """Connect with `CONNECT_ARGUMENTS` from now on; open connections are closed."""

    def add_defaults(_: Any, __: Any, ___: Any, arguments: dict[str, Any]) -> None:
        for name, value in CONNECT_ARGUMENTS.items():
            arguments.setdefault(name, value)

    sa.event.listen(engine, "do_connect", add_defaults)
    engine.dispose()


def prepare(connection: Connection, patience: float) -> None:
    """Let the database abort transactions that make no progress for `patience` seconds.

    Otherwise a lost connection would keep its conversation locked for as long as the database thinks it alive.
    """
    cursor = connection.connection.cursor()
    for setting in ("statement_timeout", "idle_in_transaction_session_timeout"):
        cursor.execute(f"SET {setting} = {int(patience * 1000)}")
    cursor.close()
    connection.connection.commit()


def probe(connection: Connection) -> None:
    """Raise if nothing can be written, for instance on a standby or in a read-only database."""
    standby, read_only = connection.execute(
        sa.text("SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on'")
    ).one()
    if standby or read_only:
        raise StoreUnavailableError("The database takes nothing: it is read only.")
    sql.append(connection, [{"sender_id": "", "type_name": "probe", "data": "{}"}])
    sql.delete(connection, [""])
