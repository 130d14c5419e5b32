"""SQL tracker store that caches recent conversations in memory."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    BotUttered,
    Event,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from sqlalchemy.engine import Connection

from palmwise.errors import DamagedConversationError, StaleTurnError, StoreFullError, StoreUnavailableError
from palmwise.server.clock import SERVER_CLOCK, SteadyClock
from palmwise.server.storage import conversation_table, postgres, sql
from palmwise.server.storage.conversation_table import Limit
from palmwise.server.storage.database import DatabaseWorker
from palmwise.server.storage.deletion import Deletion
from palmwise.server.storage.sqlite_file import SqliteFile, is_damage

logger = logging.getLogger(__name__)

HISTORY, READ, SAID = 36, 100, 64
"""Events that a tracker holds, which Rasa replays in every turn; events that are read from the store, which keeps
everything; messages and answers that are held beside, for a client that sends one of its last eight messages again."""


_TAKING_BACK = frozenset({ActionReverted, ActiveLoop, Restarted, SessionStarted, UserUtteranceReverted})
"""Kinds of events for which those before them may not count."""


class LiveTracker(DialogueStateTracker):
    """A tracker of the last events, which knows which of them are not stored yet and which stored one is the newest.

    `last_turn` is when it was saved last, in Unix seconds of the server's clock; `dated` when the table was told.
    `is_newest`: whether nothing newer was stored when the turn that is on asked whether the conversation exists.
    """

    def __init__(self, sender_id: str, slots: Iterable[Slot] | None, *_: Any, **__: Any) -> None:
        self.pending: list[Event] = []
        self.version: int | None = None
        self.last_turn = 0.0
        self.dated: float | None = None
        self.is_newest = False
        self.said: deque[Event] = deque(maxlen=SAID)
        super().__init__(sender_id, slots, max_event_history=HISTORY)

    def update(self, event: Event, domain: Domain | None = None) -> None:
        """Apply `event` and mark it as not stored."""
        super().update(event, domain)
        self.pending.append(event)
        if isinstance(event, (UserUttered, BotUttered)):
            self.said.append(event)

    def copy(self) -> LiveTracker:
        """A tracker in the same state, which may change by itself; Rasa would replay all events for it."""
        other = copy.copy(self)
        other.events, other.said = self.events.copy(), self.said.copy()
        other.slots = {name: copy.copy(slot) for name, slot in self.slots.items()}
        other.pending = list(self.pending)
        return other

    def applied_events(self) -> list[Event]:
        """The events that count; Rasa asks in each turn, and looks for what takes events back one by one."""
        return list(self.events) if _TAKING_BACK.isdisjoint(map(type, self.events)) else super().applied_events()

    def current_state(self, event_verbosity: EventVerbosity = EventVerbosity.NONE) -> dict[str, Any]:  # noqa: ARG002
        """The state without events: actions get slots and message, and Rasa would write out all events for each."""
        return {**super().current_state(), "events": []}


class LiveTrackerStore(SQLTrackerStore):
    """Reads a conversation once, then only appends to it; a turn is committed before it is answered.

    A tracker belongs to the turn that retrieved it until that turn saves it. If the turn fails, its tracker is
    dropped, and the next turn reads from the database what was really stored.

    Every database error is raised as `StoreUnavailableError`. Rasa wraps a store in its `FailSafeTrackerStore`, which
    would start the conversation anew instead; `palmwise.server.runtime.patches` unwraps it.
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
        synchronous: str = "FULL",
        busy_timeout: float = 5.0,
        patience: float = 10.0,
        megabytes: int = 10_240,
        now: Callable[[], float] = SERVER_CLOCK.now,
        **settings: Any,
    ) -> None:
        """Open the store; these settings come in addition to Rasa's own.

        `live`: conversations cached in memory, 0 for none. `shared`: whether other servers write to the same database,
        so that each turn first asks for the id of the newest event; the default is false for SQLite and true for
        others. `synchronous`: SQLite's setting; with FULL every answered turn survives a power cut, with NORMAL the
        last seconds may be lost. `busy_timeout`, `patience`: seconds to wait for SQLite's lock, and for any answer of
        the database. `megabytes`: largest size of an SQLite file. `now` gives Unix seconds.
        """
        file = SqliteFile.of(
            dialect, host, db, synchronous=synchronous, busy_timeout=float(busy_timeout), megabytes=int(megabytes)
        )
        super().__init__(domain, dialect=dialect, host=host, db=db, event_broker=event_broker, **settings)
        self._file = file
        self._patience = float(patience)
        if self.engine.dialect.name == "postgresql":
            postgres.set_connect_arguments(self.engine)
        self._database = DatabaseWorker(self.engine, self._prepare, self._check, self._patience, self._notice_damage)
        self._deletion = Deletion(self._database, file)
        self._now = now
        self._damage: tuple[int, int] | None = None
        self._opened = file.identity() if file else None
        self._live: OrderedDict[str, LiveTracker] = OrderedDict()
        self._limit = int(live)
        self._pause = 0.0
        """Seconds for which a conversation is not dated again: until the next purge nobody asks."""
        self._shared = file is None if shared is None else bool(shared)

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
        # The slots of cached trackers are those of the old domain.
        self._domain = domain or Domain.empty()
        if "_live" in vars(self):
            self._live.clear()

    def init_tracker(self, sender_id: str) -> LiveTracker:
        """A new tracker; nothing of it is stored."""
        return LiveTracker(sender_id, self.domain.slots)

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:  # noqa: FBT001, FBT002
        """A new tracker. It is stored now if it has an event, else with its first turn."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
            await self.save(tracker)
            self._live.pop(sender_id, None)
        return tracker

    async def open(self, sender_id: str) -> None:
        """Store a new conversation, in which nothing was said yet. Raises `StoreFullError`."""

        def job(connection: Connection) -> None:
            if self._file and self._file.is_nearly_full(connection):
                raise StoreFullError("The file of the conversations has nearly reached its limit.")
            conversation_table.touch(connection, sender_id, self._now(), talked=False)

        await self._database.run(job)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of `sender_id` for a turn to change and save; None for an unknown conversation."""
        tracker = self._live.pop(sender_id, None)
        if tracker is not None and tracker.is_newest:
            # If that was long ago, the turn cannot be saved, and is taken again.
            tracker.is_newest = False
            return tracker
        return await self._fresh(tracker) or await self._load(sender_id)

    async def peek(self, sender_id: str) -> DialogueStateTracker | None:
        """A copy of the tracker of `sender_id` to read; None for an unknown conversation."""
        tracker = await self._fresh(self._live.get(sender_id))
        return tracker.copy() if tracker else await self._load(sender_id)

    async def events(self, sender_id: str) -> list[Event]:
        """What was said last by `sender_id`, and answered, oldest first."""
        tracker = self._live.get(sender_id)
        if tracker is None or not tracker.is_newest:
            tracker = await self._fresh(tracker) or await self._load(sender_id)
        return list(tracker.said) if tracker else []

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Commit the new events of `tracker`, cache it for the next turn, and publish them to the event broker.

        Raises `StaleTurnError` if another server wrote to the conversation since the tracker was retrieved, which
        happens only if the lock store lost the turn's lock.
        """
        if not isinstance(tracker, LiveTracker):
            raise TypeError("Only trackers of this store can be saved.")
        new, tracker.pending = tracker.pending, []
        if new:
            now, last_dated = self._now(), tracker.dated
            tracker.dated = None
            is_dated = last_dated is not None and 0 <= now - last_dated < self._pause
            talked = any(isinstance(event, UserUttered) for event in new)
            tracker.version = await self._append(tracker, new, None if is_dated else (now, talked))
            tracker.last_turn = now
            tracker.dated = last_dated if is_dated else (now if talked else None)
        self._keep(tracker)

    async def exists(self, conversation_id: str) -> bool:
        """Whether the conversation was opened, and not deleted since."""
        tracker = self._live.get(conversation_id)
        if tracker is None:
            return await self._database.run(
                lambda connection: conversation_table.exists(connection, conversation_id), reads=True
            )
        if not self._shared:
            return True
        is_there, newest = await self._database.run(
            lambda connection: conversation_table.state(connection, conversation_id), reads=True
        )
        tracker.is_newest = is_there and newest == tracker.version
        return is_there

    async def delete(self, conversation_id: str) -> None:
        """Delete the conversation for good; the caller holds its lock."""
        self._live.pop(conversation_id, None)
        await self._deletion.delete(conversation_id)

    async def purge(self, before: float, empty_before: float | None = None, *, pause: float = 0.0) -> int:
        """Delete the conversations in which nothing happened since `before` (Unix seconds); returns how many.

        Those in which nothing was said at all go if they are older than `empty_before`, which is `before` if not given.
        `pause`: seconds until the next purge. So long the turns of a conversation are not dated one by one, and it is
        kept so much longer instead.
        """
        # Another server may have deleted them from the database already; the cache is our own.
        self._forget([sender for sender, tracker in self._live.items() if tracker.last_turn < before - pause])
        self._pause, now = pause, self._now()
        await self._database.run(lambda connection: conversation_table.redate(connection, now))
        return await self._deletion.purge(Limit(before - pause, empty_before or before), self._forget)

    async def keep_time(self, clock: SteadyClock, *, first: bool) -> None:
        """Keep what `clock` reads for the next process; at `first`, let it go on from what was kept."""

        def job(connection: Connection) -> float | None:
            kept = conversation_table.read_clock(connection, clock) if first else None
            if kept is None:
                conversation_table.keep_clock(connection, clock)
            return kept

        kept = await self._database.run(job)
        if kept is not None:
            clock.set(kept)
        if self._file:
            await asyncio.to_thread(self._file.take_reserve)

    async def ping(self, patience: float = 2.0) -> None:
        """Raise `StoreUnavailableError` unless a turn could be stored within `patience` seconds."""
        await self._database.run(self._probe, patience)
        if self._file:
            if self._damage == self._file.identity():
                raise StoreUnavailableError("The file of the conversations is damaged.")
            await asyncio.to_thread(self._file.check)

    def close(self) -> None:
        """End the database thread. Everything that was answered is stored already."""
        self._deletion.close()
        self._database.close()

    async def _append(
        self, tracker: LiveTracker, events: Sequence[Event], date: tuple[float, bool] | None
    ) -> int | None:
        """Store `events` and return the id of the last one, if the store is shared.

        `date`: when that is, and whether the person said something; None if the conversation was dated just before.

        A shared one raises `StaleTurnError` unless the tracker's version is still the id of the newest event in it.
        """
        sender, newest = tracker.sender_id, tracker.version
        new = [sql.event_row(sender, event) for event in events]

        def job(connection: Connection) -> int | None:
            if self._shared and connection.dialect.name == "postgresql":
                last = postgres.append(connection, sender, newest, new, date)
                if last is None:
                    raise StaleTurnError("Another server has written to the conversation.")
                return last
            # Of other databases, SQLite has only one writer at a time.
            if self._shared and sql.last_id(connection, sender) != newest:
                raise StaleTurnError("Another server has written to the conversation.")
            sql.append(connection, new)
            if date is not None:
                conversation_table.touch(connection, sender, date[0], talked=date[1])
            return sql.last_id(connection, sender) if self._shared else None

        try:
            version = await self._database.run(job)
        except StaleTurnError:
            # This means that the lock store lost a lock, which the operator should know.
            logger.warning("A turn was refused: another server has written to its conversation meanwhile.")
            raise
        if self.event_broker:
            await self._stream_new_events(self.event_broker, list(events), sender)
        return version

    async def _fresh(self, tracker: LiveTracker | None) -> LiveTracker | None:
        """The same tracker; None if another server has written to the conversation since it was cached."""
        if tracker is None or not self._shared:
            return tracker
        newest = await self._database.run(lambda connection: sql.last_id(connection, tracker.sender_id), reads=True)
        return tracker if newest == tracker.version else None

    async def _load(self, sender_id: str) -> LiveTracker | None:
        rows, version = await self._database.run(lambda connection: sql.tail(connection, sender_id, READ), reads=True)
        if not rows:
            return None
        tracker = self.init_tracker(sender_id)
        try:
            for event in deserialise_events([json.loads(row) for row in rows]):
                tracker.update(event)
        except Exception as error:
            # Rasa checks nothing that it reads, so that damage shows in any of many ways.
            raise DamagedConversationError("A stored conversation cannot be read.") from error
        tracker.pending, tracker.version, tracker.last_turn = [], version, self._now()
        return tracker

    def _keep(self, tracker: LiveTracker) -> None:
        if self._limit <= 0 or not tracker.events:
            return
        self._live[tracker.sender_id] = tracker
        self._live.move_to_end(tracker.sender_id)
        while len(self._live) > self._limit:
            self._live.popitem(last=False)

    def _forget(self, senders: Iterable[str]) -> None:
        for sender in senders:
            self._live.pop(sender, None)

    def _notice_damage(self, error: BaseException) -> None:
        """Remember that the file which is open now is damaged, for the health check."""
        if is_damage(error):
            self._damage = self._opened

    def _check(self) -> None:
        """Raise if the database file was replaced, whose conversations are not those in the cache. Runs before each
        transaction.
        """
        if self._file and self._file.identity() != self._opened:
            self._opened = self._file.identity()
            self._live.clear()
            raise StoreUnavailableError("The file of the conversations was exchanged.")

    def _prepare(self, connection: Connection) -> None:
        if self._file:
            self._file.prepare(connection)
        elif connection.dialect.name == "postgresql":
            postgres.prepare(connection, self._patience)
        self.Base.metadata.create_all(connection)
        conversation_table.create(connection)
        if self._file:
            self._file.close_to_others()

    def _probe(self, connection: Connection) -> None:
        if self._file:
            self._file.probe(connection)
        elif connection.dialect.name == "postgresql":
            postgres.probe(connection)
        conversation_table.exists(connection, "")
