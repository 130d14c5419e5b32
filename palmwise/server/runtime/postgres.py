"""What PostgreSQL needs to be told to keep conversations well."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from palmwise.server.runtime import rows
from palmwise.server.runtime.errors import StoreUnavailableError

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


def probe(connection: Connection) -> None:
    """Raises where nothing can be written: on a standby, or in a database that somebody set to be read only."""
    standby, read_only = connection.execute(
        sa.text("SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on'")
    ).one()
    if standby or read_only:
        raise StoreUnavailableError("The database takes nothing: it is read only.")
    rows.probe(connection)
