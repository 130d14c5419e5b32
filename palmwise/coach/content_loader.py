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
from palmwise.language.phrase_matching import KINDS, AlarmList, Alarms, group_of, name_of, rules_of


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
        "alarms": {kind: loader.one(f"safety/{name_of(kind)}", AlarmList) for kind in KINDS},
        "contraindications": loader.one("safety/contraindications.yml", Contraindications),
        "forgetting": loader.one("forgetting.yml", AlarmList),
        "privacy": loader.one("privacy.yml", AlarmList),
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


def load_lists(folder: Path) -> dict[str, AlarmList]:
    """Kind -> its list, of `folder` (`safety/`). Raises `ContentError` with whatever cannot be read in them."""
    loader = Loader(folder)
    lists = {kind: loader.one(name_of(kind), AlarmList) for kind in KINDS}
    if loader.problems:
        raise ContentError(loader.problems)
    return {kind: each for kind, each in lists.items() if each is not None}


def load_alarms(folder: Path) -> Alarms:
    """Reads the lists in `folder` (`content/en/safety`); raises `ContentError` with whatever cannot be read in them."""
    lists = load_lists(folder)
    rules = [(kind, id, rule) for kind, each in lists.items() for id, rule in rules_of(each)]
    hints = {id: group_of(phrases, each.sets) for each in lists.values() for id, phrases in each.hints.items()}
    return Alarms(tuple(rules), hints)
