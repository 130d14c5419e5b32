"""Ways into every state of the contract, and the checks that hold for every answer."""

from __future__ import annotations

from typing import Any

from palmwise.client.http_client import CoachClient

WAYS: dict[str, tuple[str, ...]] = {
    "none": (),
    "offered": ("my hands are sore",),
    "screening": ("start the classic routine",),
    "preparing": ("start the classic routine", "no"),
    "running": ("start the classic routine", "no", "ready"),
    "paused": ("start the classic routine", "no", "ready", "pause"),
    "finished": ("start the classic routine", "no", "ready", *["next"] * 6),
    "stopped": ("start the classic routine", "no", "ready", "stop"),
}
"""What to say to come from a new conversation into each state."""

CARDS = {
    "step", "paused", "prepare", "screening", "offer", "routines", "overview", "faq", "progress", "duration",
    "technique", "safety", "ease", "finished", "stopped", "help", "note",
}  # fmt: skip
SESSION = {
    "state", "routine", "step", "steps", "technique", "hand", "token", "pace", "minutes", "remaining_seconds",
}  # fmt: skip
PLACE = ("state", "routine", "step", "technique", "hand", "token", "pace", "minutes")


def reach(coach: CoachClient, state: str) -> dict[str, Any]:
    """Talk until the conversation is in `state`; return its last card."""
    card = shown(coach.look()["messages"])
    for words in WAYS[state]:
        card = shown(coach.say(words))
    assert card["session"]["state"] == state
    return card


def shown(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """Check the shape of an answer; return its card."""
    *texts, last = messages
    assert all(message["text"].strip() for message in texts)
    assert not any("custom" in message for message in texts)
    card: dict[str, Any] = last["custom"]
    assert card["card"] in CARDS
    assert set(card["session"]) >= SESSION
    assert card["say"].strip()
    assert all(each["speech"].startswith("/coach/speech?key=") for each in (card, *card.get("cues", ())))
    session = card["session"]
    if session["routine"] is None:
        assert all(session[name] is None for name in SESSION - {"state", "routine"})
    if session["state"] in ("running", "paused"):
        assert 1 <= session["step"] <= session["steps"]
        assert 0 <= card["clock"]["elapsed"] <= card["clock"]["duration"]
        assert card["clock"]["running"] == (session["state"] == "running")
    return card


def place(card: dict[str, Any]) -> dict[str, Any]:
    """What questions and small talk must leave as it is."""
    return {name: card["session"][name] for name in PLACE}


def buttons(messages: list[dict[str, Any]]) -> dict[str, str]:
    """Payloads of the offered buttons by title."""
    found = [button for message in messages for button in message.get("buttons", ())]
    assert len(found) <= 5
    return {button["title"]: button["payload"] for button in found}
