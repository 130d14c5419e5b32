"""Conversations: opening, messages, the current card, deletion, and apologies for failed turns."""

from __future__ import annotations

import asyncio
import functools
import logging
import re
import secrets
import traceback
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from rasa.core.agent import Agent
from rasa.core.lock_store import LockError
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered, Event, UserUttered

from actions.session_slot import SLOT, recall
from palmwise import resources
from palmwise.coach import talk
from palmwise.coach.behaviour import plan, view
from palmwise.coach.cards import as_json
from palmwise.coach.commands import ClockReport, Command
from palmwise.coach.content import Content
from palmwise.coach.replies import Reply, payloads
from palmwise.coach.session import Session
from palmwise.coach.turns import is_due
from palmwise.errors import (
    DamagedConversationError,
    LockUnavailableError,
    RefusedError,
    StaleTurnError,
    StoreFullError,
    StoreUnavailableError,
    UnsureError,
)
from palmwise.server.clock import SERVER_CLOCK
from palmwise.server.messages import (
    ClientMessage,
    CoachOutput,
    Messages,
    emoji_as_words,
    to_rasa_messages,
    to_user_message,
)
from palmwise.server.metrics import current_turn, timed_lock
from palmwise.server.storage.tracker_store import LiveTrackerStore

APOLOGY = "Sorry, something went wrong on my side. Your place is kept. Could you say that once more?"
AWAY = "Sorry, I cannot reach my notes just now. Here is where we were. Could you say that once more?"
"""Apology while the store does not answer: nothing is known of what it keeps."""
DAMAGED = "Sorry, my notes of our conversation cannot be read any more, so I have lost our place. Let us begin again."
UNSURE = "Sorry, I am not sure that I heard that. Here is where we are."
"""Apology where the turn may have been stored after all, so that repeating it could do it twice."""
FULL_RETRY = 300
"""Seconds after which a new conversation may be asked for again, where there was no room."""
QUESTION_SECONDS = 60.0
"""Time to confirm that everything is to be deleted."""
MAX_LAST_CARDS = 1000
"""Conversations whose last card is cached."""
MAX_KNOWN = 10_000
"""Conversations that are known to exist without asking the store."""
_ID = re.compile(r"[A-Za-z0-9_-]{22,64}")

logger = logging.getLogger(__name__)


@functools.cache
def allowed_payloads() -> frozenset[str]:
    """Every payload that a button or a timer of the coach may send."""
    return payloads(resources.content())


class Conversations:
    """What the routes do. Messages of a conversation are handled one at a time, in order, by Rasa's lock store."""

    def __init__(self, content: Callable[[], Content], now: Callable[[], float] = SERVER_CLOCK.now) -> None:
        """`now` gives seconds since 1970."""
        self._content = content
        self._now = now
        self._known: OrderedDict[str, None] = OrderedDict()
        self._last_cards = LastCards(now)
        self._asked_to_delete = DeletionQuestions(now)

    async def open(self, agent: Agent) -> str:
        """Store a new conversation and return its id, which has 192 random bits."""
        _processor(agent)
        conversation = secrets.token_urlsafe(24)
        try:
            await _store(agent).open(conversation)
        except StoreFullError:
            detail = "The coach takes no new conversations just now. Please try again later."
            raise RefusedError(503, "full", detail, FULL_RETRY) from None
        self._remember(conversation)
        return conversation

    async def require(self, agent: Agent, conversation: str, *, ask_shared_store: bool = True) -> None:
        """Raise `RefusedError` 404 for an id that was never given, or whose conversation was deleted.

        Another server may have deleted it, so a shared store is asked, unless `ask_shared_store` is false.
        """
        store = _store(agent)
        if conversation in self._known and not (store.shared and ask_shared_store):
            self._known.move_to_end(conversation)
            return
        if _ID.fullmatch(conversation) is None or not await store.exists(conversation):
            raise _unknown()
        self._remember(conversation)

    async def deliver(self, agent: Agent, conversation: str, message: ClientMessage) -> Messages:
        """Answer a message; the answer to a late timer is empty. Raises `RefusedError` 404.

        The turn goes on if the client hangs up: a message is answered and stored, or neither.
        """
        return await asyncio.shield(asyncio.ensure_future(self._deliver(agent, conversation, message)))

    async def current(self, agent: Agent, conversation: str) -> dict[str, Any]:
        """Return `session` as the contract shows it, the current card's `messages`, and the `plan` while at a step.

        Raises `RefusedError` 404.
        """
        await self.require(agent, conversation)
        async with agent.lock_store.lock(conversation):
            try:
                session = await self._session(agent, conversation)
                reply = self._view(session)
            except DamagedConversationError:
                messages = await self._begin_again(agent, conversation)
                return {"session": messages[-1]["custom"]["session"], "messages": messages}
        steps = plan(self._content(), session, self._now())
        found = {"session": reply.custom["session"], "messages": to_rasa_messages(conversation, reply)}
        return {**found, "plan": as_json(steps)} if steps else found

    async def delete(self, agent: Agent, conversation: str) -> None:
        """Delete all events of the conversation, and its id. Raises `RefusedError` 404.

        The deletion goes on if the client hangs up: a page is often closed right after asking for it.
        """
        await asyncio.shield(asyncio.ensure_future(self._delete(agent, conversation)))

    def clear_caches(self) -> None:
        """Forget which conversations exist, since some may have been deleted."""
        self._known.clear()
        self._last_cards.clear()

    async def _delete(self, agent: Agent, conversation: str) -> None:
        await self.require(agent, conversation)
        async with agent.lock_store.lock(conversation):
            self._known.pop(conversation, None)
            self._last_cards.remove(conversation)
            await _store(agent).delete(conversation)

    async def _deliver(self, agent: Agent, conversation: str, message: ClientMessage) -> Messages:
        try:
            try:
                messages = await self._deliver_locked(agent, conversation, message)
            except StaleTurnError:
                # Nothing of the turn was stored: it is taken again, from where the conversation is now.
                messages = await self._deliver_locked(agent, conversation, message)
        except (LockError, LockUnavailableError, StoreUnavailableError) as error:
            # A client that named its message sends it again when it gets the error, and can do so safely.
            if message.id is not None or conversation not in self._last_cards:
                raise
            return self._last_cards.apology(conversation, _apology_for(error))
        if messages:
            self._last_cards.put(conversation, messages[-1]["custom"])
        return messages

    async def _deliver_locked(self, agent: Agent, conversation: str, message: ClientMessage) -> Messages:
        await self.require(agent, conversation, ask_shared_store=False)
        async with timed_lock(agent, conversation):
            # It may have been deleted: here while this message waited, or by another server at any time.
            await self.require(agent, conversation)
            try:
                if (
                    message.text
                    and not message.slashed
                    and (told := await self._deletion(agent, conversation, message))
                ):
                    return told
                return await self._answer(agent, conversation, message)
            except DamagedConversationError:
                return await self._begin_again(agent, conversation)

    async def _answer(self, agent: Agent, conversation: str, message: ClientMessage) -> Messages:
        answers = answers_to(message.id, await _store(agent).events(conversation)) if message.id else None
        output = CoachOutput()
        if answers is None:
            await self._handle(agent, conversation, message, output)
        for answer in answers or ():
            await output.send_response(conversation, answer.message())
        if output.messages:
            return list(output.messages)
        return await self._without_answer(agent, conversation, message)

    async def _deletion(self, agent: Agent, conversation: str, message: ClientMessage) -> Messages | None:
        """Answer a message that asks for the deletion of everything said; None for any other.

        Whoever was only heard may be a film, so that is asked once.
        """
        text = message.text or ""
        asked = self._asked_to_delete.take(conversation, message.id)
        is_request = talk.is_deletion_request(self._content(), text)
        if (is_request and not message.heard) or (
            asked and (is_request or talk.confirms_deletion(self._content(), text))
        ):
            return await self._delete_history(agent, conversation)
        if not is_request:
            return None
        self._asked_to_delete.put(conversation, message.id)
        session = await self._session(agent, conversation)
        return to_rasa_messages(conversation, talk.deletion_question(self._content(), session, self._now()))

    async def _delete_history(self, agent: Agent, conversation: str) -> Messages:
        """Delete what was said but keep the id: whoever asked for it in words goes on talking."""
        await _store(agent).delete(conversation)
        await _store(agent).open(conversation)
        reply = talk.deletion_reply(self._content(), recall(None, self._content()), self._now())
        return to_rasa_messages(conversation, reply)

    async def _begin_again(self, agent: Agent, conversation: str) -> Messages:
        """Delete what cannot be read, and say so."""
        logger.warning("A stored conversation could not be read; it begins anew.")
        await _store(agent).delete(conversation)
        await _store(agent).open(conversation)
        return apology(conversation, self._view(recall(None, self._content())).custom, DAMAGED)

    async def _handle(self, agent: Agent, conversation: str, message: ClientMessage, output: CoachOutput) -> None:
        """Let Rasa handle the message; `output` is empty if it fails."""
        spoken = emoji_as_words(message, self._content().words_of_emoji)
        try:
            await _processor(agent).handle_message(to_user_message(conversation, spoken, output, self._now()))
        except (StoreUnavailableError, DamagedConversationError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever fails in Rasa or an action, the person is answered
            # The text of the error may quote what was said.
            place = "".join(traceback.format_tb(error.__traceback__))
            logger.error("A turn failed: %s\n%s", type(error).__name__, place)  # noqa: TRY400
            output.messages.clear()

    async def _without_answer(self, agent: Agent, conversation: str, message: ClientMessage) -> Messages:
        """An apology, or silence if a timer spoke for a step that is over, or before its time."""
        session = await self._session(agent, conversation)
        reply = self._view(session)
        if message.by == "timer" and not is_due(session, _timer_command(message)):
            return []
        return apology(conversation, reply.custom)

    def _view(self, session: Session) -> Reply:
        """The card of what is on. Raises `DamagedConversationError` if the session makes none."""
        try:
            return view(self._content(), session, self._now())
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
            raise DamagedConversationError("A stored session cannot be shown.") from error

    async def _session(self, agent: Agent, conversation: str) -> Session:
        # Retrieving a tracker would claim it for a turn.
        tracker = await _store(agent).peek(conversation)
        return recall(tracker.get_slot(SLOT) if tracker else None, self._content())

    def _remember(self, conversation: str) -> None:
        self._known[conversation] = None
        if len(self._known) > MAX_KNOWN:
            self._known.popitem(last=False)


class DeletionQuestions:
    """Conversations that were asked whether everything is to be deleted, until the next message."""

    def __init__(self, now: Callable[[], float]) -> None:
        """`now` gives seconds since 1970."""
        self._now = now
        self._asked: OrderedDict[str, tuple[float, str | None]] = OrderedDict()

    def put(self, conversation: str, message_id: str | None) -> None:
        """Note that the message of this id was answered by the question."""
        self._asked[conversation] = self._now(), message_id
        if len(self._asked) > MAX_LAST_CARDS:
            self._asked.popitem(last=False)

    def take(self, conversation: str, message_id: str | None) -> bool:
        """Whether the question was asked just now; the same message, sent again, is no answer to it."""
        at, asked_by = self._asked.pop(conversation, (0.0, None))
        is_repeated = message_id is not None and message_id == asked_by
        return not is_repeated and self._now() - at < QUESTION_SECONDS


class LastCards:
    """Cache of each conversation's last card, for apologies while the store, which has the place, does not answer."""

    def __init__(self, now: Callable[[], float]) -> None:
        """`now` gives seconds since 1970."""
        self._now = now
        self._cards: OrderedDict[str, tuple[dict[str, Any], float]] = OrderedDict()

    def __contains__(self, conversation: str) -> bool:
        return conversation in self._cards

    def put(self, conversation: str, custom: dict[str, Any]) -> None:
        """Keep the card that was sent just now."""
        self.remove(conversation)
        self._cards[conversation] = custom, self._now()
        if len(self._cards) > MAX_LAST_CARDS:
            self._cards.popitem(last=False)

    def remove(self, conversation: str) -> None:
        """Remove the conversation's card, if there is one."""
        self._cards.pop(conversation, None)

    def clear(self) -> None:
        """Remove all cards."""
        self._cards.clear()

    def apology(self, conversation: str, words: str) -> Messages:
        """An apology that shows the last card's place, with its clock advanced to now."""
        custom, at = self._cards[conversation]
        card = {"session": custom["session"], "clock": custom.get("clock")}
        clock = card["clock"]
        if clock and clock["running"]:
            passed, lead_in = max(0.0, self._now() - at), clock.get("lead_in", 0.0)
            elapsed = min(clock["duration"], clock["elapsed"] + max(0.0, passed - lead_in))
            card["clock"] = {**clock, "elapsed": elapsed, "lead_in": max(0.0, lead_in - passed)}
        return apology(conversation, {name: value for name, value in card.items() if value}, words)


def apology(conversation: str, custom: Mapping[str, Any], words: str = APOLOGY) -> Messages:
    """An apology of these words on a note that shows the place of `custom`, another card."""
    turn = current_turn()
    if turn is not None:
        turn.outcome = "apology"
    card = {**custom, "card": "note", "title": "Sorry", "say": words}
    return [{"recipient_id": conversation, "text": words}, {"recipient_id": conversation, "custom": card}]


def answers_to(message_id: str, events: Sequence[Event]) -> list[BotUttered] | None:
    """The answers to the client's message of this id; None if `events` (oldest first) do not hold it.

    Other messages may have come since: a person who gave up on an answer says "stop" first. The store remembers the
    last eight messages (`palmwise.server.storage.tracker_store.SAID`).
    """
    answers: list[BotUttered] = []
    for event in reversed(events):
        if isinstance(event, BotUttered):
            answers.append(event)
        elif isinstance(event, UserUttered):
            if (event.metadata or {}).get("id") == message_id:
                return answers[::-1]
            answers.clear()
    return None


def _apology_for(error: Exception) -> str:
    if isinstance(error, UnsureError):
        return UNSURE
    return AWAY if isinstance(error, StoreUnavailableError) else APOLOGY


def _timer_command(message: ClientMessage) -> Command:
    clock = ClockReport(**message.clock.dict()) if message.clock else None
    return Command((message.payload or "").removeprefix("/"), by="timer", token=message.token, clock=clock)


def _processor(agent: Agent) -> MessageProcessor:
    if agent.processor is None:
        raise RefusedError(503, "unavailable", "No model is loaded.")
    return agent.processor


def _store(agent: Agent) -> LiveTrackerStore:
    # palmwise.server.preflight lets no other one in.
    return cast(LiveTrackerStore, agent.tracker_store)


def _unknown() -> RefusedError:
    return RefusedError(404, "unknown_conversation", "There is no such conversation. Please open a new one.")
