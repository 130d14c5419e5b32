"""Turns a YAML file into frozen data classes, noting every mistake with its line.

The data classes of `palmwise.coach.model` are the schema: field types say what a key holds, a default makes it
optional, and `metadata={"key": …}` renames it.
"""

from __future__ import annotations

import dataclasses
import difflib
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import yaml

from palmwise.coach.model import Spoken

T = TypeVar("T")
PLAIN = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}


@dataclasses.dataclass(frozen=True)
class Wrong:
    """Stands for a value that could not be read; its problem is noted already."""


WRONG = Wrong()


class Decoder:
    """Reads one file; collects its problems as "file:line: sentence"."""

    def __init__(self, path: Path, shown_as: str) -> None:
        """`shown_as`: the file's name in messages."""
        self.path = path
        self.shown_as = shown_as
        self.problems: list[str] = []

    def read(self, kind: type[T]) -> T | None:
        """The file as `kind`, or None when something in it is wrong."""
        node = self._compose()
        value: Any = self.value(node, kind) if node is not None else WRONG
        return None if isinstance(value, Wrong) or self.problems else value

    def read_list(self, kind: type[T]) -> tuple[T, ...]:
        """The file as a list of `kind`; what is wrong is left out."""
        node = self._compose()
        items: Any = self._list(node, kind) if node is not None else WRONG
        return () if items is WRONG else items

    def note(self, line: int, sentence: str) -> None:
        """Notes a problem; lines count from 1."""
        self.problems.append(f"{self.shown_as}:{line}: {sentence}")

    def _compose(self) -> yaml.Node | None:
        try:
            node = yaml.compose(self.path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            reason = getattr(error, "problem", None) or "it is not UTF-8 text"
            self.note(
                mark.line + 1 if mark else 1, f"this is not valid YAML ({reason}); check the indentation and quotes"
            )
            return None
        if node is None:
            self.note(1, "the file is empty")
        return node

    def value(self, node: yaml.Node, kind: Any) -> Any:
        """A node as `kind`, or WRONG."""
        origin = get_origin(kind)
        if origin in (Union, types.UnionType):
            inner = [option for option in get_args(kind) if option is not type(None)]
            return self.value(node, inner[0])
        if origin is Literal:
            return self._choice(node, get_args(kind))
        if origin is tuple:
            return self._list(node, get_args(kind)[0])
        if origin is not None and issubclass(origin, Mapping):
            return self._mapping(node, get_args(kind)[1])
        if dataclasses.is_dataclass(kind):
            return self._object(node, kind)
        return self._plain(node, kind)

    def _plain(self, node: yaml.Node, kind: type) -> Any:
        value = yaml.SafeLoader("").construct_object(node) if isinstance(node, yaml.ScalarNode) else None
        if kind is str and isinstance(value, str) and value.strip():
            return value.strip()
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if kind is not str and type(value) is kind:
            return value
        shown = f" (here is {node.value!r})" if isinstance(node, yaml.ScalarNode) and node.value else ""
        self.note(node.start_mark.line + 1, f"{PLAIN[kind]} belongs here{shown}")
        return WRONG

    def _choice(self, node: yaml.Node, options: tuple[str, ...]) -> Any:
        if isinstance(node, yaml.ScalarNode) and node.value in options:
            return node.value
        self.note(node.start_mark.line + 1, f"one of these belongs here: {', '.join(options)}")
        return WRONG

    def _list(self, node: yaml.Node, kind: Any) -> Any:
        if not isinstance(node, yaml.SequenceNode):
            self.note(node.start_mark.line + 1, 'a list belongs here, a line each, beginning with "- "')
            return WRONG
        if not node.value:
            self.note(node.start_mark.line + 1, "at least one belongs in this list")
            return WRONG
        items = [self.value(item, kind) for item in node.value]
        return WRONG if WRONG in items else tuple(items)

    def _mapping(self, node: yaml.Node, kind: Any) -> Any:
        if not isinstance(node, yaml.MappingNode):
            self.note(node.start_mark.line + 1, 'names with a value each belong here ("name: value")')
            return WRONG
        items = {key.value: self.value(value, kind) for key, value in node.value}
        return WRONG if WRONG in items.values() else items

    def _object(self, node: yaml.Node, kind: Any) -> Any:
        if kind is Spoken and isinstance(node, yaml.ScalarNode):
            return self._same_for_both(node)
        if not isinstance(node, yaml.MappingNode):
            self.note(node.start_mark.line + 1, f"keys with a value each belong here: {', '.join(keys_of(kind))}")
            return WRONG
        given = {key.value: value for key, value in node.value}
        known = keys_of(kind)
        for key, _ in node.value:
            if key.value not in known:
                near = difflib.get_close_matches(key.value, known, n=1)
                hint = f'; is "{near[0]}" meant?' if near else f"; known are {', '.join(known)}"
                self.note(key.start_mark.line + 1, f'the key "{key.value}" is not known here{hint}')
        return self._fields(node, kind, given)

    def _same_for_both(self, node: yaml.ScalarNode) -> Any:
        text = self._plain(node, str)
        return WRONG if text is WRONG else Spoken(text, text.replace("**", ""))

    def _fields(self, node: yaml.Node, kind: Any, given: Mapping[str, yaml.Node]) -> Any:
        hints = get_type_hints(kind)
        values: dict[str, Any] = {}
        for field in dataclasses.fields(kind):
            key = field.metadata.get("key", field.name)
            if key in given:
                values[field.name] = self.value(given[key], hints[field.name])
            elif field.default is dataclasses.MISSING:
                self.note(node.start_mark.line + 1, f'the key "{key}" is missing')
                values[field.name] = WRONG
        return WRONG if WRONG in values.values() else kind(**values)


def keys_of(kind: Any) -> list[str]:
    """The YAML keys of a data class, in its order."""
    return [field.metadata.get("key", field.name) for field in dataclasses.fields(kind)]


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
