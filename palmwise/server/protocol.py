"""The HTTP protocol class: what Sanic 21.12 leaves open for senders that are slow, broken or hostile."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from httptools import HttpParserError
from sanic.exceptions import InvalidUsage
from sanic.http import Http, Stage
from sanic.server.protocols.http_protocol import HttpProtocol

LINGER_SECONDS = 1.0
"""Time for the rest of a request that was answered already, for instance because its address is unknown."""
OPEN_FILES = 65_536
"""Open files and connections that the process asks the system for."""
OWN_FILES = 128
"""How many of them are not for connections: the model, the database, Redis."""
MAX_CONNECTIONS = 4096
"""Connections at once. Beyond them the one that has waited longest for its request is closed."""


def allow_connections() -> int:
    """Let the process open as many files as the system grants; returns how many connections that allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY:
        wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return MAX_CONNECTIONS if soft == resource.RLIM_INFINITY else max(1, min(MAX_CONNECTIONS, soft - OWN_FILES))


class StrictHttp(Http):
    """Refuses heads that Sanic fails at, and does not wait for the rest of a request that is answered."""

    __slots__ = ()

    async def http1_request_header(self) -> None:
        """Read the head of a request. Raises `InvalidUsage`, which becomes 400, and ends the connection."""
        try:
            await super().http1_request_header()  # type: ignore[no-untyped-call]
        except (ValueError, LookupError, HttpParserError):
            # A length that is no number, an unknown encoding, bytes that are no text, an address that is none.
            self._refuse("The head cannot be read.")
        if self.request_bytes_left is not None and self.request_bytes_left < 0:
            # Sanic would look for the end of that body for ever, and serve nobody else.
            self._refuse("A length below zero.")
        encoded = "transfer-encoding" in self.request.headers
        if encoded and (self.request_body != "chunked" or "content-length" in self.request.headers):
            # A proxy in front might see another end of this request than Sanic does.
            self._refuse("An encoding that is not read.")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The body. Once the request is answered, what is left of it has `LINGER_SECONDS` to arrive."""
        if self.stage is Stage.HANDLER:
            while self.request_body:
                if data := await self._read():
                    yield data
            return
        loop = asyncio.get_running_loop()
        deadline = loop.time() + LINGER_SECONDS
        self.expecting_continue = False
        try:
            while self.request_body:
                await asyncio.wait_for(self._read(), max(0.0, deadline - loop.time()))
        except asyncio.TimeoutError:
            self.request_body = None
            self.keep_alive = False

    async def _read(self) -> bytes | None:
        data: bytes | None = await self.read()
        return data

    def _refuse(self, why: str) -> None:
        self.url = None  # it may be what cannot be read
        self.request_body = None
        self.request_bytes_left = 0
        self.keep_alive = False
        raise InvalidUsage(why)


class StrictProtocol(HttpProtocol):
    """Applies the time limits to whole requests: in Sanic 21.12 each byte that arrives restarts them."""

    __slots__ = ()

    max_connections = MAX_CONNECTIONS

    def connection_made(self, transport: Any) -> None:
        """Take a connection; called by the event loop."""
        super().connection_made(transport)  # type: ignore[no-untyped-call]
        if len(self.connections) > self.max_connections:
            waiting = (each for each in self.connections if each is not self and each.is_waiting())
            longest = min(waiting, key=lambda each: each.waiting_since(), default=None)
            (longest or self).close()

    def is_waiting(self) -> bool:
        """Whether no request of it has arrived as a whole."""
        http = getattr(self, "_http", None)
        return http is None or http.stage in (Stage.IDLE, Stage.REQUEST)

    def waiting_since(self) -> float:
        """Monotonic seconds of the last sign of life."""
        return float(self._time) or time.monotonic()

    def _setup_connection(self) -> None:
        super()._setup_connection()  # type: ignore[no-untyped-call]
        self._http = StrictHttp(self)  # type: ignore[no-untyped-call]

    def data_received(self, data: bytes) -> None:
        """Handle bytes that arrive; called by the event loop."""
        http = getattr(self, "_http", None)  # None before the first byte
        request_begun = http is not None and http.stage is not Stage.IDLE
        began = self._time
        super().data_received(data)
        if request_begun:
            self._time = began
