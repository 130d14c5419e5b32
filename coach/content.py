"""Loads `content/`, the whole of what the coach knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from coach import crosscheck
from coach.decode import Decoder
from coach.errors import ContentError
from coach.model import (
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
from coach.phrases import Phrases

T = TypeVar("T")


@dataclass(frozen=True)
class Content:
    """Everything under `content/`, by id."""

    routines: Mapping[str, Routine]
    techniques: Mapping[str, Technique]
    faqs: Mapping[str, Faq]
    symptoms: Mapping[str, Symptom]
    red_flags: Mapping[str, RedFlag]
    contraindications: Contraindications
    words: tuple[Words, ...]
    preparation: Spoken
    aftercare: Spoken
    benefits: tuple[Benefit, ...]
    sources: tuple[Source, ...]
    phrases: Phrases

    @cached_property
    def vocabulary(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Entity -> value -> what people call it; techniques, routines and symptoms by their `names`."""
        named: dict[str, Mapping[str, tuple[str, ...]]] = {words.entity: words.values for words in self.words}
        named["technique"] = {id: technique.names for id, technique in self.techniques.items()}
        named["routine"] = {id: routine.names for id, routine in self.routines.items()}
        named["symptom"] = {id: symptom.names for id, symptom in self.symptoms.items()}
        return named


class Loader:
    """Reads a content folder; keeps the problems of every file."""

    def __init__(self, folder: Path) -> None:
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


def load_content(folder: Path) -> Content:
    """Reads and checks `content/`.

    Raises `ContentError` with every mistake of every file at once.
    """
    loader = Loader(folder)
    parts: dict[str, Any] = {
        "routines": loader.each("routines", Routine),
        "techniques": loader.each("techniques", Technique),
        "faqs": loader.each("faq", Faq),
        "symptoms": loader.each("symptoms", Symptom),
        "red_flags": {flag.id: flag for flag in loader.many("safety/red_flags.yml", RedFlag)},
        "contraindications": loader.one("safety/contraindications.yml", Contraindications),
        "words": tuple(loader.each("vocabulary", Words).values()),
        "preparation": loader.one("preparation.yml", Spoken),
        "aftercare": loader.one("aftercare.yml", Spoken),
        "benefits": loader.many("benefits.yml", Benefit),
        "sources": loader.many("sources.yml", Source),
        "phrases": Phrases(loader.lines("phrases.yml")),
    }
    content = Content(**parts)
    problems = loader.problems or crosscheck.problems(content, folder)
    if problems:
        raise ContentError(problems)
    return content
