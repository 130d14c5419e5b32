"""Knows a message again that was answered before."""

from __future__ import annotations

from collections.abc import Sequence

from rasa.shared.core.events import BotUttered, Event, UserUttered


def answers_to(name: str, events: Sequence[Event]) -> list[BotUttered] | None:
    """What the client's message `name` was answered with, if these events (oldest first) hold it.

    Others may have been said in between: who gave up on an answer says "stop" first. What is remembered of a
    conversation goes back eight messages or more (`palmwise.server.runtime.history.Bounds`).
    """
    answers: list[BotUttered] = []
    for event in reversed(events):
        if isinstance(event, BotUttered):
            answers.append(event)
        elif isinstance(event, UserUttered):
            if (event.metadata or {}).get("id") == name:
                return answers[::-1]
            answers.clear()
    return None
