"""The table of conversations with the time of their last turn, and the row that keeps the server's clock.

Rasa's table of events has no index by which old conversations could be found: looking for them cost as much as there
were conversations. Here it costs as much as there are old ones. A conversation in which nothing was said is one row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from palmwise.server.clock import SteadyClock

_TABLES = sa.MetaData()
CONVERSATIONS = sa.Table(
    "palmwise_conversations",
    _TABLES,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("last_turn", sa.Float(53), nullable=False),
    sa.Column("talked", sa.SmallInteger, nullable=False),
    sa.Index("palmwise_conversations_by_age", "talked", "last_turn"),
    sqlite_with_rowid=False,
)
"""`last_turn` is in Unix seconds of the server's clock; `talked` is 0 until something was said."""
CLOCK = sa.Table(
    "palmwise_clock",
    _TABLES,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("now", sa.Float(53), nullable=False),
    sa.Column("wall", sa.Float(53), nullable=False),
    sa.Column("boot", sa.String(64), nullable=False),
    sa.Column("even", sa.Float(53), nullable=False),
)
"""One row: what the server's clock, the time of day and the even seconds since `boot` read at the same moment."""
_MIGRATION_LOCK = 7_256_947_363
"""Any number: PostgreSQL's lock for the one server that makes the tables."""
_LEAP = 60.0
"""Seconds by which the clocks of servers may differ without anybody's conversation being dated anew."""

_INDEX = "palmwise_events_by_sender"
_HAS_INDEX = sa.text("SELECT to_regclass(:name) IS NOT NULL")
_TOUCH = sa.text(
    "INSERT INTO palmwise_conversations (sender_id, last_turn, talked) VALUES (:sender, :now, :talked) "
    "ON CONFLICT (sender_id) DO UPDATE SET last_turn = excluded.last_turn, "
    "talked = CASE WHEN excluded.talked = 1 THEN 1 ELSE palmwise_conversations.talked END"
)
_ADOPT = sa.text(
    "INSERT INTO palmwise_conversations (sender_id, last_turn, talked) "
    "SELECT sender_id, COALESCE(MAX(timestamp), 0), MAX(CASE WHEN type_name = 'user' THEN 1 ELSE 0 END) "
    "FROM events GROUP BY sender_id"
)
_KEEP_CLOCK = sa.text(
    "INSERT INTO palmwise_clock (id, now, wall, boot, even) VALUES (1, :now, :wall, :boot, :even) "
    "ON CONFLICT (id) DO UPDATE SET now = excluded.now, wall = excluded.wall, "
    "boot = excluded.boot, even = excluded.even"
)
"""One statement, since several servers may keep the first reading at once."""
_ANY = sa.select(CONVERSATIONS.c.sender_id).where(CONVERSATIONS.c.sender_id == sa.bindparam("sender"))
_STATE = sa.text(
    "SELECT EXISTS (SELECT 1 FROM palmwise_conversations WHERE sender_id = :sender), "
    "(SELECT MAX(id) FROM events WHERE sender_id = :sender)"
)
_DELETE = CONVERSATIONS.delete().where(CONVERSATIONS.c.sender_id == sa.bindparam("sender"))
_SILENT = (
    sa.select(CONVERSATIONS.c.sender_id)
    .where(CONVERSATIONS.c.talked == sa.bindparam("talked"), CONVERSATIONS.c.last_turn < sa.bindparam("before"))
    .limit(sa.bindparam("limit"))
)
_REDATE = (
    CONVERSATIONS.update()
    .where(CONVERSATIONS.c.talked == sa.bindparam("kind"), CONVERSATIONS.c.last_turn > sa.bindparam("latest"))
    .values(last_turn=sa.bindparam("now"))
)


@dataclass(frozen=True)
class Limit:
    """Which conversations are old: times of the last turn, in Unix seconds."""

    talked: float
    """For those in which something was said."""
    empty: float
    """For those that were only opened."""


def create(connection: Connection) -> None:
    """Make the tables where they are missing, with a row for every conversation that Rasa's table has."""
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            # To read all events of an older version may take longer than a turn may.
            connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        existed = sa.inspect(connection).has_table(CONVERSATIONS.name)
        _TABLES.create_all(connection)
        if connection.dialect.name == "postgresql":
            _create_index(connection)
        if not existed:
            connection.execute(_ADOPT)


def _create_index(connection: Connection) -> None:
    """Let the newest event of a conversation be found without reading the others, as SQLite does by Rasa's own."""
    # CREATE INDEX IF NOT EXISTS would wait for everybody who is writing.
    if not connection.execute(_HAS_INDEX, {"name": _INDEX}).scalar():
        connection.execute(sa.text(f"CREATE INDEX {_INDEX} ON events (sender_id, id)"))


def touch(connection: Connection, sender: str, now: float, *, talked: bool) -> None:
    """Note that something happened in the conversation, which is added if it is new."""
    connection.execute(_TOUCH, {"sender": sender, "now": now, "talked": int(talked)})


def exists(connection: Connection, sender: str) -> bool:
    """Whether the conversation was opened, and not deleted since."""
    return connection.execute(_ANY, {"sender": sender}).first() is not None


def state(connection: Connection, sender: str) -> tuple[bool, int | None]:
    """Whether the conversation exists, and the id of its newest event."""
    is_there, newest = connection.execute(_STATE, {"sender": sender}).one()
    return bool(is_there), newest


def delete(connection: Connection, senders: Iterable[str]) -> None:
    """Delete the rows of `senders`."""
    for sender in senders:
        connection.execute(_DELETE, {"sender": sender})


def silent(connection: Connection, before: Limit, limit: int) -> list[str]:
    """At most `limit` conversations in which nothing happened since `before`."""
    found: list[str] = []
    for talked, time in enumerate((before.empty, before.talked)):
        values = {"talked": talked, "before": time, "limit": limit - len(found)}
        found += [sender for (sender,) in connection.execute(_SILENT, values)]
    return found


def redate(connection: Connection, now: float) -> None:
    """Date conversations `now` that a wrong clock has dated later, and that would be kept for too long."""
    for talked in (0, 1):
        connection.execute(_REDATE, {"kind": talked, "latest": now + _LEAP, "now": now})


def read_clock(connection: Connection, clock: SteadyClock) -> float | None:
    """What `clock` should read now, by what was kept of an earlier process; None if nothing was.

    Since the last reading as many seconds passed as the machine counted, if it was not restarted meanwhile; else as
    many as the time of day tells, or none if that was set back. Servers of one database follow its time of day.
    """
    kept = connection.execute(sa.select(CLOCK)).first()
    if kept is None:
        return None
    if kept.boot and kept.boot == clock.boot and connection.dialect.name != "postgresql":
        return float(kept.now) + max(0.0, clock.even() - float(kept.even))
    return float(kept.now) + max(0.0, _wall(connection, clock) - float(kept.wall))


def keep_clock(connection: Connection, clock: SteadyClock) -> None:
    """Keep what `clock` reads for the next process."""
    values = {"now": clock.now(), "wall": _wall(connection, clock), "boot": clock.boot, "even": clock.even()}
    connection.execute(_KEEP_CLOCK, values)


def _wall(connection: Connection, clock: SteadyClock) -> float:
    if connection.dialect.name != "postgresql":
        return clock.wall()
    return float(connection.execute(sa.text("SELECT extract(epoch FROM clock_timestamp())")).scalar() or 0.0)
