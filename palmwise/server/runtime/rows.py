"""What is asked of Rasa's table of events, in SQL that SQLite and PostgreSQL both speak."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet
from sqlalchemy.engine import Connection

from palmwise.server.runtime.history import PLAIN_NAMES, Bounds, cut_for

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
