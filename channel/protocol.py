"""Sanic's HTTP, with a clock that a slow sender cannot turn back."""

from __future__ import annotations

from sanic.http import Stage
from sanic.server.protocols.http_protocol import HttpProtocol


class PunctualProtocol(HttpProtocol):
    """A request has to arrive in its time: Sanic's own protocol begins to count anew with every byte of it."""

    __slots__ = ()

    def data_received(self, data: bytes) -> None:
        """Called by the event loop."""
        http = getattr(self, "_http", None)  # not there before the first byte
        under_way = http is not None and http.stage is not Stage.IDLE
        began = self._time
        super().data_received(data)
        if under_way:
            self._time = began
