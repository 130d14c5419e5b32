"""Conversations: opening, messages, the current card, deletion, and apologies for failed turns."""

from __future__ import annotations

import asyncio
import functools
import logging
import re
import secrets
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rasa.core.agent import Agent
from rasa.core.lock_store import LockError
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions.session_slot import SLOT, recall
from palmwise import resources
from palmwise.coach import talk
from palmwise.coach.behaviour import is_due, view
from palmwise.coach.commands import ClockReport, Command
from palmwise.coach.content import Content
from palmwise.coach.replies import Reply, payloads
from palmwise.coach.session import Session
from palmwise.errors import LockUnavailableError, RefusedError, StaleTurnError, StoreUnavailableError, UnsureError
from palmwise.server import turns
from palmwise.server.messages import CoachOutput, Incoming, Messages, hand, messages
from palmwise.server.retention import forget
from palmwise.server.storage.tracker_store import LiveTrackerStore


@functools.cache
def allowed_payloads() -> frozenset[str]:
    """Every payload that a button or a timer of the coach may send."""
    return payloads(resources.content())


def answers_to(name: str, events: Sequence[Event]) -> list[BotUttered] | None:
    """What the client's message `name` was answered with, if these events (oldest first) hold it.

    Others may have been said in between: who gave up on an answer says "stop" first. What is remembered of a
    conversation goes back eight messages or more (`palmwise.server.storage.tracker_store.Bounds`).
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
    return [{"recipient_id": conversation, "text": words}, {"recipient_id": conversation, "custom": card}]


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


REMEMBERED = 10_000
"""Conversations known to exist without asking the store."""
_ID = re.compile(r"[A-Za-z0-9_-]{22,64}")

logger = logging.getLogger(__name__)


class Conversations:
    """What the doors do. One message at a time each, in the order of arrival, by Rasa's lock store."""

    def __init__(self, content: Callable[[], Content], now: Callable[[], float] = time.time) -> None:
        """`now` gives seconds since 1970."""
        self._content = content
        self._now = now
        self._known: OrderedDict[str, None] = OrderedDict()
        self._seen = Seen(now)

    async def open(self, agent: Agent) -> str:
        """A new one, stored before its id is given away. The id has 192 random bits."""
        conversation = secrets.token_urlsafe(24)
        async with agent.lock_store.lock(conversation):
            await _begin(agent, conversation)
        self._remember(conversation)
        return conversation

    async def must_exist(self, agent: Agent, conversation: str, *, still: bool = True) -> None:
        """Raises `RefusedError` 404 for an id that this server never gave, or has forgotten.

        Where other servers may forget it too, the store is asked, unless it need not be there `still`.
        """
        store = agent.tracker_store
        shared = isinstance(store, LiveTrackerStore) and store.shared
        if conversation in self._known and not (shared and still):
            self._known.move_to_end(conversation)
            return
        if _ID.fullmatch(conversation) is None or not await store.exists(conversation):
            raise _unknown()
        self._remember(conversation)

    async def deliver(self, agent: Agent, conversation: str, message: Incoming) -> Messages:
        """The answer to a message, which is empty for a timer that is late.

        A turn goes on when the client hangs up: it is answered or not, never half. Raises `RefusedError` 404.
        """
        return await asyncio.shield(asyncio.ensure_future(self._deliver(agent, conversation, message)))

    async def look(self, agent: Agent, conversation: str) -> tuple[dict[str, Any], Messages]:
        """The session as the contract shows it, and the current card again. Raises `RefusedError` 404."""
        await self.must_exist(agent, conversation)
        async with agent.lock_store.lock(conversation):
            reply = self._view(await self._session(agent, conversation))
        return reply.custom["session"], messages(conversation, reply)

    async def forget(self, agent: Agent, conversation: str) -> None:
        """Nothing of it is left, nor is its id. Raises `RefusedError` 404.

        It goes on when the client hangs up: a page is often closed right after.
        """
        await asyncio.shield(asyncio.ensure_future(self._forget(agent, conversation)))

    def lose_sight(self) -> None:
        """Some conversations may not be there any more: their ids have to be looked up again."""
        self._known.clear()
        self._seen.clear()

    async def _forget(self, agent: Agent, conversation: str) -> None:
        await self.must_exist(agent, conversation)
        async with agent.lock_store.lock(conversation):
            self._known.pop(conversation, None)
            self._seen.drop(conversation)
            await forget(agent.tracker_store, conversation)

    async def _deliver(self, agent: Agent, conversation: str, message: Incoming) -> Messages:
        try:
            try:
                told = await self._deliver_in_turn(agent, conversation, message)
            except StaleTurnError:
                # Nothing of this turn was kept: it is taken once more, from where the conversation is now.
                told = await self._deliver_in_turn(agent, conversation, message)
        except (LockError, LockUnavailableError, StoreUnavailableError) as error:
            # Who named the message may send it again without harm, and does so at this error.
            if message.id is not None or conversation not in self._seen:
                raise
            return self._seen.apology(conversation, UNSURE if isinstance(error, UnsureError) else APOLOGY)
        if told:
            self._seen.see(conversation, told[-1]["custom"])
        return told

    async def _deliver_in_turn(self, agent: Agent, conversation: str, message: Incoming) -> Messages:
        await self.must_exist(agent, conversation, still=False)
        async with agent.lock_store.lock(conversation):
            # It may have been forgotten, here while this message waited or elsewhere at any time.
            await self.must_exist(agent, conversation)
            if message.text and not message.slashed and talk.is_deletion_request(self._content(), message.text):
                return await self._begin_afresh(agent, conversation)
            answers = answers_to(message.id, await self._events(agent, conversation)) if message.id else None
            output = CoachOutput()
            if answers is None:
                await self._answer(agent, conversation, message, output)
            for answer in answers or ():
                await output.send_response(conversation, answer.message())
            if output.messages:
                return list(output.messages)
            return await self._without_words(agent, conversation, message)

    async def _begin_afresh(self, agent: Agent, conversation: str) -> Messages:
        """Deletes all that was said; the id stays, for whoever asked for it by words goes on talking."""
        await forget(agent.tracker_store, conversation)
        await _begin(agent, conversation)
        return messages(conversation, talk.deletion_reply(self._content(), recall(None, self._content()), self._now()))

    async def _answer(self, agent: Agent, conversation: str, message: Incoming, output: CoachOutput) -> None:
        try:
            await _processor(agent).handle_message(hand(conversation, message, output))
        except StoreUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001  whatever breaks in there, the person is answered
            # The error's own text may hold what was said, so it stays out of the log.
            place = "".join(traceback.format_tb(error.__traceback__))
            logger.error("A turn failed: %s\n%s", type(error).__name__, place)  # noqa: TRY400
            output.messages.clear()

    async def _without_words(self, agent: Agent, conversation: str, message: Incoming) -> Messages:
        """An apology, unless silence is right: a timer spoke for a step that is over, or before its time."""
        session = await self._session(agent, conversation)
        if message.by == "timer" and not is_due(session, _rung(message)):
            return []
        return apology(conversation, self._view(session).custom)

    def _view(self, session: Session) -> Reply:
        return view(self._content(), session, self._now())

    async def _session(self, agent: Agent, conversation: str) -> Session:
        return recall((await self._tracker(agent, conversation)).get_slot(SLOT), self._content())

    async def _events(self, agent: Agent, conversation: str) -> Sequence[Event]:
        store = agent.tracker_store
        if isinstance(store, LiveTrackerStore):
            return await store.events(conversation)
        return list((await self._tracker(agent, conversation)).events)

    @staticmethod
    async def _tracker(agent: Agent, conversation: str) -> DialogueStateTracker:
        store = agent.tracker_store
        # A live tracker belongs to the turn that retrieves it; this only looks.
        look = store.peek if isinstance(store, LiveTrackerStore) else store.retrieve
        tracker = await look(conversation)
        if tracker is None:
            raise _unknown()
        return tracker

    def _remember(self, conversation: str) -> None:
        self._known[conversation] = None
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


async def _begin(agent: Agent, conversation: str) -> None:
    tracker = await _processor(agent).fetch_tracker_and_update_session(conversation)
    await _processor(agent).save_tracker(tracker)


def _rung(message: Incoming) -> Command:
    """What a timer's message asks of the coach."""
    clock = ClockReport(**message.clock) if message.clock else None
    return Command((message.payload or "").removeprefix("/"), by="timer", token=message.token, clock=clock)


def _processor(agent: Agent) -> MessageProcessor:
    if agent.processor is None:
        raise RefusedError(503, "unavailable", "No model is loaded.")
    return agent.processor


def _unknown() -> RefusedError:
    return RefusedError(404, "unknown_conversation", "There is no such conversation. Please open a new one.")
