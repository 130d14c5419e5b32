"""The store of a server, used without the server around it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import UserUttered
from rasa.utils.endpoints import EndpointConfig

from palmwise.server.storage.tracker_store import LiveTrackerStore
from tests.cluster.services import Service
from tests.rasa.storage.fakes import DOMAIN, session_start, turn

Postgres = tuple[Service, str]


@contextmanager
def server(postgres: Postgres, **settings: Any) -> Iterator[LiveTrackerStore]:
    """The store of one server; `settings` as in `endpoints.yml`."""
    named = EndpointConfig(url=postgres[1], type="palmwise.server.storage.tracker_store.LiveTrackerStore", **settings)
    made = TrackerStore.create(named, domain=DOMAIN)
    store = getattr(made, "_tracker_store", made)
    assert isinstance(store, LiveTrackerStore)
    try:
        yield store
    finally:
        store.close()
        store.engine.dispose()  # the database waits for whoever is still connected before it ends


async def take(store: LiveTrackerStore, conversation: str, number: int) -> None:
    """One whole turn, with nobody's lock around it."""
    tracker = await store.retrieve(conversation) or store.init_tracker(conversation)
    await asyncio.sleep(0)
    tracker.update_with_events(turn(number) if tracker.events else session_start() + turn(number), DOMAIN)
    await store.save(tracker)


async def said(store: LiveTrackerStore, conversation: str) -> list[str | None]:
    tracker = await store.retrieve_full_tracker(conversation)
    assert tracker is not None
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


def wait(scenario: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(scenario, 60))
