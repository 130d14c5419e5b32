"""Counts for Prometheus, on a port of their own that only this machine reaches unless told otherwise."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, start_http_server

from palmwise.server.turns import Turn

LIVE_SECONDS = 3600.0
"""After this silence a routine counts as over, as it does for the coach."""
REMEMBERED = 10_000
"""Conversations whose state is known at most."""
BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds."""
FALLBACK = "nlu_fallback"
RED_FLAG = "report_red_flag"


@dataclass(frozen=True)
class Door:
    """Where the counts are read."""

    port: int | None
    """None: nowhere."""
    interface: str = "127.0.0.1"

    @staticmethod
    def from_environment(environment: Mapping[str, str]) -> Door:
        """`PALMWISE_METRICS_PORT`, `PALMWISE_METRICS_INTERFACE`. Raises ValueError for what is no port."""
        text = environment.get("PALMWISE_METRICS_PORT")
        if not text:
            return Door(None)
        if not text.isdigit() or not 0 < int(text) < 65_536:
            raise ValueError("PALMWISE_METRICS_PORT must be a port")
        return Door(int(text), environment.get("PALMWISE_METRICS_INTERFACE") or Door.interface)


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

    def open(self, door: Door) -> None:
        """Begins to be readable, in a thread of its own. Raises OSError when the port is taken."""
        if door.port is not None:
            start_http_server(door.port, door.interface, self.registry)

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
