"""SQL tracker store with live conversations cached in memory."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    Event,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection

from palmwise.errors import StaleTurnError, StoreUnavailableError
from palmwise.server.storage import sql
from palmwise.server.storage.database import Ledger
from palmwise.server.storage.history import Bounds, LiveTracker, shorten
from palmwise.server.storage.sql import SqliteFile

logger = logging.getLogger(__name__)

PURGE_PORTION = 50
"""Conversations deleted in one transaction, so that turns come between."""


class LiveTrackerStore(SQLTrackerStore):
    """Reads a conversation once, then only appends to it; a turn is committed before it is answered.

    A tracker belongs to the turn that retrieved it until that turn saves it. A turn that fails takes its tracker with
    it, and the next one reads from the database what was really kept.

    Every database error is raised as `StoreUnavailableError`. Do not wrap this store in Rasa's `FailSafeTrackerStore`,
    which would begin the conversation anew instead (`palmwise.server.runtime.patches` takes it out).
    """

    def __init__(  # noqa: PLR0913 - endpoints.yml names them one by one
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        *,
        dialect: str = "sqlite",
        db: str = "rasa.db",
        live: int = 500,
        shared: bool | None = None,
        turns: int = Bounds.turns,
        events: int = Bounds.events,
        synchronous: str = "FULL",
        busy_timeout: float = 5.0,
        patience: float = 10.0,
        **settings: Any,
    ) -> None:
        """The settings beyond Rasa's own.

        `live`: conversations kept in memory, 0 for none. `shared`: whether other servers write to the same database,
        so that each turn first asks for the number of the newest event; without it, whatever is no SQLite is taken for
        shared. `turns`, `events`: see `Bounds`. `synchronous`: of SQLite; FULL survives a power cut with every
        answered turn, NORMAL may lose the last seconds. `busy_timeout`, `patience`: seconds to wait for SQLite's
        lock, and for any answer of the database.
        """
        file = SqliteFile.of(dialect, host, db, synchronous, float(busy_timeout))
        super().__init__(domain, dialect=dialect, host=host, db=db, event_broker=event_broker, **settings)
        self._file = file
        self._patience = float(patience)
        if self.engine.dialect.name == "postgresql":
            sql.attend(self.engine)
        self._ledger = Ledger(self.engine, self._prepare, self._check, self._patience)
        self._opened = file.identity() if file else None
        self._live: OrderedDict[str, LiveTracker] = OrderedDict()
        self._limit = int(live)
        self._shared = file is None if shared is None else bool(shared)
        self._bounds = Bounds(int(turns), int(events))

    @property
    def shared(self) -> bool:
        """Whether other servers write to the same database."""
        return self._shared

    @property
    def domain(self) -> Domain:
        """The domain whose slots the trackers have."""
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        # Trackers of another model have other slots.
        self._domain = domain or Domain.empty()
        if "_live" in vars(self):
            self._live.clear()

    def init_tracker(self, sender_id: str) -> LiveTracker:
        """A new tracker, of which nothing is stored."""
        return LiveTracker(sender_id, self.domain.slots)

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:  # noqa: FBT001, FBT002
        """A new tracker; it is stored if it has an event already, else with its first turn."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
            await self.save(tracker)
            self._live.pop(sender_id, None)
        return tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of `sender_id` for a turn to change and save, `None` for an unknown conversation."""
        tracker = await self._fresh(self._live.pop(sender_id, None))
        return tracker or await self._load(sender_id)

    async def peek(self, sender_id: str) -> DialogueStateTracker | None:
        """A copy of the tracker of `sender_id` to look at, which no turn will see changed."""
        tracker = await self._fresh(self._live.get(sender_id))
        return tracker.copy() if tracker else await self._load(sender_id)

    async def events(self, sender_id: str) -> list[Event]:
        """What is remembered of the conversation, oldest first, to look at; nothing of an unknown one."""
        tracker = await self._fresh(self._live.get(sender_id)) or await self._load(sender_id)
        return list(tracker.events) if tracker else []

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Commits the new events of `tracker`, keeps it for the next turn, and tells the event broker.

        Raises `StaleTurnError` when another server wrote to the conversation since the tracker was retrieved: the
        lock store guards a turn, and may be lost in the middle of one.
        """
        if not isinstance(tracker, LiveTracker):
            await self._save_foreign(tracker)
            return
        new, tracker.pending = tracker.pending, []
        if new:
            tracker.version = await self._append(tracker.sender_id, new, fence=(tracker.version,))
        self._keep(tracker)

    async def exists(self, conversation_id: str) -> bool:
        """Whether anything of the conversation is kept."""
        if conversation_id in self._live and not self._shared:
            return True
        return await self._ledger.run(lambda connection: sql.exists(connection, conversation_id))

    async def delete(self, conversation_id: str) -> None:
        """Deletes the conversation for good; call it under the conversation's lock."""
        self._live.pop(conversation_id, None)
        await self._ledger.run(lambda connection: sql.forget(connection, [conversation_id]))
        await self._tidy()

    async def purge(self, before: float) -> int:
        """Deletes for good the conversations in which nothing happened since `before` (Unix seconds); how many."""
        # Another server may have deleted them first; its memory is not ours.
        for sender in [sender for sender, tracker in self._live.items() if _newest(tracker) < before]:
            self._live.pop(sender, None)
        count = 0
        while gone := await self._ledger.run(lambda connection: _purge(connection, before)):
            for sender in gone:
                self._live.pop(sender, None)
            count += len(gone)
        if count:
            await self._tidy()
        return count

    async def ping(self, patience: float = 2.0) -> None:
        """Returns when a turn could be stored within `patience` seconds, else raises `StoreUnavailableError`."""
        await self._ledger.run(self._probe, patience)

    def close(self) -> None:
        """Ends the thread that writes; nothing that was answered is outstanding."""
        self._ledger.close()

    async def _append(self, sender: str, events: Sequence[Event], fence: tuple[int | None] | None = None) -> int | None:
        """Stores `events`; with a `fence` only while its number is still that of the newest event in the store."""
        new = [sql.row(sender, event) for event in events]

        def job(connection: Connection) -> int | None:
            if not self._shared:
                sql.append(connection, new)
                return None
            free = sql.claim(connection, sender)
            if fence is not None and not (free and sql.last_id(connection, sender) == fence[0]):
                raise StaleTurnError("Another server has written to the conversation.")
            sql.append(connection, new)
            return sql.last_id(connection, sender)

        try:
            version = await self._ledger.run(job)
        except StaleTurnError:
            # Never happens while the lock store does its work, so whoever runs the servers should hear of it.
            logger.warning("A turn was refused: another server has written to its conversation meanwhile.")
            raise
        if self.event_broker:
            await self._stream_new_events(self.event_broker, list(events), sender)
        return version

    async def _save_foreign(self, tracker: DialogueStateTracker) -> None:
        """Stores a tracker that was made elsewhere, as Rasa does: what lies beyond the stored session is new."""
        sender = tracker.sender_id
        known = await self._ledger.run(lambda connection: sql.session_length(connection, sender))
        new = list(tracker.events)[known:]
        if new:
            await self._append(sender, new)
        self._live.pop(sender, None)

    async def _fresh(self, tracker: LiveTracker | None) -> LiveTracker | None:
        """The same, unless another server has written to the conversation since."""
        if tracker is None or not self._shared:
            return tracker
        newest = await self._ledger.run(lambda connection: sql.last_id(connection, tracker.sender_id))
        return tracker if newest == tracker.version else None

    async def _load(self, sender_id: str) -> LiveTracker | None:
        data, version = await self._ledger.run(lambda connection: sql.tail(connection, sender_id, self._bounds))
        if not data:
            return None
        tracker = LiveTracker.stored(sender_id, deserialise_events(data), self.domain.slots)
        tracker.version = version
        return tracker

    def _keep(self, tracker: LiveTracker) -> None:
        if self._limit <= 0 or not tracker.events:
            return
        shorten(tracker, self._bounds)
        self._live[tracker.sender_id] = tracker
        self._live.move_to_end(tracker.sender_id)
        while len(self._live) > self._limit:
            self._live.popitem(last=False)

    def _check(self) -> None:
        """Runs in the ledger's thread: a file that was exchanged is another memory, and opened anew."""
        if self._file and self._file.identity() != self._opened:
            self._opened = self._file.identity()
            self._live.clear()
            raise StoreUnavailableError("The file of the conversations was exchanged.")

    def _prepare(self, connection: Connection) -> None:
        if self._file:
            self._file.prepare(connection)
        elif connection.dialect.name == "postgresql":
            sql.prepare(connection, self._patience)
        self.Base.metadata.create_all(connection)

    def _probe(self, connection: Connection) -> None:
        if self._file:
            self._file.probe(connection)
        elif connection.dialect.name == "postgresql":
            sql.probe_postgres(connection)
        sql.exists(connection, "")

    async def _tidy(self) -> None:
        if self._file:
            await self._ledger.run(self._file.tidy)


def _newest(tracker: LiveTracker) -> float:
    """When something last happened, in Unix seconds."""
    return float(tracker.events[-1].timestamp) if tracker.events else 0.0


def _purge(connection: Connection, before: float) -> list[str]:
    senders = sql.silent(connection, before, PURGE_PORTION)
    sql.forget(connection, senders)
    return senders
