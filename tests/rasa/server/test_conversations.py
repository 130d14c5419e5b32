"""Conversations with a real store and real locks, but without a server."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
from collections.abc import Coroutine
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered

from palmwise import resources
from palmwise.errors import StoreUnavailableError, UnsureError
from palmwise.server.conversations import Conversations
from palmwise.server.messages import ClientMessage, parse_message
from palmwise.server.storage.locks import LiveLockStore
from palmwise.server.storage.tracker_store import LiveTrackerStore
from tests.rasa.storage.fakes import DOMAIN, live_store, play, session_start, turn


def wait(scenario: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(scenario, 20))


class Answering:
    """In the place of Rasa's processor: does what it is told, numbered, and keeps it."""

    def __init__(self, store: LiveTrackerStore) -> None:
        self.store = store
        self.done: list[str | None] = []

    async def handle_message(self, message: UserMessage) -> None:
        tracker = await self.store.get_or_create_tracker(message.sender_id, append_action_listen=False)
        self.done.append(message.text)
        answer: dict[str, Any] = {"text": f"{len(self.done)}: {message.text}", "custom": {"session": {}}}
        said = UserUttered(message.text, {"name": "next_step"}, metadata=message.metadata)
        told = BotUttered(answer["text"], {"custom": answer["custom"]})
        tracker.update_with_events([said, told, ActionExecuted("action_listen")], DOMAIN)
        assert message.output_channel is not None
        await message.output_channel.send_response(message.sender_id, answer)
        await self.store.save(tracker)


def agent(store: LiveTrackerStore) -> Any:
    """What of Rasa's agent a conversation needs."""
    return SimpleNamespace(tracker_store=store, lock_store=LiveLockStore(), processor=Answering(store))


def saying(text: str, name: str | None) -> ClientMessage:
    return parse_message({"text": text, "id": name}, frozenset(), 100)


def test_a_deletion_is_finished_when_the_client_hangs_up(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "c.db") as store:
            rasa, conversation = agent(store), secrets.token_urlsafe(24)
            await play(store, conversation, [session_start(), turn(1)])
            async with rasa.lock_store.lock(conversation):  # an answer is on its way
                asked = asyncio.create_task(Conversations(resources.content).delete(rasa, conversation))
                await asyncio.sleep(0.05)
                asked.cancel()
                await asyncio.gather(asked, return_exceptions=True)
            while await store.exists(conversation):  # noqa: ASYNC110 - nobody is left who could be told
                await asyncio.sleep(0.05)

    wait(scenario())


@pytest.mark.parametrize("others", ["no other server", "other servers"])
def test_a_retried_message_is_handled_once_even_after_others(others: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "c.db", shared=others == "other servers") as store:
            rasa, conversation, conversations = (
                agent(store),
                secrets.token_urlsafe(24),
                Conversations(resources.content),
            )
            await play(store, conversation, [session_start()])
            answers: dict[str, Any] = {}
            for number in range(30):
                name = f"m{number}"
                answers[name] = await conversations.deliver(rasa, conversation, saying(f"say {number}", name))
                for earlier in list(answers)[-7:]:
                    again = await conversations.deliver(rasa, conversation, saying("say it", earlier))
                    assert again == answers[earlier]
                await conversations.deliver(rasa, conversation, saying("nameless", None)) if number == 7 else None
            assert rasa.processor.done.count("nameless") == 1
            assert len(rasa.processor.done) == 31

    wait(scenario())


@pytest.mark.parametrize("others", ["no other server", "other servers"])
def test_a_spoken_deletion_request_deletes_and_keeps_the_conversation_open(others: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "c.db", shared=others == "other servers") as store:
            rasa, conversations = agent(store), Conversations(resources.content)
            conversation = await conversations.open(rasa)
            await conversations.deliver(rasa, conversation, saying("my wrist is stiff", "a"))
            before = await store.events(conversation)
            (told, card) = await conversations.deliver(rasa, conversation, saying("delete everything I said", "b"))
            assert "deleted" in told["text"]
            assert card["custom"]["forgotten"] is True
            after = await store.events(conversation)
            assert any(isinstance(event, UserUttered) for event in before)
            assert not any(isinstance(event, (UserUttered, BotUttered)) for event in after)
            assert rasa.processor.done == ["my wrist is stiff"]
            assert await conversations.deliver(rasa, conversation, saying("next", "c"))

    wait(scenario())
    assert not [file for file in tmp_path.iterdir() if b"stiff" in file.read_bytes()]


@pytest.mark.parametrize(("answer", "is_deleted"), [("yes please", True), ("no", False), ("next", False)])
def test_a_deletion_that_was_only_heard_is_asked_about_once(answer: str, *, is_deleted: bool, tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "c.db") as store:
            rasa, conversations = agent(store), Conversations(resources.content)
            conversation = await conversations.open(rasa)
            await conversations.deliver(rasa, conversation, saying("my wrist is stiff", "a"))
            heard = parse_message({"text": "delete everything I said", "heard": True, "id": "b"}, frozenset(), 100)
            for _ in range(2):  # sent again, since the answer was lost
                (asked, card) = await conversations.deliver(rasa, conversation, heard)
                assert "Shall I delete" in asked["text"]
                assert not card["custom"].get("forgotten")
            (_, card) = await conversations.deliver(rasa, conversation, saying(answer, "c"))
            assert bool(card["custom"].get("forgotten")) == is_deleted if is_deleted else True
            assert any(isinstance(event, UserUttered) for event in await store.events(conversation)) != is_deleted

    wait(scenario())


def test_a_damaged_conversation_begins_again_kindly(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "c.db", live=0) as store:
            rasa, conversations = agent(store), Conversations(resources.content)
            conversation = await conversations.open(rasa)
            await conversations.deliver(rasa, conversation, saying("my wrist is stiff", "a"))
            for way in ("message", "look"):
                with sqlite3.connect(tmp_path / "c.db") as writer:
                    writer.execute("UPDATE events SET data = '{oops' WHERE type_name = 'user'")
                if way == "message":
                    messages = await conversations.deliver(rasa, conversation, saying("next", "b"))
                else:
                    messages = (await conversations.current(rasa, conversation))["messages"]
                assert "lost our place" in messages[0]["text"]
                assert messages[-1]["custom"]["session"]["state"] == "none"
                assert await conversations.deliver(rasa, conversation, saying("next", f"{way} c"))

    wait(scenario())


@pytest.mark.parametrize(("error", "words"), [(StoreUnavailableError, "once more"), (UnsureError, "not sure")])
def test_an_apology_asks_for_a_repetition_only_where_nothing_was_stored(
    error: type[Exception], words: str, tmp_path: Path
) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "c.db") as store:
            rasa, conversation, conversations = (
                agent(store),
                secrets.token_urlsafe(24),
                Conversations(resources.content),
            )
            await play(store, conversation, [session_start()])
            await conversations.deliver(rasa, conversation, saying("next", None))

            async def handle_message(_: UserMessage) -> None:
                raise error("away")

            rasa.processor.handle_message = handle_message
            (told, card) = await conversations.deliver(rasa, conversation, saying("next", None))
            assert words in told["text"]
            assert card["custom"]["card"] == "note"

    wait(scenario())
