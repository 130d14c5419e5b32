"""Prometheus metrics and per-turn timings; never what was said."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from functools import wraps
from typing import Any, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, start_http_server
from rasa.core.agent import Agent
from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockError
from rasa.shared.core.trackers import DialogueStateTracker

from palmwise.errors import EngineError, RefusedError
from palmwise.server import logs
from palmwise.server.settings import MetricsAddress
from palmwise.server.turns import Turn, current, part, taken

LIVE_SECONDS = 3600.0
"""After this silence a routine counts as over, as it does for the coach."""
REMEMBERED = 10_000
"""Conversations whose state is known at most."""
BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds."""
FALLBACK = "nlu_fallback"
RED_FLAG = "report_red_flag"


class Metrics:
    """All counts of one server."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds that never go back."""
        self.registry = CollectorRegistry()
        self._clock = clock
        self._running: OrderedDict[str, float] = OrderedDict()
        self._turns = Counter(
            "palmwise_turns", "Turns by intent and by how they ended.", ("intent", "outcome"), registry=self.registry
        )
        self._seconds = Histogram(
            "palmwise_turn_seconds", "How long a turn took.", registry=self.registry, buckets=BUCKETS
        )
        self._parts = Histogram(
            "palmwise_part_seconds", "Where it went.", ("part",), registry=self.registry, buckets=BUCKETS
        )
        self._fallbacks = Counter("palmwise_fallbacks", "Messages not understood.", registry=self.registry)
        self._red_flags = Counter("palmwise_red_flags", "Red flags heard.", registry=self.registry)
        self._refusals = Counter("palmwise_refusals", "Requests refused.", ("status",), registry=self.registry)
        running = Gauge("palmwise_active_routines", "Routines running here in the last hour.", registry=self.registry)
        running.set_function(self.active)
        ProcessCollector(registry=self.registry)

    def open(self, address: MetricsAddress) -> None:
        """Begins to be readable, in a thread of its own. Raises OSError when the port is taken."""
        if address.port is not None:
            start_http_server(address.port, address.interface, self.registry)

    def count(self, turn: Turn) -> None:
        """One turn that is over."""
        self._turns.labels(turn.intent or "none", turn.outcome).inc()
        self._seconds.observe(turn.milliseconds / 1000)
        for name, milliseconds in turn.parts.items():
            self._parts.labels(name).observe(milliseconds / 1000)
        if turn.intent == FALLBACK:
            self._fallbacks.inc()
        if turn.intent == RED_FLAG:
            self._red_flags.inc()
        self._follow(turn)

    def refuse(self, status: str) -> None:
        """One request that was turned away, by HTTP's status."""
        self._refusals.labels(status).inc()

    def active(self) -> int:
        """Routines that run."""
        since = self._clock() - LIVE_SECONDS
        while self._running and next(iter(self._running.values())) < since:
            self._running.popitem(last=False)
        return len(self._running)

    def _follow(self, turn: Turn) -> None:
        if not turn.session:
            return
        self._running.pop(turn.conversation, None)
        if turn.session.get("state") == "running":
            self._running[turn.conversation] = self._clock()
            if len(self._running) > REMEMBERED:
                self._running.popitem(last=False)


class Watch:
    """Everything that wants to know of a turn hears of it here, once, when it is over."""

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics

    @contextmanager
    def turn(self, conversation: str, by: str) -> Iterator[Turn]:
        """Follows the block, which takes a turn."""
        with taken(conversation, by) as turn:
            try:
                yield turn
            except asyncio.CancelledError:
                # The turn itself goes on, and nobody hears its answer.
                turn.outcome = "left"
                raise
            except RefusedError as error:
                turn.outcome = error.code
                raise
            except (EngineError, LockError):
                turn.outcome = "busy"
                raise
            except Exception:
                turn.outcome = "broken"
                raise
            finally:
                turn.end()
                logs.write(turn)
                self.metrics.count(turn)


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
            with part(name):
                return await inner(*arguments, **named)

        return timed

    return wrapper


def _called(name: str) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    def wrapper(inner: Callable[..., Result]) -> Callable[..., Result]:
        @wraps(inner)
        def timed(*arguments: Any, **named: Any) -> Result:
            with part(name):
                return inner(*arguments, **named)

        return timed

    return wrapper


def _saved(inner: Callable[[DialogueStateTracker], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Saving comes last in a turn, when Rasa knows what was meant."""

    @wraps(inner)
    async def timed(tracker: DialogueStateTracker) -> None:
        turn = current()
        if turn is not None and tracker.latest_message is not None:
            turn.intent = tracker.latest_message.intent.get("name")
        with part("store"):
            await inner(tracker)

    return timed


def _locked(
    inner: Callable[..., AbstractAsyncContextManager[TicketLock]],
) -> Callable[..., AbstractAsyncContextManager[TicketLock]]:
    @wraps(inner)
    @asynccontextmanager
    async def timed(*arguments: Any, **named: Any) -> AsyncIterator[TicketLock]:
        holding = inner(*arguments, **named)
        with part("lock"):
            lock = await holding.__aenter__()
        try:
            yield lock
        except BaseException as error:
            if not await holding.__aexit__(type(error), error, error.__traceback__):
                raise
        else:
            await holding.__aexit__(None, None, None)

    return timed
