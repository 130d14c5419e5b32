"""Custom actions that do what actions may do, and what they must not."""

# ruff: noqa: ARG002 - every action takes what Rasa gives

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection
from rasa_sdk.types import DomainDict


class Answers(Action):
    def name(self) -> str:
        return "action_answers"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        dispatcher.utter_message(text="Hello.", buttons=[{"title": "Next", "payload": "/next_step"}])
        dispatcher.utter_message(json_message={"card": "note", "pair": (1, 2)})
        value = {"seen": tracker.get_slot("coach_session"), "texts": [e.get("text") for e in tracker.events], 1: "one"}
        return [{"event": "slot", "timestamp": None, "name": "coach_session", "value": value}]


class Meddles(Action):
    def name(self) -> str:
        return "action_meddles"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        tracker.slots["coach_session"]["step"] = "changed"
        tracker.latest_message["text"] = "changed"
        for event in tracker.events:
            event.clear()
        domain["actions"].clear()
        return []


class Rejects(Action):
    def name(self) -> str:
        return "action_rejects"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        raise ActionExecutionRejection(self.name(), "not now")


class Breaks(Action):
    def name(self) -> str:
        return "action_breaks"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        raise ValueError("what somebody said")
