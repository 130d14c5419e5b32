"""The widget's files as a browser gets them: bundled if they have been, compressed, under addresses with a version.

`v/<version>/<path>` names a file for good: the version is a digest of all of them, so a browser keeps what it has
fetched from there and never asks again. The page and the launcher are asked for every time; wherever they say `v/0/`,
the version is put in. Without that the addresses work as well, only that nothing is kept.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

KINDS = {
    ".bin": "application/octet-stream",
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
NEVER_KEPT = "no-cache"
KEPT_FOR_GOOD = "public, max-age=31536000, immutable"
COMPRESSED = frozenset({".bin", ".css", ".html", ".js", ".json", ".mjs", ".svg", ".webmanifest"})
SMALLEST = 512
"""Bytes from which on compression is worth its header."""
BUNDLE_RECORD = "sources.json"
"""In the folder of a bundle: digest of the sources that it was made of."""
LONGEST_PATH = 200
"""Characters of the path of a public file; file systems fail at longer names."""
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_VERSIONED = re.compile(r"v/([0-9a-z]+)/(.+)")
_PLACEHOLDER = b"v/0/"
_WITH_VERSION = frozenset({"index.html", "options.html", "service_worker.js", "widget.js"})
"""Files that name others by their versions."""
LIST = "files.json"
"""Made here: the names of all files that the coach's page may want without a network, as seen from their version."""
_CODE = frozenset({".css", ".js"})
_LISTED = _CODE | {".json", ".svg"}
_UNLISTED = frozenset({"options.css", "options.js", "service_worker.js", BUNDLE_RECORD})


@dataclass(frozen=True)
class Asset:
    """One file, ready to be sent."""

    content: bytes
    suffix: str
    caching: str
    """Value of `Cache-Control`."""

    @property
    def tag(self) -> str:
        """Digest of the content."""
        return hashlib.sha256(self.content).hexdigest()[:20]

    @property
    def compressed(self) -> bytes | None:
        """The content gzipped, or None where that is not worth it."""
        if self.suffix not in COMPRESSED or len(self.content) < SMALLEST:
            return None
        return _gzipped(self.content)


@lru_cache(maxsize=256)
def _gzipped(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def find_file(folder: Path, path: str, suffixes: frozenset[str]) -> Path | None:
    """The public file at `path` in `folder`; None for anything outside of it, hidden, or of another kind."""
    if len(path) > LONGEST_PATH:
        return None
    parts = path.split("/")
    file = folder.joinpath(*parts)
    if not all(_NAME.fullmatch(part) for part in parts) or file.suffix not in suffixes or not file.is_file():
        return None
    return file if file.resolve().is_relative_to(folder.resolve()) else None


def digest_of(folder: Path, but: frozenset[str] = frozenset()) -> str:
    """Digest of the names and contents of all public files in `folder`, without the folders `but` in it."""
    total = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        relative = file.relative_to(folder)
        if file.suffix in KINDS and relative.parts[0] not in but and file.is_file():
            total.update(f"{relative.as_posix()}\0{_digest(file, file.stat().st_mtime_ns)}\n".encode())
    return total.hexdigest()


@lru_cache(maxsize=512)
def _digest(file: Path, _: int) -> str:
    """Digest of a file, kept until its time of change differs."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


@dataclass(frozen=True)
class Assets:
    """The widget's folder, with what is made of it."""

    folder: Path
    bundle: Path
    """Folder of the bundle, which need not exist."""
    made: Mapping[str, Callable[[], bytes]]
    """Path -> what makes the content, for files of the widget that are not in a folder."""
    pictures: Path | None = None
    """Folder of the drawings that the page wants without a network, too; they are served elsewhere."""

    def get(self, path: str) -> Asset | None:
        """The file that a browser asks for by `path`, or None if there is none."""
        versioned = _VERSIONED.fullmatch(path)
        asked, path = versioned.groups() if versioned else ("", path)
        content = self._content(path)
        if content is None:
            return None
        kept = False
        if asked or path in _WITH_VERSION:
            version = self.version()
            kept = asked == version
            if path in _WITH_VERSION:
                content = content.replace(_PLACEHOLDER, f"v/{version}/".encode())
        return Asset(content, Path(path).suffix, KEPT_FOR_GOOD if kept else NEVER_KEPT)

    def version(self) -> str:
        """Digest of everything that is served; another one as soon as a file is changed."""
        total = hashlib.sha256(digest_of(self.folder, frozenset({self.bundle.name})).encode())
        if self._is_bundled():
            total.update(b"bundled")
        for path, make in self.made.items():
            total.update(path.encode() + make())
        return total.hexdigest()[:12]

    def names(self) -> list[str]:
        """The files that the coach's page may want; with a bundle, no code but that of the bundle."""
        places = {self.folder: _LISTED}
        if self._is_bundled():
            places = {self.bundle: _LISTED, self.folder: _LISTED - _CODE}
        found = {name for place, suffixes in places.items() for name in self._names_in(place, suffixes)}
        drawings = {f"../../pictures/{file.name}" for file in self.pictures.glob("*.svg")} if self.pictures else set()
        return sorted(found | drawings | {name for name in self.made if Path(name).suffix in _LISTED})

    def _names_in(self, place: Path, suffixes: frozenset[str]) -> Iterator[str]:
        for file in place.rglob("*"):
            name = file.relative_to(place).as_posix()
            is_bundled = place != self.bundle and self.bundle in file.parents
            if name not in _UNLISTED and not is_bundled and find_file(place, name, suffixes):
                yield name

    def _content(self, path: str) -> bytes | None:
        if path in self.made:
            return self.made[path]()
        if path == LIST:
            return json.dumps(self.names()).encode()
        file = find_file(self.bundle, path, frozenset(KINDS)) if self._is_bundled() else None
        file = file or find_file(self.folder, path, frozenset(KINDS))
        return file.read_bytes() if file else None

    def _is_bundled(self) -> bool:
        """Whether there is a bundle of the sources as they are now: who changes them gets them without building."""
        try:
            record = json.loads((self.bundle / BUNDLE_RECORD).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return bool(record == {"sources": digest_of(self.folder, frozenset({self.bundle.name}))})
