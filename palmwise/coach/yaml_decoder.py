"""Decodes a YAML file into frozen data classes and reports every mistake with its line.

The data classes are the schema: the type of a field says what its key holds, a default makes the key optional, and
`metadata={"key": ...}` renames it. Only plain YAML is taken: no anchors, tags, duplicate keys, or values that YAML
would read as something else than what is written (octal numbers, dates).
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import re
import types
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import yaml

from palmwise.coach.model import Spoken

T = TypeVar("T")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_NEEDED = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
_NUMBERS = {int: re.compile(r"-?(?:0|[1-9]\d*)"), float: re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")}
_TRUE = ("true", "yes", "on")
_BEGINS_WITH_SIGN = re.compile(r"\s*(?:- +)*(?:[\w ]+: +)?([*&!%@`])")


@dataclasses.dataclass(frozen=True)
class Wrong:
    """Stands for a value that could not be decoded; its problem is reported already."""


WRONG = Wrong()


@dataclasses.dataclass(frozen=True)
class _Field:
    """One key of a data class."""

    name: str
    key: str
    kind: Any
    required: bool


class Decoder:
    """Decodes one file. `problems` has a "file:line: sentence" for each mistake, `lines` where each text stands."""

    def __init__(self, path: Path, shown_as: str) -> None:
        """`shown_as`: the file's name in messages."""
        self.path = path
        self.shown_as = shown_as
        self.problems: list[str] = []
        self.lines: dict[str, int] = {}
        """Text -> the line where it stands first, from 1."""
        self._source = ""

    def decode(self, kind: Any) -> Any:
        """The file as `kind`: a data class, `tuple[...]` or `Mapping[str, ...]`; None if anything in it is wrong."""
        node = self._compose()
        value = WRONG if node is None else self._value(node, kind)
        return None if self.problems else value

    def _compose(self) -> yaml.Node | None:
        """The file as a tree of nodes; None, and a problem, if it cannot be read."""
        try:
            self._source = self.path.read_text(encoding="utf-8-sig")
            node: yaml.Node | None = yaml.compose(self._source, Loader=_LOADER)
        except UnicodeDecodeError:
            self._report(1, "this is not a text file in UTF-8")
            return None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            reason = getattr(error, "problem", None) or getattr(error, "reason", "it cannot be read")
            line = mark.line if mark else 0
            self._report(line + 1, f"this is not valid YAML ({reason}); {self._advice(line, str(reason))}")
            return None
        if node is None:
            self._report(1, "the file is empty")
        return node

    def _advice(self, line: int, reason: str) -> str:
        written = (self._source.splitlines() or [""])[min(line, self._source.count("\n") - 1)]
        if "\t" in written[: len(written) - len(written.lstrip())]:
            return "indent with blanks instead of a tab"
        if sign := _BEGINS_WITH_SIGN.match(written):
            return f'put a text that begins with "{sign[1]}" in quotes'
        if reason.startswith("mapping values"):
            return 'put a text with a ": " in it in quotes'
        return "check the indentation and quotes"

    def _report(self, line: int, sentence: str) -> None:
        """Report a problem, once; lines count from 1."""
        problem = f"{self.shown_as}:{line}: {sentence}"
        if problem not in self.problems:
            self.problems.append(problem)

    def _wrong(self, node: yaml.Node, sentence: str) -> Wrong:
        self._report(_line(node), sentence)
        return WRONG

    def _value(self, node: yaml.Node, kind: Any) -> Any:
        if self._source[node.start_mark.index :][:1] in ("&", "!"):
            return self._wrong(node, "anchors and tags (&name, !name) are not used here; put text in quotes")
        reader, argument = _reader_of(kind)
        return getattr(self, reader)(node, argument)

    def _plain(self, node: yaml.Node, kind: type) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            return self._wrong(node, f"{_NEEDED[kind]} belongs here")
        if kind is str and node.tag == f"{_TAG}str" and node.value.strip():
            text = node.value.strip()
            self.lines.setdefault(text, _line(node))
            return text
        if kind is bool and node.tag == f"{_TAG}bool":
            return node.value.lower() in _TRUE
        if kind in _NUMBERS and not node.style and _NUMBERS[kind].fullmatch(node.value):
            return kind(node.value)
        shown = f" (here is {node.value!r})" if node.value else ""
        return self._wrong(node, f"{_NEEDED[kind]} belongs here{shown}{_how_to_write(node, kind)}")

    def _choice(self, node: yaml.Node, options: Sequence[str]) -> Any:
        if isinstance(node, yaml.ScalarNode) and node.value in options:
            return node.value
        return self._wrong(node, f"one of these belongs here: {', '.join(options)}")

    def _list(self, node: yaml.Node, kind: Any) -> Any:
        if not isinstance(node, yaml.SequenceNode):
            return self._wrong(node, 'a list belongs here, a line each, beginning with "- "')
        if not node.value:
            return self._wrong(node, "at least one belongs in this list")
        items = [self._value(item, kind) for item in node.value]
        ids = [getattr(item, "id", None) for item in items]
        self._report_duplicates("id", list(zip(ids, node.value, strict=True)))
        return WRONG if WRONG in items else tuple(items)

    def _mapping(self, node: yaml.Node, kind: Any) -> Any:
        if not isinstance(node, yaml.MappingNode):
            return self._wrong(node, 'names with a value each belong here ("name: value")')
        items = {key: self._value(value, kind) for key, _, value in self._pairs(node)}
        return WRONG if WRONG in items.values() else items

    def _object(self, node: yaml.Node, kind: Any) -> Any:
        if kind is Spoken and isinstance(node, yaml.ScalarNode):
            text = self._plain(node, str)
            return WRONG if text is WRONG else Spoken(text, text.replace("**", ""))
        fields = fields_of(kind)
        known = [field.key for field in fields]
        if not isinstance(node, yaml.MappingNode):
            return self._wrong(node, f"keys with a value each belong here: {', '.join(known)}")
        given: dict[str, yaml.Node] = {}
        for key, at, value in self._pairs(node):
            given[key] = value
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                hint = f'is "{near[0]}" meant?' if near else f"known are {', '.join(known)}"
                self._wrong(at, f'the key "{key}" is not known here; {hint}')
        values: dict[str, Any] = {}
        for field in fields:
            if field.key in given:
                values[field.name] = self._value(given[field.key], field.kind)
            elif field.required:
                values[field.name] = self._wrong(node, f'the key "{field.key}" is missing')
        return WRONG if WRONG in values.values() else kind(**values)

    def _pairs(self, node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
        """(key, its node, the value's node); what is no plain key or stands there twice is reported."""
        plain = [(key.value, key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)]
        if len(plain) < len(node.value):
            self._wrong(node, "every key here must be a plain word")
        self._report_duplicates("key", [(key, at) for key, at, _ in plain])
        yield from plain

    def _report_duplicates(self, what: str, found: Sequence[tuple[str | None, yaml.Node]]) -> None:
        first: dict[str, int] = {}
        for name, node in found:
            if name is not None and (before := first.setdefault(name, _line(node))) != _line(node):
                self._wrong(
                    node, f'the {what} "{name}" is here twice, in line {before} and again in line {_line(node)}'
                )


@functools.cache
def fields_of(kind: Any) -> tuple[_Field, ...]:
    """The keys of a data class, in its order."""
    hints = get_type_hints(kind)
    return tuple(
        _Field(each.name, each.metadata.get("key", each.name), hints[each.name], each.default is dataclasses.MISSING)
        for each in dataclasses.fields(kind)
    )


@functools.cache
def _reader_of(kind: Any) -> tuple[str, Any]:
    """Name of the `Decoder` method that decodes `kind`, and its argument."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _reader_of(next(option for option in get_args(kind) if option is not type(None)))
    if origin is Literal:
        return "_choice", get_args(kind)
    if origin is tuple:
        return "_list", get_args(kind)[0]
    if origin is not None and issubclass(origin, Mapping):
        return "_mapping", get_args(kind)[1]
    return ("_object", kind) if dataclasses.is_dataclass(kind) else ("_plain", kind)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _how_to_write(node: yaml.ScalarNode, kind: type) -> str:
    """How a scalar of another type should be written, as the end of a sentence."""
    if kind is str:
        return "; put it in quotes, or YAML takes it for something else than text" if node.value else ""
    if node.style in ("'", '"'):
        return "; leave out the quotes"
    if kind in _NUMBERS and re.fullmatch(r"-?0\d+", node.value):
        return "; leave out the zero in front"
    return ""
