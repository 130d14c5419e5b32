"""SQL on Rasa's table of events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event
from sqlalchemy.engine import Connection

EVENTS = SQLTrackerStore.SQLEvent.__table__
_INSERT = EVENTS.insert()
_TAIL = (
    sa.select(EVENTS.c.id, EVENTS.c.data)
    .where(EVENTS.c.sender_id == sa.bindparam("sender"))
    .order_by(EVENTS.c.id.desc())
    .limit(sa.bindparam("limit"))
)
_LAST_ID = sa.select(sa.func.max(EVENTS.c.id)).where(EVENTS.c.sender_id == sa.bindparam("sender"))
_DELETE = EVENTS.delete().where(EVENTS.c.sender_id == sa.bindparam("sender"))


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
