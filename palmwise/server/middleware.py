"""App-wide middleware: error responses, CORS, security headers and time limits, and the HTTP protocol class."""

from __future__ import annotations

import logging
import traceback
from asyncio import AbstractEventLoop
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus

from rasa.core.lock_store import LockError
from sanic import Sanic
from sanic.exceptions import InvalidUsage, SanicException
from sanic.http import Http, Stage
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, json
from sanic.server.protocols.http_protocol import HttpProtocol

from palmwise.errors import LockUnavailableError, RefusedError, StoreUnavailableError
from palmwise.server.settings import Limits

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Permitted-Cross-Domain-Policies": "none",
}
"""Added where a route has not set its own: the widget's pages have a policy that lets their scripts run."""
CORS_HEADERS: Mapping[str, str] = {
    "access-control-allow-headers": "Content-Type, X-Palmwise-Conversation",
    "access-control-allow-methods": "GET, POST, DELETE",
    "access-control-expose-headers": "Retry-After",
    "access-control-max-age": "600",
}
IDLE_SECONDS = 75
"""Time for which a connection may stay open without a request: longer than a proxy keeps its own (nginx: 60)."""
ERROR_DETAILS = {
    400: "The request could not be read.",
    404: "There is nothing here.",
    405: "This address does not take that method.",
    408: "The request took too long to arrive.",
    413: "The request is too long.",
    417: "The request expects what this server cannot do.",
    503: "The coach is not available just now. Please try again in a moment.",
}
"""Sentences for the errors that Sanic raises, by HTTP status."""
ERROR_CODES = {400: "malformed", 413: "too_long", 503: "unavailable"}
"""Codes for the same; others are made of HTTP's own words, such as `method_not_allowed`."""
INTERNAL_ERROR = "Something went wrong on the coach's side. Please try again."
BUSY = "Sorry, our conversation is out of my reach just now. Please try again in a moment."
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_BANNERS = ("server", "x-powered-by")
_READING_HEAD = "http1_request_header"
"""Name of the function in which Sanic reads the head of a request."""

logger = logging.getLogger(__name__)


def install(app: Sanic, limits: Limits, origins: frozenset[str], on_error: Callable[[str], None]) -> None:
    """Install everything of this module in `app`.

    Pages of `origins` may talk to the coach from a browser. `on_error` is called with the status of each error.
    """
    app.config.REQUEST_TIMEOUT = limits.request_seconds
    app.config.RESPONSE_TIMEOUT = limits.response_seconds
    app.config.KEEP_ALIVE_TIMEOUT = IDLE_SECONDS
    app.error_handler.add(RefusedError, refused_response)
    for error in (LockError, LockUnavailableError, StoreUnavailableError):
        app.error_handler.add(error, busy_response)
    app.error_handler.add(SanicException, sanic_error_response)
    app.error_handler.add(Exception, internal_error_response)
    app.register_middleware(partial(refuse_foreign_sites, origins), "request")
    app.response_middleware.append(partial(add_cors_headers, origins))

    async def append_last(app: Sanic, _: AbstractEventLoop) -> None:
        # `register_middleware` would put it first, and Rasa adds its own CORS headers when the server has started.
        app.response_middleware.append(partial(add_security_headers, on_error))

    app.register_listener(append_last, "after_server_start")


def refused_response(_: Request, error: RefusedError) -> HTTPResponse:
    """Response to a request that the channel refuses."""
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
    return _error_response(error.status, error.code, error.detail, headers)


def busy_response(_: Request, __: Exception) -> HTTPResponse:
    """Response while an earlier message of the conversation takes long, or the database does not answer."""
    return _error_response(503, "busy", BUSY, {"Retry-After": "1"})


def sanic_error_response(_: Request, error: SanicException) -> HTTPResponse:
    """Response to what Sanic refuses: unknown paths, wrong methods, bodies that are too long."""
    status = getattr(error, "status_code", 500)
    code = ERROR_CODES.get(status) or HTTPStatus(status).phrase.lower().replace(" ", "_").replace("-", "_")
    headers = getattr(error, "headers", None) or {}
    return _error_response(status, code, ERROR_DETAILS.get(status, INTERNAL_ERROR), headers)


def internal_error_response(_: Request, error: Exception) -> HTTPResponse:
    """Response to any other error. Only its place is logged: its text may quote what a person said."""
    if isinstance(error, ValueError) and traceback.extract_tb(error.__traceback__)[-1].name == _READING_HEAD:
        # Sanic takes a length that is no number, or a header that cannot be decoded, for an error of its own.
        return _error_response(400, ERROR_CODES[400], ERROR_DETAILS[400], {})
    place = "".join(traceback.format_tb(error.__traceback__))
    logger.error("A request failed: %s\n%s", type(error).__name__, place)
    return _error_response(500, "broken", INTERNAL_ERROR, {})


def _error_response(status: int, code: str, detail: str, headers: Mapping[str, str]) -> HTTPResponse:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **headers}
    return json({"error": code, "detail": detail}, status=status, headers=headers)


async def refuse_foreign_sites(origins: frozenset[str], request: Request) -> None:
    """Raise `RefusedError` 403 if a page of a site that is not in `origins` would change something."""
    foreign = request.headers.get("sec-fetch-site") in ("cross-site", "same-site")
    if foreign and request.method not in _SAFE_METHODS and request.headers.get("origin") not in origins:
        raise RefusedError(403, "foreign", "Another site may not talk to the coach.")


async def add_cors_headers(origins: frozenset[str], request: Request, response: BaseHTTPResponse) -> None:
    """Let browsers show the response to pages of `origins` only, never with cookies. Replaces Rasa's CORS headers."""
    headers = response.headers
    for name in [name for name in headers if name.lower().startswith("access-control-")]:
        headers.pop(name)
    origin = request.headers.get("origin")
    if origins:
        headers["vary"] = ", ".join(filter(None, [headers.get("vary"), "Origin"]))
    if origin in origins:
        headers["access-control-allow-origin"] = origin
        headers.update(CORS_HEADERS)


async def add_security_headers(on_error: Callable[[str], None], _: Request, response: BaseHTTPResponse) -> None:
    """Add `SECURITY_HEADERS`, and remove headers that tell which software runs here. Runs last."""
    if response.status >= HTTPStatus.BAD_REQUEST:
        on_error(str(response.status))
    headers = response.headers
    for name in _BANNERS:
        headers.pop(name, None)
    if "access-control-allow-origin" not in headers:
        for name in ("access-control-allow-credentials", "access-control-expose-headers"):
            headers.pop(name, None)
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)


class StrictHttp(Http):
    """Refuses a negative `Content-Length`, for whose end Sanic 21.12 would look for ever and serve nobody else."""

    __slots__ = ()

    async def http1_request_header(self) -> None:
        """Read the head of a request. Raises `InvalidUsage`, which becomes 400."""
        await super().http1_request_header()  # type: ignore[no-untyped-call]
        if self.request_bytes_left is not None and self.request_bytes_left < 0:
            self.request_bytes_left = 0
            self.keep_alive = False
            raise InvalidUsage("A length below zero.")


class StrictProtocol(HttpProtocol):
    """Applies the time limits to whole requests: in Sanic 21.12 each byte that arrives restarts them."""

    __slots__ = ()

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
