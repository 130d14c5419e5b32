"""App-wide middleware: error responses, names of the server, CORS, security headers and time limits."""

from __future__ import annotations

import logging
import socket
import traceback
from asyncio import AbstractEventLoop
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from http import HTTPStatus
from ipaddress import ip_address

from rasa.core.lock_store import LockError
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, json

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
LOCAL_NAMES = frozenset({"localhost", socket.gethostname().lower(), f"{socket.gethostname().lower()}.local"})
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

logger = logging.getLogger(__name__)


def install(
    app: Sanic,
    limits: Limits,
    origins: frozenset[str],
    hosts: frozenset[str] | None,
    on_error: Callable[[str], None],
) -> None:
    """Install everything of this module in `app`.

    Pages of `origins` may talk to the coach from a browser, by one of the names `hosts`, or by any if that is None.
    `on_error` is called with the status of each error.
    """
    app.config.REQUEST_TIMEOUT = limits.request_seconds
    app.config.RESPONSE_TIMEOUT = limits.response_seconds
    app.config.KEEP_ALIVE_TIMEOUT = IDLE_SECONDS
    app.error_handler.add(RefusedError, refused_response)
    for error in (LockError, LockUnavailableError, StoreUnavailableError):
        app.error_handler.add(error, busy_response)
    app.error_handler.add(SanicException, sanic_error_response)
    app.error_handler.add(Exception, internal_error_response)
    app.register_middleware(partial(refuse_other_names, hosts), "request")
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
    place = "".join(traceback.format_tb(error.__traceback__))
    logger.error("A request failed: %s\n%s", type(error).__name__, place)
    return _error_response(500, "broken", INTERNAL_ERROR, {})


def _error_response(status: int, code: str, detail: str, headers: Mapping[str, str]) -> HTTPResponse:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **headers}
    return json({"error": code, "detail": detail}, status=status, headers=headers)


async def refuse_other_names(hosts: frozenset[str] | None, request: Request) -> None:
    """Raise `RefusedError` 421 for a request to a name that is not in `hosts`; addresses are always taken.

    A page of any site may let its own name point to this machine, and the browser would take the coach for that site.
    """
    named = request.headers.getall("host", [])
    if len(named) > 1:
        raise RefusedError(400, "malformed", "A request names one host.")
    if hosts is None or not named or is_own_name(named[0], hosts):
        return
    raise RefusedError(421, "misdirected", "The coach does not go by this name; PALMWISE_HOSTS gives it more names.")


@lru_cache(maxsize=256)
def is_own_name(host: str, hosts: frozenset[str]) -> bool:
    """Whether a `Host` header, with or without a port, is an address, this machine itself or one of `hosts`."""
    name = (host[: host.rfind("]") + 1] if host.startswith("[") else host.partition(":")[0]).rstrip(".").lower()
    if name in LOCAL_NAMES or name.endswith(".localhost") or name in hosts:
        return True
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


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
