"""Whether a message would be answered now."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

import aiohttp
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore
from sqlalchemy import text

from palmwise.coach.content import Content
from palmwise.errors import CoachError, LockUnavailableError
from palmwise.server.storage.locks import RedisLockStore
from palmwise.server.storage.tracker_store import LiveTrackerStore

PATIENCE = 1.0
"""Seconds that another process has to answer."""

logger = logging.getLogger(__name__)


class Health:
    """Looks at each part that a turn needs, the understanding once a model."""

    def __init__(self, content: Callable[[], Content]) -> None:
        self._content = content
        self._understood: object | None = None
        self._look: asyncio.Future[str | None] | None = None

    async def ailment(self, agent: Agent | None) -> str | None:
        """The first thing that is wrong, as a sentence; None when all is well.

        Who asks while another one's look goes on is told the same: a thousand who ask cost no more than one.
        """
        if self._look is None or self._look.done():
            self._look = asyncio.ensure_future(self._found(agent))
        return await asyncio.shield(self._look)

    async def _found(self, agent: Agent | None) -> str | None:
        if agent is None or agent.processor is None or not agent.is_ready():
            return "No model is loaded."
        try:
            self._content()
        except CoachError:
            return "The content cannot be read."
        return (
            await self._understanding(agent.processor)
            or await _storage(agent)
            or await _locks(agent)
            or await _actions(agent)
        )

    async def _understanding(self, processor: MessageProcessor) -> str | None:
        # A component whose file cannot be loaded comes up untrained without an error: only a parse tells.
        if self._understood is processor:
            return None
        try:
            found = await processor.parse_message(UserMessage("hello"))
        except Exception as error:  # noqa: BLE001  any error at all means that it does not understand
            logger.warning("A sentence could not be parsed: %s", type(error).__name__)
            return "The model does not understand."
        if not found["intent"]["name"]:
            return "The model does not understand."
        self._understood = processor
        return None


async def _storage(agent: Agent) -> str | None:
    store = agent.tracker_store
    while isinstance(store, FailSafeTrackerStore):
        store = store._tracker_store  # noqa: SLF001  it hides the failures of what it wraps
    try:
        if isinstance(store, LiveTrackerStore):
            await store.ping()
        elif isinstance(store, SQLTrackerStore):
            with store.session_scope() as session:
                session.execute(text("SELECT 1"))
    except Exception as error:  # noqa: BLE001  whatever a database raises
        logger.warning("The store does not answer: %s", type(error).__name__)
        return "The conversations cannot be stored."
    return None


async def _locks(agent: Agent) -> str | None:
    if isinstance(agent.lock_store, RedisLockStore):
        try:
            await agent.lock_store.ping()
        except LockUnavailableError:
            return "Redis does not answer, which gives each message its turn."
    return None


def is_afar(agent: Agent) -> bool:
    """Whether the actions run on a server of their own."""
    return str(getattr(agent.action_endpoint, "url", None)).startswith("http")


async def _actions(agent: Agent) -> str | None:
    if not is_afar(agent):
        return None
    door = urlunsplit((*urlsplit(str(getattr(agent.action_endpoint, "url", "")))[:2], "/health", "", ""))
    try:
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        async with aiohttp.ClientSession(timeout=timeout) as client, client.get(door) as answer:
            return None if answer.status == 200 else "The action server is unwell."
    except (aiohttp.ClientError, asyncio.TimeoutError):
        return "The action server does not answer."
