"""Static files: the demo page, the widget's modules, the pictures; each with an ETag and a content security policy."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sanic.exceptions import NotFound
from sanic.request import Request
from sanic.response import HTTPResponse, raw

KINDS = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""File name extension -> media type, of everything that the widget's folder serves."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A picture that is opened as a page of its own must run nothing."""
HEADERS = {
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class StaticFolder:
    """A folder of public files."""

    folder: Path
    kinds: Mapping[str, str]
    """File name extension -> media type; files with other extensions are not served."""

    def serve(self, request: Request, path: str) -> HTTPResponse:
        """Respond with the file at `path`, or 304. Raises `NotFound` for anything outside of the folder."""
        file = self._find(path)
        policy = PICTURE_POLICY if file.suffix == ".svg" else POLICY
        return cached_response(request, file.read_bytes(), self.kinds[file.suffix], policy)

    def _find(self, path: str) -> Path:
        parts = path.split("/")
        file = self.folder.joinpath(*parts)
        valid = all(_NAME.fullmatch(part) for part in parts)
        if not valid or file.suffix not in self.kinds or not file.is_file():
            raise NotFound("No such file.")
        if not file.resolve().is_relative_to(self.folder.resolve()):
            raise NotFound("No such file.")
        return file


def cached_response(request: Request, content: bytes, media_type: str, policy: str = POLICY) -> HTTPResponse:
    """Respond with `content`, or 304 if the client's copy has the same ETag."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
    headers = {**HEADERS, "ETag": tag, "Content-Security-Policy": policy}
    if tag in request.headers.get("if-none-match", ""):
        return raw(b"", status=304, headers=headers)
    return raw(content, headers=headers, content_type=media_type)
