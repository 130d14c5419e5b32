"""What all actions of the coach have in common."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.library import library
from actions.memory import SLOT, recall
from actions.understanding import command, is_slashed
from palmwise.coach.act import act
from palmwise.coach.cards import Reply
from palmwise.coach.content import Content

FALLBACK = "nlu_fallback"


class CoachAction(Action, ABC):
    """Lets the heart answer one intent.

    `safety`: words after a slash are taken for nonsense, except by the actions that must never be missed.
    """

    safety: ClassVar[bool] = False

    @property
    @abstractmethod
    def intent(self) -> str:
        """The intent that this action answers; abstract so that Rasa's executor does not register this base."""

    def __init__(self, content: Callable[[], Content] = library, now: Callable[[], float] = time.time) -> None:
        """`now` gives seconds since 1970."""
        self._content = content
        self._now = now

    def name(self) -> str:
        """The name that the rules call this action by."""
        return f"action_{self.intent}"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: DomainDict,  # noqa: ARG002  Rasa's signature
    ) -> list[dict[str, Any]]:
        """Utter the coach's reply; the session it leads to goes into the slot."""
        message = tracker.latest_message
        intent = FALLBACK if is_slashed(message) and not self.safety else self.intent
        content = self._content()
        turn = act(content, recall(tracker.get_slot(SLOT), content), command(message, intent, content), self._now())
        if turn.reply is not None:
            utter(dispatcher, turn.reply)
        return [SlotSet(SLOT, turn.session.to_json())]


def utter(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    """Texts in order, buttons on the last of them, then the one card."""
    buttons = [{"title": button.title, "payload": button.payload} for button in reply.buttons]
    *earlier, last = reply.texts or ("",)
    for text in earlier:
        dispatcher.utter_message(text=text)
    if last or buttons:
        dispatcher.utter_message(text=last, buttons=buttons)
    dispatcher.utter_message(json_message=dict(reply.custom))
