"""Responses with static files: the demo page, the widget, the pictures; each has an ETag and a security policy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sanic.exceptions import NotFound
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from palmwise.server.assets import KINDS, NEVER_KEPT, Asset, Assets, find_file

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A picture that is opened as a page of its own must run nothing."""
WORKER = "service_worker.js"
"""It keeps the coach's own page, which lies above its folder."""
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}
PICTURES_KEPT = "public, max-age=3600, stale-while-revalidate=86400"
"""Pictures are replaced where they are: a browser shows the one that it has, and asks for the next time."""


@dataclass(frozen=True)
class PictureFolder:
    """A folder of drawings."""

    folder: Path

    def serve(self, request: Request, path: str) -> HTTPResponse:
        """Respond with the drawing at `path`, or 304. Raises `NotFound` for anything outside of the folder."""
        file = find_file(self.folder, path, frozenset({".svg"}))
        if file is None:
            raise NotFound("No such file.")
        return respond(request, Asset(file.read_bytes(), file.suffix, PICTURES_KEPT))


def serve_widget(request: Request, assets: Assets, path: str) -> HTTPResponse:
    """Respond with a file of the widget, or 304. Raises `NotFound`."""
    asset = assets.get(path)
    if asset is None:
        raise NotFound("No such file.")
    response = respond(request, asset)
    if path == WORKER:
        response.headers["Service-Worker-Allowed"] = "/"
    return response


def cached_response(request: Request, content: bytes, suffix: str) -> HTTPResponse:
    """Respond with `content`, or 304 if the client's copy has the same ETag; it asks every time."""
    return respond(request, Asset(content, suffix, NEVER_KEPT))


def respond(request: Request, asset: Asset) -> HTTPResponse:
    """Respond with a file, compressed where the client can read that, or 304 if its copy has the same ETag."""
    policy = PICTURE_POLICY if asset.suffix == ".svg" else POLICY
    compressed = asset.compressed if "gzip" in request.headers.get("accept-encoding", "") else None
    tag = f'"{asset.tag}{"-gzip" if compressed else ""}"'
    headers = {**HEADERS, "Cache-Control": asset.caching, "ETag": tag, "Content-Security-Policy": policy}
    if asset.tag in request.headers.get("if-none-match", ""):
        return raw(b"", status=304, headers=headers)
    if compressed:
        headers["Content-Encoding"] = "gzip"
    return raw(compressed or asset.content, headers=headers, content_type=KINDS[asset.suffix])
