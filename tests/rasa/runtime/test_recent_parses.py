"""Remembered parses equal fresh ones, and hold no words of a person."""

from __future__ import annotations

import json
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.trackers import DialogueStateTracker

from palmwise.server.runtime.patches import MAX_REMEMBERED_CHARACTERS, RecentParses


class Parser:
    """Parser whose result depends on the text alone; it records what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    def __call__(self, message: UserMessage, _: DialogueStateTracker, __: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002
        self.asked.append(message.text)
        text = message.text or ""
        entities = [{"entity": "hand", "value": "left"}] if "left" in text else []
        told = {"text": text, "message_id": message.message_id, "metadata": message.metadata}
        return {**told, "intent": {"name": text.upper()}, "entities": entities, "intent_ranking": [{"name": text}]}


TRACKER = DialogueStateTracker("one", [])


def parsed(parses: RecentParses, text: str, **metadata: str) -> dict[str, Any]:
    message = UserMessage(text, metadata=metadata)
    found = parses(message, TRACKER)
    assert found == Parser()(message, TRACKER)
    return found


def test_a_repeated_text_is_parsed_once() -> None:
    parser = Parser()
    parses = RecentParses(parser)
    for _ in range(3):
        parsed(parses, "next", by="person")
        parsed(parses, "go back")
    assert parser.asked == ["next", "go back"]


def test_changes_to_one_result_do_not_reach_the_next() -> None:
    parses = RecentParses(Parser())
    for _ in range(3):
        found = parsed(parses, "next")
        found["intent"]["full_retrieval_intent_name"] = "faq/oils"
        found["entities"].append({"entity": "hand"})


def test_long_texts_and_parses_with_entities_are_not_remembered() -> None:
    parser = Parser()
    parses = RecentParses(parser)
    for text in ("x" * (MAX_REMEMBERED_CHARACTERS + 1), "the left hand"):
        parsed(parses, text)
        parsed(parses, text)
    assert len(parser.asked) == 4


def test_the_least_recent_parse_is_dropped_first() -> None:
    parser = Parser()
    parses = RecentParses(parser, size=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        parsed(parses, text)
    assert parser.asked == ["a", "b", "c", "b"]


def test_no_words_are_stored() -> None:
    parses = RecentParses(lambda message, _, __: {"text": message.text, "intent": {"name": "next_step"}})
    parses(UserMessage("wet sand"), TRACKER)
    assert "wet" not in repr(vars(parses))
    assert json.dumps(list(parses._known.values())) == '[{"intent": {"name": "next_step"}}]'
