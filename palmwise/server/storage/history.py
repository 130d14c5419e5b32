"""Trackers with a bounded history: events are cut, the state stays."""

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
"""Events that concern no earlier one, so that what went before may be told shorter."""
PLAIN_NAMES = frozenset(kind.type_name for kind in PLAIN)


@dataclass(frozen=True)
class Bounds:
    """How much of a session a tracker remembers; the store keeps everything."""

    turns: int = 8
    """Of the person, left after the history was shortened; rules look back one, a message sent again some more."""
    events: int = 80
    """In the history before it is shortened: of nine turns or so, which take 30 kB each in memory."""


class LiveTracker(DialogueStateTracker):
    """A tracker that knows which of its events are not stored yet."""

    def __init__(self, sender_id: str, slots: Iterable[Slot] | None, *arguments: Any, **settings: Any) -> None:
        self.pending: list[Event] = []
        self.version: int | None = None
        super().__init__(sender_id, slots, *arguments, **settings)

    def update(self, event: Event, domain: Domain | None = None) -> None:
        """Applies `event` and remembers that it is new."""
        super().update(event, domain)
        self.pending.append(event)

    @classmethod
    def stored(cls, sender_id: str, events: Iterable[Event], slots: Iterable[Slot]) -> LiveTracker:
        """A tracker of `events` that are all in the store already."""
        tracker = cls(sender_id, slots)
        for event in events:
            tracker.update(event)
        tracker.pending = []
        return tracker


def shorten(tracker: DialogueStateTracker, bounds: Bounds) -> None:
    """Cuts off what lies before the session and, when the history is too long, before the last turns.

    What is cut is replaced by what it came to: the session's start and the slots that were set. Every state that Rasa
    derives by replaying the history stays what it was. A history that cannot be told shorter (forms, reverted or
    paused conversations) is left as it is until it can.
    """
    events = list(tracker.events)
    start = _session_start(events)
    if start > 0:
        events = events[start:]
    if len(events) > bounds.events:
        events = _shortened(tracker, events, bounds)
    if len(events) != len(tracker.events):
        tracker.events = deque(events, tracker.events.maxlen)


def cut_for(types: Sequence[str], bounds: Bounds) -> int:
    """Index of the user event that begins the last turns, or 0 when there are not enough of them."""
    users = [index for index, name in enumerate(types) if name == UserUttered.type_name]
    return users[-bounds.turns] if len(users) > bounds.turns else 0


def head(session: Event | None, slots: Iterable[SlotSet], listen: Event) -> list[Event]:
    """How a session begins that carries `slots` over, in the form that Rasa gives it."""
    return [session or SessionStarted(timestamp=listen.timestamp), *slots, listen]


def _session_start(events: Sequence[Event]) -> int:
    return max((index for index, event in enumerate(events) if isinstance(event, SessionStarted)), default=0)


def _shortened(tracker: DialogueStateTracker, events: list[Event], bounds: Bounds) -> list[Event]:
    cut = cut_for([event.type_name for event in events], bounds)
    if cut == 0 or not _listens(events[cut - 1]) or not all(isinstance(event, PLAIN) for event in events[cut:]):
        return events
    before = DialogueStateTracker.from_events(tracker.sender_id, events[:cut], tracker.slots.values())
    if before.active_loop is not None or before.is_paused():
        return events
    session = events[0] if isinstance(events[0], SessionStarted) else None
    listen = events[cut - 1]
    carried = [SlotSet(slot.name, slot.value, listen.timestamp) for slot in before.slots.values() if slot.has_been_set]
    return head(session, carried, listen) + events[cut:]


def _listens(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME
