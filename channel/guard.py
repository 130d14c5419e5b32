"""What every response carries and how long a request may take, app-wide."""

from __future__ import annotations

from collections.abc import Mapping

from sanic import Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Permitted-Cross-Domain-Policies": "none",
}
"""Added where a door has not set its own: the pages of the widget have a policy that lets them run."""
_BANNERS = ("server", "x-powered-by")
_CORS = ("access-control-allow-credentials", "access-control-expose-headers")

REQUEST_SECONDS = 10
"""For the head of a request to arrive; then 408."""
RESPONSE_SECONDS = 30
"""For its body to arrive and to be answered; then 503. A turn takes milliseconds, a database that hangs ten seconds."""
IDLE_SECONDS = 75
"""Without a request on an open connection: longer than a proxy in front keeps its own (nginx: 60)."""


def install(app: Sanic) -> None:
    """From now on `app` answers so."""
    app.config.REQUEST_TIMEOUT = REQUEST_SECONDS
    app.config.RESPONSE_TIMEOUT = RESPONSE_SECONDS
    app.config.KEEP_ALIVE_TIMEOUT = IDLE_SECONDS
    # The last in this row has the last word; `register_middleware` would put it first.
    app.response_middleware.append(dress)


async def dress(_: Request, response: BaseHTTPResponse) -> None:
    """Adds what protects, takes out what only tells strangers what runs here."""
    headers = response.headers
    for name in _BANNERS:
        headers.pop(name, None)
    if "access-control-allow-origin" not in headers:
        for name in _CORS:
            headers.pop(name, None)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
