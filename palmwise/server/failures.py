"""Every failure as JSON, app-wide: `{"error": "<code>", "detail": "<sentence>"}`, never a stack trace."""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus

from rasa.core.lock_store import LockError
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from palmwise.server.errors import RefusedError
from palmwise.server.runtime.errors import LockUnavailableError, StoreUnavailableError

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


def install(app: Sanic) -> None:
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
