"""Sanic's HTTP, less two ways to hold the server up with a few bytes."""

from __future__ import annotations

from sanic.exceptions import InvalidUsage
from sanic.http import Http, Stage
from sanic.server.protocols.http_protocol import HttpProtocol


class HonestHttp(Http):
    """A request cannot be shorter than nothing: Sanic's own would look for its end for ever, and do nothing else."""

    __slots__ = ()

    async def http1_request_header(self) -> None:
        """Reads the head of a request. Raises InvalidUsage, which becomes 400."""
        await super().http1_request_header()  # type: ignore[no-untyped-call]
        if self.request_bytes_left is not None and self.request_bytes_left < 0:
            self.request_bytes_left = 0
            self.keep_alive = False
            raise InvalidUsage("A length below zero.")


class PunctualProtocol(HttpProtocol):
    """A request has to arrive in its time: Sanic's own protocol begins to count anew with every byte of it."""

    __slots__ = ()

    def _setup_connection(self) -> None:
        super()._setup_connection()  # type: ignore[no-untyped-call]
        self._http = HonestHttp(self)  # type: ignore[no-untyped-call]

    def data_received(self, data: bytes) -> None:
        """Called by the event loop."""
        http = getattr(self, "_http", None)  # not there before the first byte
        under_way = http is not None and http.stage is not Stage.IDLE
        began = self._time
        super().data_received(data)
        if under_way:
            self._time = began
