"""Health check: whether a message would be answered now."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

import aiohttp
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

from palmwise.coach.content import Content
from palmwise.errors import CoachError, LockUnavailableError
from palmwise.server.storage.locks import RedisLockStore
from palmwise.server.storage.tracker_store import LiveTrackerStore

ACTION_SERVER_TIMEOUT = 1.0
"""Seconds that an action server has to answer."""

logger = logging.getLogger(__name__)


class Health:
    """Checks each part that a turn needs. A model is asked to parse only once after it was loaded."""

    def __init__(self, content: Callable[[], Content]) -> None:
        self._content = content
        self._checked_processor: object | None = None
        self._running_check: asyncio.Future[str | None] | None = None

    async def problem(self, agent: Agent | None) -> str | None:
        """The first problem found, as a sentence; None if there is none. Concurrent callers share one check."""
        if self._running_check is None or self._running_check.done():
            self._running_check = asyncio.ensure_future(self._check(agent))
        return await asyncio.shield(self._running_check)

    async def _check(self, agent: Agent | None) -> str | None:
        if agent is None or agent.processor is None or not agent.is_ready():
            return "No model is loaded."
        try:
            self._content()
        except CoachError:
            return "The content cannot be read."
        return (
            await self._check_model(agent.processor)
            or await _check_store(agent)
            or await _check_locks(agent)
            or await _check_actions(agent)
        )

    async def _check_model(self, processor: MessageProcessor) -> str | None:
        # A component whose file cannot be loaded is left untrained without an error, which only a parse shows.
        if self._checked_processor is processor:
            return None
        try:
            parse = await processor.parse_message(UserMessage("hello"))
        except Exception as error:  # noqa: BLE001 - any error at all means that it does not work
            logger.warning("A sentence could not be parsed: %s", type(error).__name__)
            return "The model does not understand."
        if not parse["intent"]["name"]:
            return "The model does not understand."
        self._checked_processor = processor
        return None


async def _check_store(agent: Agent) -> str | None:
    store = agent.tracker_store
    try:
        if isinstance(store, LiveTrackerStore):
            await store.ping()
    except Exception as error:  # noqa: BLE001 - whatever a database driver raises
        logger.warning("The store does not answer: %s", type(error).__name__)
        return "The conversations cannot be stored."
    return None


async def _check_locks(agent: Agent) -> str | None:
    if isinstance(agent.lock_store, RedisLockStore):
        try:
            await agent.lock_store.ping()
        except LockUnavailableError:
            return "Redis does not answer, which gives each message its turn."
    return None


def has_action_server(agent: Agent) -> bool:
    """Whether the actions run in another process."""
    return str(getattr(agent.action_endpoint, "url", None)).startswith("http")


async def _check_actions(agent: Agent) -> str | None:
    if not has_action_server(agent):
        return None
    url = urlunsplit((*urlsplit(str(getattr(agent.action_endpoint, "url", "")))[:2], "/health", "", ""))
    try:
        timeout = aiohttp.ClientTimeout(total=ACTION_SERVER_TIMEOUT)
        async with aiohttp.ClientSession(timeout=timeout) as client, client.get(url) as answer:
            return None if answer.status == 200 else "The action server is unwell."
    except (aiohttp.ClientError, asyncio.TimeoutError):
        return "The action server does not answer."
