"""Remembered parses equal fresh ones, and hold no words of a person; messages that wait are parsed together."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from palmwise.server.runtime import install
from palmwise.server.runtime.parses import MAX_REMEMBERED_CHARACTERS, MOST_TOGETHER, ParseQueue, RecentParses
from tests.rasa.storage.fakes import wait


class Parser:
    """Parser whose result depends on the text alone; it records what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    async def __call__(self, message: UserMessage) -> dict[str, Any]:
        self.asked.append(message.text)
        text = message.text or ""
        entities = [{"entity": "hand", "value": "left"}] if "left" in text else []
        told = {"text": text, "message_id": message.message_id, "metadata": message.metadata}
        return {**told, "intent": {"name": text.upper()}, "entities": entities, "intent_ranking": [{"name": text}]}


def parsed(parses: RecentParses, text: str, **metadata: str) -> dict[str, Any]:
    message = UserMessage(text, metadata=metadata)
    found = wait(parses(message))
    assert found == wait(Parser()(message))
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
    async def parse(message: UserMessage) -> dict[str, Any]:
        return {"text": message.text, "intent": {"name": "next_step"}}

    parses = RecentParses(parse)
    wait(parses(UserMessage("wet sand")))
    assert "wet" not in repr(vars(parses))
    assert json.dumps(list(parses._known.values())) == '[{"intent": {"name": "next_step"}}]'


class Model:
    """Parses several messages in one run, but fails at some; it records its runs and their threads."""

    def __init__(self) -> None:
        self.runs: list[list[str | None]] = []
        self.threads: set[str] = set()

    def __call__(self, messages: Sequence[UserMessage]) -> list[dict[str, Any]]:
        self.runs.append([message.text for message in messages])
        self.threads.add(threading.current_thread().name)
        if any(message.text == "bad" for message in messages):
            raise ValueError("what somebody said")
        return [{"text": message.text} for message in messages]


async def asked_together(queue: ParseQueue, texts: Sequence[str]) -> list[Any]:
    return list(await asyncio.gather(*(queue.parse(UserMessage(text)) for text in texts), return_exceptions=True))


def test_messages_that_wait_are_parsed_in_one_run_beside_the_loop_and_one_alone_at_once() -> None:
    model = Model()
    texts = [f"text {number}" for number in range(MOST_TOGETHER + 2)]
    assert wait(asked_together(ParseQueue(model), texts)) == [{"text": text} for text in texts]
    assert model.runs == [texts[:MOST_TOGETHER], texts[MOST_TOGETHER:]]
    assert threading.current_thread().name not in model.threads
    alone = Model()
    assert wait(asked_together(ParseQueue(alone), ["one"])) == [{"text": "one"}]
    assert alone.threads == {threading.current_thread().name}


def test_a_message_at_which_the_model_fails_fails_alone() -> None:
    queue = ParseQueue(Model())
    first, bad, last = wait(asked_together(queue, ["first", "bad", "last"]))
    assert (first, last) == ({"text": "first"}, {"text": "last"})
    assert isinstance(bad, ValueError)
    with pytest.raises(ValueError, match="somebody"):
        wait(queue.parse(UserMessage("bad")))


def test_what_is_parsed_together_reads_as_it_does_alone_and_by_rasa(agent: Agent) -> None:
    texts = (
        "which oil should I use",
        "how hard should I press with my thumbs when the hand of somebody old is so very stiff in the morning",
        "done, how long is the next one",
        "step six, no, five",
        "my left arm feels numb and my chest hurts",
        "next",
    )

    async def scenario() -> None:
        by_rasa = [await agent.parse_message(text) for text in texts]
        install(agent)
        together = await asyncio.gather(*(agent.parse_message(text) for text in texts))
        alone = [await agent.parse_message(text) for text in texts]
        for found in zip(by_rasa, together, alone, strict=True):
            first, *others = map(_reading, found)
            assert others == [first, first]

    wait(scenario())


def _reading(parse: dict[str, Any]) -> Any:
    """A parse without what is the message's own; sums depend on the number of rows in their last digits."""
    told = {name: value for name, value in parse.items() if name not in ("message_id", "metadata")}
    return json.loads(json.dumps(told), parse_float=lambda number: round(float(number), 3))


@pytest.fixture
def agent() -> Agent:
    return Agent.load(os.environ.get("PALMWISE_TEST_MODEL") or "models/palmwise.tar.gz")
