"""Puts a stopwatch on the parts of a loaded Rasa agent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import wraps
from typing import Any, TypeVar

from rasa.core.agent import Agent
from rasa.core.lock import TicketLock
from rasa.shared.core.trackers import DialogueStateTracker

from palmwise.server import turns

Result = TypeVar("Result")
_MARK = "_palmwise_watched"


def watch(agent: Agent) -> None:
    """From now on each turn knows how long its parts took; doing it again changes nothing."""
    processor = agent.processor
    if processor is None or vars(processor).get(_MARK):
        return
    vars(processor)[_MARK] = True
    store = agent.tracker_store
    _wrap(processor, "parse_message", _awaited("understand"))
    _wrap(processor, "_predict_next_with_tracker", _called("decide"))
    _wrap(store, "retrieve", _awaited("load"))
    _wrap(store, "save", _saved)
    _wrap(agent.lock_store, "lock", _locked)
    if agent.action_endpoint is not None:
        _wrap(agent.action_endpoint, "request", _awaited("act"))


def _wrap(owner: object, name: str, wrapper: Callable[[Any], Any]) -> None:
    setattr(owner, name, wrapper(getattr(owner, name)))


def _awaited(name: str) -> Callable[[Callable[..., Awaitable[Result]]], Callable[..., Awaitable[Result]]]:
    def wrapper(inner: Callable[..., Awaitable[Result]]) -> Callable[..., Awaitable[Result]]:
        @wraps(inner)
        async def timed(*arguments: Any, **named: Any) -> Result:
            with turns.part(name):
                return await inner(*arguments, **named)

        return timed

    return wrapper


def _called(name: str) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    def wrapper(inner: Callable[..., Result]) -> Callable[..., Result]:
        @wraps(inner)
        def timed(*arguments: Any, **named: Any) -> Result:
            with turns.part(name):
                return inner(*arguments, **named)

        return timed

    return wrapper


def _saved(inner: Callable[[DialogueStateTracker], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Saving comes last in a turn, when Rasa knows what was meant."""

    @wraps(inner)
    async def timed(tracker: DialogueStateTracker) -> None:
        turn = turns.current()
        if turn is not None and tracker.latest_message is not None:
            turn.intent = tracker.latest_message.intent.get("name")
        with turns.part("store"):
            await inner(tracker)

    return timed


def _locked(
    inner: Callable[..., AbstractAsyncContextManager[TicketLock]],
) -> Callable[..., AbstractAsyncContextManager[TicketLock]]:
    @wraps(inner)
    @asynccontextmanager
    async def timed(*arguments: Any, **named: Any) -> AsyncIterator[TicketLock]:
        holding = inner(*arguments, **named)
        with turns.part("lock"):
            lock = await holding.__aenter__()
        try:
            yield lock
        except BaseException as error:
            if not await holding.__aexit__(type(error), error, error.__traceback__):
                raise
        else:
            await holding.__aexit__(None, None, None)

    return timed
