"""Keeps each piece of a long measurement as soon as it is there, so that one that was broken off goes on."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any


class Kept:
    """Pieces by name, of one plan and one model; others have pieces of their own."""

    def __init__(self, folder: Path, *parts: object) -> None:
        """`parts` tell one measurement from another."""
        self.bots = folder / "bots"
        """Reference bots, trained once for all measurements."""
        self._folder = folder / hashlib.sha256(repr(parts).encode()).hexdigest()[:12]

    @staticmethod
    def fingerprint(model: Path) -> tuple[str, int, int]:
        """What tells a model from another, without reading it: the file, or the newest in a folder."""
        files = [model] if model.is_file() else sorted(model.glob("*.tar.gz"), key=lambda file: file.stat().st_mtime_ns)
        if not files:
            raise FileNotFoundError(f"There is no model in {model}: run `make train`.")
        status = files[-1].stat()
        return files[-1].name, status.st_size, status.st_mtime_ns

    def has(self, name: str) -> bool:
        """Whether the piece was measured."""
        return self._file(name).is_file()

    def get(self, name: str) -> Any:
        """The piece, None where it is missing."""
        return json.loads(self._file(name).read_text(encoding="utf-8")) if self.has(name) else None

    def put(self, name: str, piece: Any) -> None:
        """Keeps the piece, whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = self._file(name).with_suffix(".fresh")
        fresh.write_text(json.dumps(piece), encoding="utf-8")
        fresh.replace(self._file(name))

    def clear(self) -> None:
        """Drops all pieces; the trained bots stay."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.json"
