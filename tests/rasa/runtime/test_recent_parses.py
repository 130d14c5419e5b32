"""A short text that was understood before is understood the same, and leaves no word behind."""

from __future__ import annotations

import json
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.trackers import DialogueStateTracker

from palmwise.server.runtime import recent_parses
from palmwise.server.runtime.recent_parses import LONGEST, RecentParses


class Parser:
    """Understands each text by itself, and counts."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    def __call__(self, message: UserMessage, _: DialogueStateTracker, __: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002
        self.asked.append(message.text)
        text = message.text or ""
        entities = [{"entity": "hand", "value": "left"}] if "left" in text else []
        told = {"text": text, "message_id": message.message_id, "metadata": message.metadata}
        return {**told, "intent": {"name": text.upper()}, "entities": entities, "intent_ranking": [{"name": text}]}


TRACKER = DialogueStateTracker("one", [])


def heard(parses: RecentParses, text: str, **metadata: str) -> dict[str, Any]:
    message = UserMessage(text, metadata=metadata)
    found = parses(message, TRACKER)
    assert found == Parser()(message, TRACKER)
    return found


def test_what_is_said_again_is_not_worked_out_again() -> None:
    parser = Parser()
    parses = RecentParses(parser)
    for _ in range(3):
        heard(parses, "next", by="person")
        heard(parses, "go back")
    assert parser.asked == ["next", "go back"]


def test_what_rasa_writes_into_one_answer_is_not_in_the_next() -> None:
    parses = RecentParses(Parser())
    for _ in range(3):
        found = heard(parses, "next")
        found["intent"]["full_retrieval_intent_name"] = "faq/oils"
        found["entities"].append({"entity": "hand"})


def test_what_is_long_or_repeats_words_is_not_remembered() -> None:
    parser = Parser()
    parses = RecentParses(parser)
    for text in ("x" * (LONGEST + 1), "the left hand"):
        heard(parses, text)
        heard(parses, text)
    assert len(parser.asked) == 4


def test_only_so_many_are_remembered(monkeypatch: Any) -> None:
    monkeypatch.setattr(recent_parses, "REMEMBERED", 2)
    parser = Parser()
    parses = RecentParses(parser)
    for text in ("a", "b", "a", "c", "a", "b"):
        heard(parses, text)
    assert parser.asked == ["a", "b", "c", "b"]


def test_no_words_are_kept() -> None:
    parses = RecentParses(lambda message, _, __: {"text": message.text, "intent": {"name": "next_step"}})
    parses(UserMessage("wet sand"), TRACKER)
    assert "wet" not in repr(vars(parses))
    assert json.dumps(list(parses._known.values())) == '[{"intent": {"name": "next_step"}}]'
