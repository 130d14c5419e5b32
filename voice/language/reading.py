"""Reads what people say to the coach from the skill's own training data and content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from voice.errors import LanguageError
from voice.language.wording import spoken

FOLDERS = ("data/nlu", "content/techniques", "content/routines", "content/symptoms", "content/vocabulary")
FORGETTING = "content/forgetting.yml"
MISHEARD = ("spoken.yml",)
"""Files of what other recognisers make of phrases ("how long does this won take"): nobody says that."""
_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_EXAMPLE = re.compile(r"^\s*-\s+(.*\S)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Line:
    """Something that people say."""

    intent: str
    """As in the training data: `next_step`, `faq/oils`; `names` for what content calls things."""
    text: str
    """As it sounds: lower case words, no digits, no punctuation."""


def sources(root: Path) -> list[Path]:
    """The files that lines are read from, in a fixed order."""
    found = (path for folder in FOLDERS for path in (root / folder).glob("*.yml"))
    return sorted(path for path in (*found, root / FORGETTING) if path.is_file() and path.name not in MISHEARD)


def lines(root: Path) -> tuple[Line, ...]:
    """Everything that people say, without repetitions. Raises `LanguageError` where there is nothing to read."""
    found: dict[Line, None] = {}
    for path in sources(root):
        for intent, text in _said_in(path):
            if heard := spoken(text):
                found[Line(intent, heard)] = None
    if not found:
        raise LanguageError(f"There is no training data under {root}: start the coach from the project's folder.")
    return tuple(found)


def _said_in(path: Path) -> Iterator[tuple[str, str]]:
    told = content(path)
    if "nlu" in told:
        for block in told["nlu"] or ():
            if "intent" in block:
                for example in _EXAMPLE.findall(block["examples"]):
                    yield block["intent"], _ENTITY.sub(r"\1", example)
        return
    names = [str(name) for name in told.get("names") or ()]
    for value in (told.get("values") or {}).values():
        names += [str(name) for name in value]
    names += [str(phrase) for phrase in told.get("usual") or ()]
    yield from (("names", name) for name in names)


def content(path: Path) -> dict[str, Any]:
    """What a file of content holds. Raises `LanguageError`."""
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 -- both of them are safe
    except (OSError, yaml.YAMLError) as error:
        raise LanguageError(f"{path} cannot be read: {error}") from error
    return found if isinstance(found, dict) else {}


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
