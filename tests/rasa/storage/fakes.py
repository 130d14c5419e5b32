"""A small domain, a small database, and conversations to try the engine with."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from palmwise.server.storage.tracker_store import LiveTrackerStore

Result = TypeVar("Result")

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [next_step, pause]
actions: [action_coach]
slots:
  coach_session: {type: any, influence_conversation: false, mappings: [{type: custom}]}
  name: {type: text, influence_conversation: true, mappings: [{type: custom}]}
  pace: {type: float, initial_value: 1.0, influence_conversation: true, mappings: [{type: custom}]}
"""
)


def wait(coroutine: Coroutine[Any, Any, Result]) -> Result:
    return asyncio.run(coroutine)


@contextmanager
def live_store(path: Path, **settings: Any) -> Iterator[LiveTrackerStore]:
    store = LiveTrackerStore(DOMAIN, db=str(path), **settings)
    try:
        yield store
    finally:
        store.close()


def stock_store(path: Path) -> SQLTrackerStore:
    return SQLTrackerStore(DOMAIN, dialect="sqlite", db=str(path))


def session_start() -> list[Event]:
    return [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted(), ActionExecuted(ACTION_LISTEN_NAME)]


def turn(number: int, *extra: Event) -> list[Event]:
    intent: Any = {"name": ("next_step", "pause")[number % 2], "confidence": 1.0}
    parsed: Any = {"text": f"say {number}", "intent": intent, "entities": []}
    return [
        UserUttered(f"say {number}", intent, [], parsed),
        ActionExecuted("action_coach"),
        *extra,
        BotUttered(f"step {number}", {"custom": {"card": "step", "n": number}}),
        SlotSet("coach_session", {"step": number, "plan": [1, 2, 3]}),
        ActionExecuted(ACTION_LISTEN_NAME),
    ]


async def play(store: LiveTrackerStore | SQLTrackerStore, sender: str, turns: list[list[Event]]) -> None:
    """Runs each of `turns` as Rasa does: retrieve, update, save."""
    for events in turns:
        tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        for event in events:
            tracker.update(event)
        await store.save(tracker)


def step(tracker: DialogueStateTracker | None) -> Any:
    """The step that the conversation is at."""
    assert tracker is not None
    return tracker.current_slot_values()["coach_session"]["step"]


def there(tracker: DialogueStateTracker | None) -> DialogueStateTracker:
    """The tracker, which has to be there."""
    assert tracker is not None
    return tracker


def state(tracker: DialogueStateTracker | None) -> dict[str, Any]:
    """All that an action or a policy can know of now."""
    assert tracker is not None
    return {
        "slots": tracker.current_slot_values(),
        "set": sorted(slot.name for slot in tracker.slots.values() if slot.has_been_set),
        "latest_message": _said(tracker.latest_message),
        "latest_action": tracker.latest_action,
        "latest_bot_utterance": _said(tracker.latest_bot_utterance),
        "active_loop": tracker.active_loop,
        "paused": tracker.is_paused(),
        "followup_action": tracker.followup_action,
    }


def _said(event: Event | None) -> dict[str, Any]:
    """What was said, without its time: what a tracker invents for a beginning is as old as the tracker."""
    return {key: value for key, value in (event.as_dict() if event else {}).items() if key != "timestamp"}


def timestamps() -> Iterator[float]:
    """Scripted time: one second an event."""
    return itertools.count(1_700_000_000.0)
