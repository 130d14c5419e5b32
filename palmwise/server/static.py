"""Serves the demo page, the widget's files and the pictures."""

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
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
# A picture that is opened as a page of its own runs nothing.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
HEADERS = {
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Shelf:
    """One folder of files that anybody may have."""

    folder: Path
    kinds: Mapping[str, str]
    """Ending to media type; nothing else is given away."""

    def give(self, request: Request, path: str) -> HTTPResponse:
        """The file, or 304 where the client has it already. Raises NotFound, outside of the folder above all."""
        file = self._find(path)
        content = file.read_bytes()
        tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
        policy = PICTURE_POLICY if file.suffix == ".svg" else POLICY
        headers = {**HEADERS, "ETag": tag, "Content-Security-Policy": policy}
        if tag in request.headers.get("if-none-match", ""):
            return raw(b"", status=304, headers=headers)
        return raw(content, headers=headers, content_type=self.kinds[file.suffix])

    def _find(self, path: str) -> Path:
        parts = path.split("/")
        file = self.folder.joinpath(*parts)
        named = all(_PART.fullmatch(part) for part in parts)
        if not named or file.suffix not in self.kinds or not file.is_file():
            raise NotFound("No such file.")
        if not file.resolve().is_relative_to(self.folder.resolve()):
            raise NotFound("No such file.")
        return file
