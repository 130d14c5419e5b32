"""What every response carries and how long a request may take, app-wide."""

from __future__ import annotations

from asyncio import AbstractEventLoop
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus

from sanic import Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from palmwise.server.settings import Limits

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


def install(app: Sanic, limits: Limits, refused: Callable[[str], None]) -> None:
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
