"""Collects what the actions utter, as the contract's messages."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel

from palmwise.coach.cards import Reply

NAME = "coach"

Messages = list[dict[str, Any]]
"""Rasa's message objects, as they go out."""


class CoachOutput(CollectingOutputChannel):
    """Rasa's collector, which leaves a text with blank lines in one piece."""

    @classmethod
    def name(cls) -> str:
        """The channel that the answers go to."""
        return NAME

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:
        """Keep one text as one message."""
        await self._persist_message(self._message(recipient_id, text=text))


def messages(recipient_id: str, reply: Reply) -> Messages:
    """The same messages for a reply that no action uttered."""
    told: Messages = [{"recipient_id": recipient_id, "text": text} for text in reply.texts]
    if reply.buttons:
        if not told:
            told.append({"recipient_id": recipient_id, "text": ""})
        told[-1]["buttons"] = [{"title": button.title, "payload": button.payload} for button in reply.buttons]
    return [*told, {"recipient_id": recipient_id, "custom": dict(reply.custom)}]
