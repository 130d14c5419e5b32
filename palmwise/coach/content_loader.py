"""Loads the content folder into a `Content`, or reports every mistake in it at once, with its line.

The data classes of `palmwise.coach.model` are the schema: the type of a field says what its key holds, a default makes
the key optional, and `metadata={"key": ...}` renames it. Only plain YAML is taken: no anchors, tags, duplicate keys, or
values that YAML would read as something else than what is written (octal numbers, dates).
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

from palmwise.coach import content_checks
from palmwise.coach.content import Content, PhraseBook
from palmwise.coach.model import (
    AnswerTopic,
    Benefit,
    ComparingWords,
    Contraindications,
    Cues,
    Faq,
    RedFlag,
    Routine,
    Source,
    Spoken,
    Symptom,
    Technique,
    Words,
)
from palmwise.errors import ContentError
from palmwise.language.corrections import CorrectionWords
from palmwise.language.phrase_matching import SAFETY_KINDS, PhraseList, file_name
from palmwise.language.sentences import ClauseWords

PROJECT = Path(__file__).resolve().parents[2]
"""Messages name files relative to it."""
QUESTIONS = tuple(
    (
        "screening permission whom offer ready ease ease_asked go_on another_round change_routine answer plain step now"
    ).split()
)
"""Open questions of the coach whose answers are declared in `questions/`."""
READINGS = ("time", "extent", "pace", "hands", "steps", "keep", "aside", "touch", "wishes")
"""Themes whose ways of being put are declared in `readings/`."""
PICTURES = "pictures"
LEFT_BY_SYSTEMS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""Files that file managers leave in every folder that they show."""


def load_content(folder: Path) -> Content:
    """Read and check a content folder; raises `ContentError` with every mistake in every file."""
    files = ContentFolder(folder)
    parts: dict[str, Any] = {
        "routines": files.each("routines", Routine),
        "techniques": files.each("techniques", Technique),
        "faqs": files.each("faq", Faq),
        "topics": files.each("answers", AnswerTopic, "topic"),
        "symptoms": files.each("symptoms", Symptom),
        "red_flags": {flag.id: flag for flag in files.one("safety/red_flags.yml", tuple[RedFlag, ...]) or ()},
        "alarms": {kind: files.one(f"safety/{file_name(kind)}", PhraseList) for kind in SAFETY_KINDS},
        "contraindications": files.one("safety/contraindications.yml", Contraindications),
        "holding": files.one("safety/phrases_hold.yml", PhraseList),
        "moves": files.one("moves.yml", Mapping[str, tuple[str, ...]]),
        "forgetting": files.one("forgetting.yml", PhraseList),
        "questions": {id: files.one(f"questions/{id}.yml", PhraseList) for id in QUESTIONS},
        "readings": {id: files.one(f"readings/{id}.yml", PhraseList) for id in READINGS},
        "cues": files.one("cues.yml", Cues),
        "comparing": files.one("comparing.yml", ComparingWords),
        "clauses": files.one("clauses.yml", ClauseWords),
        "corrections": files.one("corrections.yml", CorrectionWords),
        "emoji": files.one("emoji.yml", Mapping[str, tuple[str, ...]]),
        "privacy": files.one("privacy.yml", PhraseList),
        "words": tuple(files.each("vocabulary", Words, "entity").values()),
        "preparation": files.one("preparation.yml", Spoken),
        "aftercare": files.one("aftercare.yml", Spoken),
        "benefits": files.one("benefits.yml", tuple[Benefit, ...]),
        "sources": files.one("sources.yml", tuple[Source, ...]),
        "phrases": PhraseBook(files.one("phrases.yml", Mapping[str, tuple[Spoken, ...]]) or {}),
    }
    files.report_unread()
    content = Content(**parts)
    problems = files.problems or list(content_checks.problems(content, files.where, files.pictures()))
    if problems:
        raise ContentError(problems)
    return content


class ContentFolder:
    """Reads the files of a content folder; `problems` has a "file:line: sentence" for each mistake in them."""

    def __init__(self, folder: Path) -> None:
        """`folder`: the content folder, or one within it."""
        self.folder = folder
        self.problems: list[str] = []
        path = folder.resolve()
        self._shown = (path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else folder).as_posix()
        self._lines: dict[str, Mapping[str, int]] = {}
        """Name of a file that is read -> text in it -> line."""
        self._folders = {PICTURES}

    def one(self, name: str, kind: Any) -> Any:
        """The file `name` as `kind`; None if it is missing or anything in it is wrong."""
        path = self.folder / name
        self._lines[name] = {}
        if not path.is_file():
            self.problems.append(f"{self.where(name)}:1: the file is missing")
            return None
        decoder = Decoder(path, self.where(name))
        value = decoder.decode(kind)
        self._lines[name] = decoder.lines
        self.problems += decoder.problems
        return value

    def each(self, folder: str, kind: Any, id: str = "id") -> dict[str, Any]:
        """The files of a folder by file name, which must be the `id` inside."""
        self._folders.add(folder)
        found: dict[str, Any] = {}
        for path in sorted((self.folder / folder).glob("*.yml")):
            if path.name.startswith(".") or not path.is_file():
                continue
            name = f"{folder}/{path.name}"
            item = self.one(name, kind)
            if item is None:
                continue
            inside = getattr(item, id)
            if inside != path.stem:
                where = self.where(name, inside)
                self.problems.append(f'{where}: the file is named "{path.stem}" but its {id} is "{inside}"')
            found[path.stem] = item
        return found

    def where(self, name: str, text: str | None = None) -> str:
        """A file as messages name it, with the line where `text` stands first in it, if it does."""
        line = self._lines.get(name, {}).get(text or "")
        return f"{self._shown}/{name}:{line}" if line else f"{self._shown}/{name}"

    def pictures(self) -> frozenset[str]:
        """The names of the pictures."""
        return frozenset(path.name for path in (self.folder / PICTURES).glob("*.svg"))

    def report_unread(self) -> None:
        """Report every file and folder within that nobody reads, so that none is overlooked."""
        known = {name.partition("/")[0] for name in self._lines} | self._folders
        pictures = {f"{PICTURES}/{name}" for name in self.pictures()}
        for path in self._paths(self.folder, known):
            name = path.relative_to(self.folder).as_posix()
            if name not in self._lines and name not in pictures:
                self.problems.append(f"{self.where(name)}: {self._why_unread(path, known)}")

    def _paths(self, folder: Path, known: set[str]) -> Iterator[Path]:
        """Files, and folders that are not read, here and in the folders that are."""
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.is_dir() and folder == self.folder and path.name in known:
                yield from self._paths(path, known)
            elif path.name not in LEFT_BY_SYSTEMS:
                yield path

    def _why_unread(self, path: Path, known: set[str]) -> str:
        parent = path.parent.name
        if path.is_dir():
            where = f"put its files into {parent}/" if path.parent != self.folder else f"known are {_listing(known)}"
            return f"this folder is not read; {where}"
        if path.name.startswith("."):
            return "hidden files are not read; delete it, or take the dot from its name"
        if parent == PICTURES:
            return "this file is not read; pictures are files that end in .svg"
        if path.suffix.lower() in (".yml", ".yaml") and path.suffix != ".yml":
            return f"only files that end in .yml are read; rename it to {path.stem}.yml"
        if path.parent != self.folder:
            return "this file is not read; only files that end in .yml are"
        near = difflib.get_close_matches(path.name, known, n=1)
        return f"this file is not read; {f'is {near[0]} meant?' if near else f'known are {_listing(known)}'}"


def _listing(names: set[str]) -> str:
    return ", ".join(sorted(name if name.endswith(".yml") else f"{name}/" for name in names))


# Decoding a file into data classes


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
        """The file as `kind`: a data class, tuple, frozenset or `Mapping`; None if anything in it is wrong."""
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

    def _set(self, node: yaml.Node, kind: Any) -> Any:
        items = self._list(node, kind)
        return WRONG if items is WRONG else frozenset(items)

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
    if origin is frozenset:
        return "_set", get_args(kind)[0]
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
