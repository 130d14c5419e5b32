"""Deletes a conversation from whatever store keeps it; Rasa's stores have no door for this."""

from __future__ import annotations

from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from sqlalchemy import text

from palmwise.server.errors import RefusedError
from palmwise.server.runtime.tracker_store import LiveTrackerStore


async def forget(store: TrackerStore, conversation: str) -> None:
    """Deletes every event of it. Raises `RefusedError` 501 for a store that this does not know."""
    if isinstance(store, LiveTrackerStore):
        await store.delete(conversation)
    elif isinstance(store, FailSafeTrackerStore):
        await forget(store._tracker_store, conversation)  # noqa: SLF001  it has no other way to what it wraps
    elif isinstance(store, SQLTrackerStore):
        _forget_rows(store, conversation)
    elif isinstance(store, InMemoryTrackerStore):
        store.store.pop(conversation, None)
    else:
        raise RefusedError(501, "cannot_forget", "This server's store cannot forget a conversation.")


def _forget_rows(store: SQLTrackerStore, conversation: str) -> None:
    with store.session_scope() as session:
        if store.engine.dialect.name == "sqlite":
            # Else what was said stays readable in the file until its page is used again.
            session.execute(text("PRAGMA secure_delete = ON"))
        session.query(store.SQLEvent).filter(store.SQLEvent.sender_id == conversation).delete()
        session.commit()
