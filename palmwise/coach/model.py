"""The shapes of what the coach knows, as frozen data classes that mirror the files under `content/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

HelpLevel = Literal["emergency", "doctor"]


@dataclass(frozen=True)
class Spoken:
    """The same thing for the eye, then for the ear."""

    text: str
    """For the eye; **bold** is the only markup."""
    say: str
    """For the ear: short, no markup, no word that would work as a command."""


@dataclass(frozen=True)
class Picture:
    """A drawing under `content/en/pictures/`."""

    src: str
    """File name, `.svg`."""
    alt: str
    """A description that serves someone who cannot see it."""


@dataclass(frozen=True)
class Part:
    """A piece of a hold, said when it is its turn ("now the wrist")."""

    say: str


@dataclass(frozen=True)
class Point:
    """A reflex point of the hand."""

    where: str
    believed: str
    """What it is believed to relate to; belief, not established medicine."""


@dataclass(frozen=True)
class Technique:
    """A movement, which several routines may use."""

    id: str
    title: str
    names: tuple[str, ...]
    """What people call it, lower case; looked up in what they say."""
    what: str
    """What it is."""
    text: str
    """The instruction for the eye."""
    say: str
    """The instruction for the ear."""
    why: str
    """What it is good for."""
    more: str
    """The longer explanation."""
    mistakes: tuple[str, ...]
    lighter: str
    """How to do it more gently."""
    picture: Picture
    tip: str | None = None
    """Said at half of a hold."""
    parts: tuple[Part, ...] = ()
    """Spread evenly over each hold; the first one begins it."""
    point: Point | None = None


@dataclass(frozen=True)
class RoutineStep:
    """One step of a routine as its file has it."""

    technique: str
    hands: Literal["each", "both"]
    """`each`: one hand, then the other for the same time. `both`: both hands at once."""
    seconds: int
    """One hold, in seconds; a step for each hand has two of them."""
    keep: int
    """1 to 5: how much it matters when time is short; 5 is never left out."""
    title: str | None = None
    text: str | None = None
    say: str | None = None


@dataclass(frozen=True)
class Span:
    """How many minutes to tell people."""

    least: int = field(metadata={"key": "from"})
    most: int = field(metadata={"key": "to"})


@dataclass(frozen=True)
class Routine:
    """A massage from its first step to its last."""

    id: str
    title: str
    names: tuple[str, ...]
    summary: str
    minutes: Span
    good_for: str
    prepare: Spoken
    finish: Spoken
    steps: tuple[RoutineStep, ...]


@dataclass(frozen=True)
class Faq:
    """A question that the source article answers."""

    id: str
    question: str
    short: str
    """The answer for the ear."""
    text: str
    """The answer for the eye."""
    source: str
    asked: tuple[str, ...] = ()
    """The question as people ask it: sentences to learn from, beside those of `data/nlu`."""
    related: tuple[str, ...] = ()
    belief: bool = False
    """True where the answer tells a belief rather than established medicine."""


@dataclass(frozen=True)
class Symptom:
    """An everyday complaint with the routine that suits it."""

    id: str
    title: str
    names: tuple[str, ...]
    routine: str
    because: str
    """The reason, in the second person."""
    care: str | None = None
    """When to see a doctor about it."""
    belief: bool = False


@dataclass(frozen=True)
class Words:
    """What people call the values of an entity."""

    entity: str
    values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Benefit:
    """One good thing that hand massage is said to do."""

    id: str
    title: str
    text: str
    belief: bool = False


@dataclass(frozen=True)
class Contraindication:
    """A reason not to massage a hand."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class Contraindications:
    """The one safety question, what it covers, what to say when the answer is yes."""

    question: Spoken
    items: tuple[Contraindication, ...]
    help: Spoken


@dataclass(frozen=True)
class RedFlag:
    """Something that needs help other than a massage."""

    id: str
    level: HelpLevel
    reason: str
    text: str
    say: str


@dataclass(frozen=True)
class Source:
    """A reference of the article."""

    name: str
    title: str
