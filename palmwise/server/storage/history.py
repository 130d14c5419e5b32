"""Trackers with a bounded history: old events are replaced by the state that they led to."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    EntitiesAdded,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

PLAIN = (ActionExecuted, BotUttered, DefinePrevUserUtteredFeaturization, EntitiesAdded, SlotSet, UserUttered)
"""Events that do not refer to earlier ones, so that the history before them may be summarized."""
PLAIN_NAMES = frozenset(kind.type_name for kind in PLAIN)


@dataclass(frozen=True)
class Bounds:
    """How much of a session a tracker holds; the store keeps everything."""

    turns: int = 2
    """Messages of the person that stay after the history was shortened. Rules look back one."""
    events: int = 36
    """Events that are held before the history is shortened, about four turns. Rasa replays all of them several times
    a turn: 80 cost a fifth of a turn's CPU time."""
    retries: int = 8
    """Messages whose answers are kept beside the history, for a client that sends one again."""


class LiveTracker(DialogueStateTracker):
    """A tracker that knows which of its events are not stored yet, and which stored event is the newest."""

    def __init__(self, sender_id: str, slots: Iterable[Slot] | None, *arguments: Any, **settings: Any) -> None:
        self.pending: list[Event] = []
        self.version: int | None = None
        self.earlier: list[Event] = []
        """What was said before the history begins: the messages, and their answers."""
        super().__init__(sender_id, slots, *arguments, **settings)

    def update(self, event: Event, domain: Domain | None = None) -> None:
        """Apply `event` and mark it as not stored."""
        super().update(event, domain)
        self.pending.append(event)

    @classmethod
    def stored(cls, sender_id: str, events: Iterable[Event], slots: Iterable[Slot]) -> LiveTracker:
        """A tracker of `events` that are all stored already."""
        tracker = cls(sender_id, slots)
        for event in events:
            tracker.update(event)
        tracker.pending = []
        return tracker


def shorten(tracker: LiveTracker, bounds: Bounds) -> None:
    """Remove the events before the session and, if the history is too long, before the last turns.

    They are replaced by the session's start and the slots that were set, so that every state which Rasa derives by
    replaying the events stays the same. A history that cannot be summarized (active forms, reverted or paused
    conversations) is left as it is until it can.
    """
    events = list(tracker.events)
    start = session_start_index([event.type_name for event in events])
    if start > 0:
        events = events[start:]
    if len(events) > bounds.events:
        events = _shortened(tracker, events, bounds)
    if len(events) != len(tracker.events):
        _keep_earlier(tracker, set(map(id, events)), bounds)
        tracker.events = deque(events, tracker.events.maxlen)


def first_of_last_turns(types: Sequence[str], turns: int) -> int:
    """Index of the user event that begins the last `turns`; 0 if there are too few turns."""
    users = [index for index, name in enumerate(types) if name == UserUttered.type_name]
    return users[-turns] if len(users) > turns else 0


def session_start_index(types: Sequence[str]) -> int:
    """Index of the event that begins the last session; 0 if none does."""
    return max((index for index, name in enumerate(types) if name == SessionStarted.type_name), default=0)


def _keep_earlier(tracker: LiveTracker, kept: set[int], bounds: Bounds) -> None:
    """Keep what was said in the events that are removed; `kept` are the `id()` of those that stay."""
    said = [event for event in tracker.events if isinstance(event, (UserUttered, BotUttered)) and id(event) not in kept]
    earlier = tracker.earlier + said
    tracker.earlier = earlier[first_of_last_turns([event.type_name for event in earlier], bounds.retries) :]


def _shortened(tracker: DialogueStateTracker, events: list[Event], bounds: Bounds) -> list[Event]:
    cut = first_of_last_turns([event.type_name for event in events], bounds.turns)
    if cut == 0 or not _listens(events[cut - 1]) or not all(isinstance(event, PLAIN) for event in events[cut:]):
        return events
    before = DialogueStateTracker.from_events(tracker.sender_id, events[:cut], tracker.slots.values())
    if before.active_loop is not None or before.is_paused():
        return events
    listen = events[cut - 1]
    session = events[0] if isinstance(events[0], SessionStarted) else SessionStarted(timestamp=listen.timestamp)
    carried = [SlotSet(slot.name, slot.value, listen.timestamp) for slot in before.slots.values() if slot.has_been_set]
    # The form that Rasa gives to a session which carries slots over.
    return [session, *carried, listen, *events[cut:]]


def _listens(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME
