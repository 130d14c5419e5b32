"""Loads the content folder into a `Content`, or reports every mistake in it at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from palmwise.coach import content_checks
from palmwise.coach.content import Content, PhraseBook
from palmwise.coach.model import (
    AnswerTopic,
    Benefit,
    Contraindications,
    Faq,
    RedFlag,
    Routine,
    Source,
    Spoken,
    Symptom,
    Technique,
    Words,
)
from palmwise.coach.yaml_decoder import Decoder
from palmwise.errors import ContentError
from palmwise.language.corrections import CorrectionWords
from palmwise.language.phrase_matching import SAFETY_KINDS, PhraseList, file_name
from palmwise.language.sentences import ClauseWords

PROJECT = Path(__file__).resolve().parents[2]
"""Messages name files relative to it."""
QUESTIONS = tuple(
    "screening permission whom offer ready ease ease_asked go_on another_round change_routine answer plain step".split()
)
"""Open questions of the coach whose answers are declared in `questions/`."""
READINGS = ("time", "extent", "pace", "hands", "steps", "keep", "aside")
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
        "forgetting": files.one("forgetting.yml", PhraseList),
        "questions": {id: files.one(f"questions/{id}.yml", PhraseList) for id in QUESTIONS},
        "readings": {id: files.one(f"readings/{id}.yml", PhraseList) for id in READINGS},
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
