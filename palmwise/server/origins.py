"""Decides which other sites may have the coach on their pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from sanic import Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from palmwise.server.errors import RefusedError

VARIABLE = "PALMWISE_ORIGINS"
ALLOWED: Mapping[str, str] = {
    "access-control-allow-headers": "Content-Type, X-Palmwise-Conversation",
    "access-control-allow-methods": "GET, POST, DELETE",
    "access-control-expose-headers": "Retry-After",
    "access-control-max-age": "600",
}
_ORIGIN = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?")
_SAFE = ("GET", "HEAD", "OPTIONS")


def listed(environment: Mapping[str, str]) -> frozenset[str]:
    """The sites of `PALMWISE_ORIGINS`, parted by blanks or commas. Raises ValueError for what is no origin."""
    found = frozenset(environment.get(VARIABLE, "").replace(",", " ").split())
    for origin in found:
        if not _ORIGIN.fullmatch(origin):
            raise ValueError(f"{VARIABLE} holds {origin}, which is not like https://www.example.org")
    return found


def install(app: Sanic, origins: frozenset[str]) -> None:
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
