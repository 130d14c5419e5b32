"""The phrase lists of `content/safety/` as they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from palmwise.coach.errors import ContentError
from palmwise.coach.loader import Loader

KINDS = ("red_flag", "stop", "pain")
"""What the lists are for, the gravest first."""

NEAR = 8
"""Words from the first to the last group of a rule, unless it says otherwise."""
ANY_LENGTH = 1000
"""Words of a message that no rule calls too long."""

Named = Mapping[str, tuple[str, ...]]
NONE: Named = MappingProxyType({})


@dataclass(frozen=True)
class AlarmRule:
    """One way of raising an alarm; a phrase that begins with "@" stands for all of that set."""

    groups: tuple[tuple[str, ...], ...] = field(metadata={"key": "all"})
    """From each at least one phrase must be there."""
    within: int = NEAR
    """Words from the first to the last match."""
    most: int = ANY_LENGTH
    """Words of the whole message; longer ones are left to the classifier."""
    unless: tuple[str, ...] = ()
    """Phrases that call the alarm off."""
    only: tuple[str, ...] = ()
    """When there are any: the words that may stand beside the groups' own."""
    closing: bool = False
    """Whether only what ends the message counts."""


@dataclass(frozen=True)
class AlarmRules:
    """The ways in which one alarm is raised."""

    id: str
    """For a red flag its id in `red_flags.yml`."""
    rules: tuple[AlarmRule, ...]


@dataclass(frozen=True)
class AlarmList:
    """One file."""

    flags: tuple[AlarmRules, ...]
    sets: Named = NONE
    """Name -> phrases that several rules share."""
    hints: Named = NONE
    """Red flag -> words that tell it from others once a red flag is certain."""
    usual: tuple[str, ...] = ()
    """Whole messages that a recogniser should know."""

    @property
    def unknown_sets(self) -> Iterator[str]:
        """The sets that rules speak of and that do not exist."""
        groups = [phrases for flag in self.flags for rule in flag.rules for phrases in (*rule.groups, rule.unless)]
        named = {phrase[1:] for phrases in (*groups, *self.hints.values()) for phrase in phrases if phrase[0] == "@"}
        yield from sorted(named - self.sets.keys())


def name_of(kind: str) -> str:
    """The file of one of `KINDS`."""
    return f"phrases_{kind}.yml"


def load_lists(folder: Path) -> dict[str, AlarmList]:
    """Kind -> its list, of `folder` (`content/safety`); raises `ContentError` with whatever cannot be read in them."""
    loader = Loader(folder)
    lists = {kind: loader.one(name_of(kind), AlarmList) for kind in KINDS}
    if loader.problems:
        raise ContentError(loader.problems)
    return {kind: each for kind, each in lists.items() if each is not None}
