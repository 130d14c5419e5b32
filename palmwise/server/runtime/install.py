"""Puts the parts of this package in the place of Rasa's own."""

from __future__ import annotations

import logging
from typing import Any

from rasa.core.agent import Agent
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.utils.endpoints import EndpointConfig

from palmwise.server.runtime import patches, recent_parses
from palmwise.server.runtime.action_endpoint import InProcessActions
from palmwise.server.runtime.graph_runner import PlainGraphRunner
from palmwise.server.runtime.parts import replaced
from palmwise.server.runtime.tracker_store import LiveTrackerStore

logger = logging.getLogger(__name__)


def install(agent: Agent, package: str = "actions") -> None:
    """Replaces what `agent` works with; calling it again changes nothing.

    `package` holds the custom actions. An `action_endpoint` with a `url` is left alone: that is an action server.
    """
    for part in patches.PATCHES:
        if replaced(part):
            patches.apply(part)
    if replaced("actions"):
        _actions(agent, package)
    if replaced("store"):
        _store(agent)
    if replaced("graph") and agent.processor:
        runner = agent.processor.graph_runner
        if type(runner) is DaskGraphRunner:
            agent.processor.graph_runner = PlainGraphRunner.over(runner)
    if replaced("parses") and agent.processor:
        recent_parses.stand_before(agent.processor)


def _actions(agent: Agent, package: str) -> None:
    endpoint: EndpointConfig | None = agent.action_endpoint
    if endpoint is None or not endpoint.url:
        settings: dict[str, Any] = endpoint.kwargs if endpoint else {}
        endpoint = InProcessActions(package, **settings)
    agent.action_endpoint = endpoint
    if agent.processor:
        agent.processor.action_endpoint = endpoint


def _store(agent: Agent) -> None:
    """Takes out the wrapper that would turn a database error into a conversation that begins anew."""
    store = agent.tracker_store
    inner = store._tracker_store if isinstance(store, FailSafeTrackerStore) else store  # noqa: SLF001 - no other way in
    if isinstance(inner, InMemoryTrackerStore):
        logger.warning("Conversations are kept in memory only and end with this process.")
    if isinstance(inner, LiveTrackerStore):
        agent.tracker_store = inner
        if agent.processor:
            agent.processor.tracker_store = inner
