"""Reads the files of a content folder, keeping the problems of every one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from palmwise.coach.decode import Decoder
from palmwise.coach.model import Spoken

T = TypeVar("T")


class Loader:
    """Reads one folder; `problems` has a "file:line: sentence" for each mistake."""

    def __init__(self, folder: Path) -> None:
        """`folder`: the content folder, or one within it."""
        self.folder = folder
        self.problems: list[str] = []

    def one(self, name: str, kind: type[T]) -> T | None:
        """The file `name` as `kind`."""
        return self._read(self.folder / name, lambda decoder: decoder.read(kind))

    def many(self, name: str, kind: type[T]) -> tuple[T, ...]:
        """The file `name` as a list of `kind`."""
        return self._read(self.folder / name, lambda decoder: decoder.read_list(kind)) or ()

    def lines(self, name: str) -> Mapping[str, tuple[Spoken, ...]]:
        """The file `name` as lists of things to say, by key."""
        kind: Any = Mapping[str, tuple[Spoken, ...]]
        return self._read(self.folder / name, lambda decoder: decoder.read(kind)) or {}

    def each(self, name: str, kind: type[T]) -> dict[str, T]:
        """The files of a folder, by file name, which must be the `id` inside."""
        found: dict[str, T] = {}
        for path in sorted((self.folder / name).glob("*.yml")):
            item: Any = self._read(path, lambda decoder: decoder.read(kind))
            if item is None:
                continue
            if getattr(item, "id", path.stem) != path.stem:
                self.problems.append(f'{self.shown(path)}:1: the file is named "{path.stem}" but its id is "{item.id}"')
            found[path.stem] = item
        return found

    def shown(self, path: Path) -> str:
        """A path as messages show it."""
        return path.relative_to(self.folder.parent).as_posix()

    def _read(self, path: Path, how: Callable[[Decoder], T]) -> T | None:
        if not path.is_file():
            self.problems.append(f"{self.shown(path)}:1: the file is missing")
            return None
        decoder = Decoder(path, self.shown(path))
        value = how(decoder)
        self.problems += decoder.problems
        return value
