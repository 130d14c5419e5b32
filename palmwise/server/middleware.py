"""App-wide middleware: error responses, security headers, CORS, request time limits."""

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

ALLOWED: Mapping[str, str] = {
    "access-control-allow-headers": "Content-Type, X-Palmwise-Conversation",
    "access-control-allow-methods": "GET, POST, DELETE",
    "access-control-expose-headers": "Retry-After",
    "access-control-max-age": "600",
}
_SAFE = ("GET", "HEAD", "OPTIONS")


def install_cors(app: Sanic, origins: frozenset[str]) -> None:
    """From now on `app` answers these sites, and refuses what others would have it do."""
    app.register_middleware(partial(refuse, origins), "request")
    # After whatever Rasa or the guard puts into the headers.
    app.response_middleware.append(partial(tell, origins))


async def refuse(origins: frozenset[str], request: Request) -> None:
    """Browsers name the site that a request comes from; no site that is not listed talks in a visitor's name."""
    foreign = request.headers.get("sec-fetch-site") in ("cross-site", "same-site")
    if foreign and request.method not in _SAFE and request.headers.get("origin") not in origins:
        raise RefusedError(403, "foreign", "Another site may not talk to the coach.")


async def tell(origins: frozenset[str], request: Request, response: BaseHTTPResponse) -> None:
    """Lets the browser hand an answer to a listed site, and to no other; never with a cookie."""
    headers = response.headers
    for name in [name for name in headers if name.lower().startswith("access-control-")]:
        headers.pop(name)
    origin = request.headers.get("origin")
    if origins:
        headers["vary"] = "Origin"
    if origin in origins:
        headers["access-control-allow-origin"] = origin
        headers.update(ALLOWED)


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


SENTENCES = {
    400: "The request could not be read.",
    404: "There is nothing here.",
    405: "This door does not take that method.",
    408: "The request took too long to arrive.",
    413: "The request is too long.",
    417: "The request expects what this server cannot do.",
    503: "The coach is not available just now. Please try again in a moment.",
}
CODES = {400: "malformed", 413: "too_long", 503: "unavailable"}
BROKEN = "Something went wrong on the coach's side. Please try again."

AWAY = "Sorry, our conversation is out of my reach just now. Your place is kept. Please try again in a moment."

_HEAD = frozenset({"http1_request_header"})
"""Where Sanic reads the head of a request."""

logger = logging.getLogger(__name__)


def install_error_handlers(app: Sanic) -> None:
    """From now on `app` answers every failure so."""
    app.error_handler.add(RefusedError, refused)
    for error in (LockError, LockUnavailableError, StoreUnavailableError):
        app.error_handler.add(error, busy)
    app.error_handler.add(SanicException, missed)
    app.error_handler.add(Exception, broken)


def refused(_: Request, error: RefusedError) -> HTTPResponse:
    """What the channel itself refuses."""
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
    return _failure(error.status, error.code, error.detail, headers)


def busy(_: Request, __: Exception) -> HTTPResponse:
    """A conversation that cannot be had just now: its earlier message takes long, or the database does not answer."""
    return _failure(503, "busy", AWAY, {"Retry-After": "1"})


def missed(_: Request, error: SanicException) -> HTTPResponse:
    """What Sanic refuses: unknown paths, wrong methods, endless bodies."""
    status = getattr(error, "status_code", 500)
    code = CODES.get(status) or HTTPStatus(status).phrase.lower().replace(" ", "_").replace("-", "_")
    headers = getattr(error, "headers", None) or {}
    return _failure(status, code, SENTENCES.get(status, BROKEN), headers)


def broken(_: Request, error: Exception) -> HTTPResponse:
    """What nobody foresaw. The log has the place, not the words: an error may quote what a person said."""
    if isinstance(error, ValueError) and traceback.extract_tb(error.__traceback__)[-1].name in _HEAD:
        # Sanic takes a length that is no number, or a header in no encoding, for its own mistake.
        return _failure(400, CODES[400], SENTENCES[400], {})
    place = "".join(traceback.format_tb(error.__traceback__))
    logger.error("A request failed: %s\n%s", type(error).__name__, place)
    return _failure(500, "broken", BROKEN, {})


def _failure(status: int, code: str, detail: str, headers: dict[str, str]) -> HTTPResponse:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **headers}
    return json({"error": code, "detail": detail}, status=status, headers=headers)


HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Permitted-Cross-Domain-Policies": "none",
}
"""Added where a door has not set its own: the pages of the widget have a policy that lets them run."""
_BANNERS = ("server", "x-powered-by")
_CORS = ("access-control-allow-credentials", "access-control-expose-headers")

IDLE_SECONDS = 75
"""Without a request on an open connection: longer than a proxy in front keeps its own (nginx: 60)."""


def install_guards(app: Sanic, limits: Limits, refused: Callable[[str], None]) -> None:
    """From now on `app` answers so; `refused` hears the status of whatever is not served."""
    app.config.REQUEST_TIMEOUT = limits.request_seconds
    app.config.RESPONSE_TIMEOUT = limits.response_seconds
    app.config.KEEP_ALIVE_TIMEOUT = IDLE_SECONDS

    async def dress_last(app: Sanic, _: AbstractEventLoop) -> None:
        # The last in this row has the last word; `register_middleware` would put it first. Rasa's CORS joins it late.
        app.response_middleware.append(partial(dress, refused))

    app.register_listener(dress_last, "after_server_start")


async def dress(refused: Callable[[str], None], _: Request, response: BaseHTTPResponse) -> None:
    """Adds what protects, takes out what only tells strangers what runs here."""
    if response.status >= HTTPStatus.BAD_REQUEST:
        refused(str(response.status))
    headers = response.headers
    for name in _BANNERS:
        headers.pop(name, None)
    if "access-control-allow-origin" not in headers:
        for name in _CORS:
            headers.pop(name, None)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
