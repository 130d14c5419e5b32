"""Loads the content folder into a `Content`, or reports every mistake in it at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from palmwise.coach import content_checks
from palmwise.coach.content import Content
from palmwise.coach.model import (
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
from palmwise.coach.wording import Phrases
from palmwise.coach.yaml_decoder import Loader
from palmwise.errors import ContentError
from palmwise.language.phrase_matching import SAFETY_KINDS, PhraseList, SafetyLists, file_name


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
        "alarms": {kind: loader.one(f"safety/{file_name(kind)}", PhraseList) for kind in SAFETY_KINDS},
        "contraindications": loader.one("safety/contraindications.yml", Contraindications),
        "forgetting": loader.one("forgetting.yml", PhraseList),
        "privacy": loader.one("privacy.yml", PhraseList),
        "words": tuple(loader.each("vocabulary", Words).values()),
        "preparation": loader.one("preparation.yml", Spoken),
        "aftercare": loader.one("aftercare.yml", Spoken),
        "benefits": loader.many("benefits.yml", Benefit),
        "sources": loader.many("sources.yml", Source),
        "phrases": Phrases(loader.lines("phrases.yml")),
    }
    content = Content(**parts)
    problems = loader.problems or content_checks.problems(content, folder)
    if problems:
        raise ContentError(problems)
    return content


def load_safety_lists(folder: Path) -> SafetyLists:
    """Read the phrase lists in `folder` (`content/en/safety`). Raises `ContentError` with every mistake in them."""
    loader = Loader(folder)
    lists = {kind: loader.one(file_name(kind), PhraseList) for kind in SAFETY_KINDS}
    if loader.problems:
        raise ContentError(loader.problems)
    return SafetyLists({kind: each for kind, each in lists.items() if each is not None})
