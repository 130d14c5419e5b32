"""Instrumentation of turns: timings per part, Prometheus metrics and the turn log. Nothing that was said is in them."""

from __future__ import annotations

import asyncio
import hashlib
import sys
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, start_http_server
from rasa.core.agent import Agent
from rasa.core.lock_store import LockError
from rasa.shared.core.trackers import DialogueStateTracker

from palmwise.errors import EngineError, RefusedError
from palmwise.server import logs
from palmwise.server.settings import MetricsAddress

ACTIVE_SECONDS = 3600.0
"""A running routine counts as over after this much silence, as it does for the coach."""
MAX_ACTIVE = 10_000
"""Conversations whose state is remembered."""
BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Upper bounds of the histograms' buckets, in seconds."""


@dataclass
class TurnRecord:
    """One message and its answer; filled in while it is worked on."""

    conversation: str
    """A digest of the id, from which the id cannot be found."""
    by: str
    """`person`, `button` or `timer`."""
    began: float
    """Seconds of the performance counter."""
    parts: dict[str, float] = field(default_factory=dict)
    """Milliseconds per part, in this order: `lock`, `load`, `understand`, `act`, `store`."""
    milliseconds: float = 0.0
    intent: str | None = None
    """Without the id of a FAQ."""
    card: str | None = None
    session: dict[str, Any] = field(default_factory=dict)
    """The session in the answer's card."""
    outcome: str = "answered"
    """`answered`, `silent` (a late timer), `apology`, `left` (the client hung up), or the code of the refusal."""

    def record_answer(self, messages: list[dict[str, Any]]) -> None:
        """Take the card and the session from the answer."""
        if not messages:
            self.outcome = "silent"
            return
        custom = messages[-1].get("custom", {})
        self.card = custom.get("card")
        self.session = custom.get("session", {})

    def as_log_fields(self) -> dict[str, Any]:
        """Fields of the turn's log line."""
        return {
            "conversation": self.conversation,
            "by": self.by,
            "intent": self.intent,
            "outcome": self.outcome,
            "card": self.card,
            "state": self.session.get("state"),
            "routine": self.session.get("routine"),
            "step": self.session.get("step"),
            "ms": round(self.milliseconds, 1),
            "parts": {name: round(milliseconds, 2) for name, milliseconds in self.parts.items()},
        }


_current: ContextVar[TurnRecord | None] = ContextVar("turn", default=None)


def current_turn() -> TurnRecord | None:
    """The turn that this code runs for; None outside of turns."""
    return _current.get()


def digest(conversation: str) -> str:
    """Twelve hexadecimal digits for a conversation's id, which is too random to be guessed from them."""
    return hashlib.sha256(conversation.encode()).hexdigest()[:12]


@contextmanager
def timed(part: str) -> Iterator[None]:
    """Add the time of the block to a part of the current turn."""
    turn = _current.get()
    began = time.perf_counter()
    try:
        yield
    finally:
        if turn is not None:
            turn.parts[part] = turn.parts.get(part, 0.0) + (time.perf_counter() - began) * 1000


class Metrics:
    """The Prometheus metrics of one server."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives monotonic seconds."""
        self.registry = CollectorRegistry()
        self._clock = clock
        self._running: OrderedDict[str, float] = OrderedDict()
        self._turns = Counter(
            "palmwise_turns", "Turns by intent and outcome.", ("intent", "outcome"), registry=self.registry
        )
        self._seconds = Histogram(
            "palmwise_turn_seconds", "Duration of a turn.", registry=self.registry, buckets=BUCKETS
        )
        self._parts = Histogram(
            "palmwise_part_seconds", "Duration of its parts.", ("part",), registry=self.registry, buckets=BUCKETS
        )
        self._fallbacks = Counter("palmwise_fallbacks", "Messages not understood.", registry=self.registry)
        self._red_flags = Counter("palmwise_red_flags", "Red flags reported.", registry=self.registry)
        self._refusals = Counter("palmwise_refusals", "Requests refused.", ("status",), registry=self.registry)
        running = Gauge("palmwise_active_routines", "Routines running here in the last hour.", registry=self.registry)
        running.set_function(self.active_routines)
        ProcessCollector(registry=self.registry)

    def serve(self, address: MetricsAddress) -> None:
        """Serve the metrics in a thread of their own. Raises `OSError` if the port is taken."""
        if address.port is not None:
            start_http_server(address.port, address.interface, self.registry)

    @contextmanager
    def turn(self, conversation: str, by: str) -> Iterator[TurnRecord]:
        """Make a turn the current one for the block and the tasks it starts; then count and log it."""
        turn = TurnRecord(digest(conversation), by, time.perf_counter())
        mark = _current.set(turn)
        try:
            yield turn
        except BaseException as error:
            turn.outcome = _outcome(error)
            raise
        finally:
            _current.reset(mark)
            turn.milliseconds = (time.perf_counter() - turn.began) * 1000
            logs.log_turn(turn.as_log_fields())
            self.count(turn)

    def count(self, turn: TurnRecord) -> None:
        """Count a turn that is over."""
        self._turns.labels(turn.intent or "none", turn.outcome).inc()
        self._seconds.observe(turn.milliseconds / 1000)
        for name, milliseconds in turn.parts.items():
            self._parts.labels(name).observe(milliseconds / 1000)
        if turn.intent == "nlu_fallback":
            self._fallbacks.inc()
        if turn.intent == "report_red_flag":
            self._red_flags.inc()
        self._track_routine(turn)

    def count_refusal(self, status: str) -> None:
        """Count a request that was refused with this HTTP status."""
        self._refusals.labels(status).inc()

    def active_routines(self) -> int:
        """Routines that run and were heard of within `ACTIVE_SECONDS`."""
        since = self._clock() - ACTIVE_SECONDS
        while self._running and next(iter(self._running.values())) < since:
            self._running.popitem(last=False)
        return len(self._running)

    def _track_routine(self, turn: TurnRecord) -> None:
        if not turn.session:
            return
        self._running.pop(turn.conversation, None)
        if turn.session.get("state") == "running":
            self._running[turn.conversation] = self._clock()
            if len(self._running) > MAX_ACTIVE:
                self._running.popitem(last=False)


def _outcome(error: BaseException) -> str:
    if isinstance(error, asyncio.CancelledError):
        return "left"  # the turn itself goes on, but nobody hears its answer
    if isinstance(error, RefusedError):
        return error.code
    return "busy" if isinstance(error, (EngineError, LockError)) else "broken"


_MARK = "_palmwise_instrumented"


def instrument(agent: Agent) -> None:
    """Time the parts of each turn of `agent`; a second call changes nothing."""
    processor = agent.processor
    if processor is None or vars(processor).get(_MARK):
        return
    vars(processor)[_MARK] = True
    _time(processor, "parse_message", "understand")
    _time(agent.tracker_store, "retrieve", "load")
    _time(agent.tracker_store, "save", "store")
    if agent.action_endpoint is not None:
        _time(agent.action_endpoint, "request", "act")


def _time(owner: object, name: str, part: str) -> None:
    """Have an asynchronous method add to a part of the current turn; one that is given a tracker tells the intent."""
    inner: Callable[..., Awaitable[Any]] = getattr(owner, name)

    @wraps(inner)
    async def call(*arguments: Any, **named: Any) -> Any:
        turn, tracker = current_turn(), arguments[0] if arguments else None
        if turn is not None and isinstance(tracker, DialogueStateTracker) and tracker.latest_message is not None:
            turn.intent = tracker.latest_message.intent.get("name")
        with timed(part):
            return await inner(*arguments, **named)

    setattr(owner, name, call)


@asynccontextmanager
async def timed_lock(agent: Agent, conversation: str) -> AsyncIterator[None]:
    """Hold a conversation's lock; the wait for it is a part of the current turn."""
    lock = agent.lock_store.lock(conversation)
    with timed("lock"):
        await lock.__aenter__()
    try:
        yield
    finally:
        await lock.__aexit__(*sys.exc_info())
