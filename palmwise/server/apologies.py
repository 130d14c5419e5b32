"""What a person hears when a turn fails: sorry, and where they are."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from palmwise.coach.cards import Reply
from palmwise.server import turns
from palmwise.server.output import Messages, messages

APOLOGY = "Sorry, something went wrong on my side. Your place is kept. Could you say that once more?"
UNSURE = "Sorry, I am not sure that I heard that. Here is where we are."
"""Where a turn may be kept after all, so that to say it once more could do it twice."""
SEEN = 1000
"""Conversations whose last card is known without asking the store."""


def apology(conversation: str, custom: Mapping[str, Any], words: str = APOLOGY) -> Messages:
    """`words` on a card that shows the place of `custom`, another card's."""
    turn = turns.current()
    if turn is not None:
        turn.outcome = "apology"
    card = {**custom, "card": "note", "title": "Sorry", "say": words}
    return messages(conversation, Reply(texts=(words,), buttons=(), custom=card))


class Seen:
    """The last card of each conversation, for when the store, which has the place, does not answer."""

    def __init__(self, now: Callable[[], float]) -> None:
        """`now` gives seconds since 1970."""
        self._now = now
        self._cards: OrderedDict[str, tuple[dict[str, Any], float]] = OrderedDict()

    def __contains__(self, conversation: str) -> bool:
        """Whether its last card is known."""
        return conversation in self._cards

    def see(self, conversation: str, custom: dict[str, Any]) -> None:
        """This card was sent just now."""
        self.drop(conversation)
        self._cards[conversation] = custom, self._now()
        if len(self._cards) > SEEN:
            self._cards.popitem(last=False)

    def drop(self, conversation: str) -> None:
        """Forgets its card, if there is one."""
        self._cards.pop(conversation, None)

    def clear(self) -> None:
        """Forgets them all."""
        self._cards.clear()

    def apology(self, conversation: str, words: str) -> Messages:
        """An apology with the place as it was seen last, its clock gone on since."""
        custom, at = self._cards[conversation]
        card = {"session": custom["session"], "clock": custom.get("clock")}
        clock = card["clock"]
        if clock and clock["running"]:
            gone, lead_in = max(0.0, self._now() - at), clock.get("lead_in", 0.0)
            elapsed = min(clock["duration"], clock["elapsed"] + max(0.0, gone - lead_in))
            card["clock"] = {**clock, "elapsed": elapsed, "lead_in": max(0.0, lead_in - gone)}
        return apology(conversation, {name: value for name, value in card.items() if value}, words)
