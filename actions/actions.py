"""Rasa custom actions: the tracker's message becomes a command, the coach's reply becomes messages.

One action answers every intent: what happens is decided by `palmwise.coach.behaviour`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.session_slot import SLOT, recall
from actions.understanding import command
from palmwise import resources
from palmwise.coach.behaviour import act
from palmwise.coach.content import Content
from palmwise.coach.replies import Reply


class ActionCoach(Action):
    """Lets the coach answer the latest message."""

    def __init__(
        self, content: Callable[[], Content] = resources.content, now: Callable[[], float] = time.time
    ) -> None:
        """`now` gives unix seconds, for messages that came without the server's time."""
        self._content = content
        self._now = now

    def name(self) -> str:
        """The name that the policy calls this action by."""
        return "action_coach"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: DomainDict,  # noqa: ARG002  Rasa's signature
    ) -> list[dict[str, Any]]:
        """Utter the coach's reply; the session it leads to goes into the slot."""
        content = self._content()
        session = recall(tracker.get_slot(SLOT), content)
        now = _time_of(tracker.latest_message) or self._now()
        turn = act(content, session, command(tracker.latest_message, content), now)
        if turn.reply is not None:
            utter(dispatcher, turn.reply)
        return [SlotSet(SLOT, turn.session.to_json())]


def _time_of(message: Mapping[str, Any]) -> float | None:
    """The server's time of a message, unix seconds; None if it came without one. Metadata is not trusted."""
    metadata = message.get("metadata")
    now = metadata.get("now") if isinstance(metadata, Mapping) else None
    return float(now) if isinstance(now, int | float) and not isinstance(now, bool) and math.isfinite(now) else None


def utter(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    """Utter the texts in order, buttons on the last of them, then the one card."""
    buttons = [{"title": button.title, "payload": button.payload} for button in reply.buttons]
    *earlier, last = reply.texts or ("",)
    for text in earlier:
        dispatcher.utter_message(text=text)
    if last or buttons:
        dispatcher.utter_message(text=last, buttons=buttons)
    dispatcher.utter_message(json_message=reply.card.as_json())
