"""Schema of the content files: one frozen data class for each kind of file, and for its parts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal

HelpLevel = Literal["emergency", "doctor"]


@dataclass(frozen=True)
class Spoken:
    """A text to be read, and the same to be said aloud."""

    text: str
    """To be read; **bold** is the only markup."""
    say: str
    """To be said aloud: short, no markup, no word that would work as a command."""


@dataclass(frozen=True)
class Picture:
    """A drawing in the folder `pictures/`."""

    src: str
    """File name, `.svg`."""
    alt: str
    """A description for people who cannot see it."""


@dataclass(frozen=True)
class Part:
    """A part of a hold, announced when it begins ("now the wrist")."""

    say: str


@dataclass(frozen=True)
class Point:
    """A reflex point of the hand."""

    where: str
    believed: str
    """What the point is believed to relate to, which is no established medicine."""


@dataclass(frozen=True)
class Technique:
    """A movement. Several routines may use the same one."""

    id: str
    title: str
    names: tuple[str, ...]
    """What people call it, in lower case; found in what they say."""
    what: str
    """A short description of the movement."""
    text: str
    """The instruction to be read."""
    say: str
    """The instruction to be said aloud."""
    why: str
    """The benefit of the movement."""
    more: str
    """A longer explanation of how to do it."""
    mistakes: tuple[str, ...]
    direction: str
    """Which way the hand moves; this and the following answer questions in the middle of the step."""
    pressure: str
    count: str
    """How many times, or how quickly."""
    where: str
    feel: str
    tool: str
    """What the working hand does it with."""
    lie: str
    """How the hand lies that is massaged."""
    right: str
    """By what people notice that they are doing it right."""
    lighter: str
    """How to do it more gently."""
    picture: Picture
    tip: str | None = None
    """Said halfway through a hold."""
    parts: tuple[Part, ...] = ()
    """Parts of equal length of each hold, in order."""
    point: Point | None = None

    @property
    def details(self) -> tuple[str, ...]:
        """What answers questions about the step."""
        return self.direction, self.pressure, self.count, self.where, self.feel, self.tool, self.lie, self.right


@dataclass(frozen=True)
class RoutineStep:
    """One step of a routine."""

    technique: str
    hands: Literal["each", "both"]
    """`each`: one hand, then the other for the same time. `both`: both hands at once."""
    seconds: int
    """Seconds of one hold; a step for each hand has two holds."""
    keep: int
    """1 to 5: importance when time is short; a step with 5 is never left out."""
    title: str | None = None
    text: str | None = None
    say: str | None = None


@dataclass(frozen=True)
class MinutesSpan:
    """Minutes that a routine takes, as people are told."""

    least: int = field(metadata={"key": "from"})
    most: int = field(metadata={"key": "to"})


@dataclass(frozen=True)
class Routine:
    """A massage: its steps, and what is said before and after them."""

    id: str
    title: str
    names: tuple[str, ...]
    summary: str
    minutes: MinutesSpan
    firmness: int
    """1 for the gentlest touch, 5 for the firmest: to compare routines by."""
    contrast: str
    """What sets it apart, after its title: "kneads and rolls the whole hand"."""
    good_for: str
    prepare: Spoken
    finish: Spoken
    steps: tuple[RoutineStep, ...]


@dataclass(frozen=True)
class Faq:
    """A question and its answer."""

    id: str
    question: str
    short: str
    """The answer to be said aloud."""
    text: str
    """The answer to be read."""
    source: str
    asked: tuple[str, ...] = ()
    """The question as people ask it: training examples beside those in `data/nlu`."""
    related: tuple[str, ...] = ()
    belief: bool = False
    """Whether the answer tells a belief rather than established medicine."""


StepField = Literal["direction", "pressure", "count", "where", "feel", "tool", "lie", "right"]
"""Fields of a technique that answer a question about the step."""
Form = Literal[
    "about", "for_whom", "how", "how_hard", "how_long", "how_much", "how_often", "instead", "is_fine", "is_good",
    "is_safe", "need", "what_if", "what_is", "when", "where", "which", "why", "without",
]  # fmt: skip
"""What is asked about a topic."""
Moment = Literal["before", "at_step", "pain", "paused", "after", "anytime"]
"""When a question is asked: before a massage, at a step, after pain was told at it, in a pause, after the massage."""


@dataclass(frozen=True)
class KnownAnswer:
    """The answer to one question, which a topic has several of."""

    id: str
    form: Form
    asks: str
    """The question, also the words on its button."""
    questions: tuple[str, ...]
    """The question as people ask it, to find the answer by."""
    say: str
    """The answer in one sentence; to a question for a yes or no it begins so."""
    more: str
    """Further information, for people who ask for more."""
    short: str
    """The same in other and simpler words, for people who ask again."""
    source: Literal["article", "common_sense"]
    polarity: Literal["yes", "no", "either", "none"] = "none"
    """How a question for a yes or no is answered; `none`: it is no such question."""
    belief: bool = False
    """Whether the answer tells a belief rather than established medicine."""
    see: tuple[str, ...] = ()
    """Other answers, offered as buttons."""
    condition: str | None = None
    """The symptom or danger sign that the question is about."""
    step: StepField | None = None
    """The field of the technique that answers the question in the middle of a step."""
    routine: str | None = None
    """The routine that the answer recommends."""
    when: tuple[Moment, ...] = ()
    """When the question is asked; empty: as the topic says."""
    movements: tuple[str, ...] = ()
    """The techniques that the question is about, where it is about some of them only."""
    ambiguous: bool = False
    """Whether its questions may tell of a danger or be meant as a command, so that they do not show what is neither."""

    @property
    def said(self) -> tuple[str, str, str]:
        """Everything that is said aloud."""
        return self.say, self.more, self.short


@dataclass(frozen=True)
class AnswerTopic:
    """The answers about one topic."""

    topic: str
    title: str
    answers: tuple[KnownAnswer, ...]
    faq: str | None = None
    """The question of `faq/` whose answer is that of the topic as a whole."""
    when: tuple[Moment, ...] = ("anytime",)
    """When its questions are asked."""
    ambiguous: bool = False
    """Whether all its answers are."""


@dataclass(frozen=True)
class Symptom:
    """An everyday complaint, and the routine that is offered for it."""

    id: str
    title: str
    names: tuple[str, ...]
    routine: str
    because: str
    """Why the routine suits, addressed to the person."""
    care: str | None = None
    """When to see a doctor about the complaint."""
    belief: bool = False


@dataclass(frozen=True)
class Words:
    """The values of an entity, and what people call them."""

    entity: str
    values: Mapping[str, tuple[str, ...]]
    not_before: Mapping[str, frozenset[str]] = MappingProxyType({})
    """Value -> words before which its name is only part of something else."""


@dataclass(frozen=True)
class Turns:
    """Words by which a hand is told by its turn."""

    first: frozenset[str]
    second: frozenset[str]
    other: frozenset[str]
    this: frozenset[str]

    def named_in(self, words: Sequence[str]) -> str | None:
        """The turn that the first such word names."""
        turns = vars(self).items()
        return next((turn for word in words for turn, names in turns if word in names), None)


@dataclass(frozen=True)
class Cues:
    """Single words that tell messages of the same intent apart, and what of them one means: `cues.yml`."""

    quick: frozenset[str]
    """With one of these and no number, a quick massage is meant."""
    supposing: tuple[str, ...]
    """Beginnings of a message that asks for a plan that fits."""
    waiting: frozenset[str]
    """With one of these, more minutes in a pause are a longer pause."""
    lengths: frozenset[str]
    """With one of these a question is one for a time."""
    degrees: frozenset[str]
    """Words of a message that asks for another degree of what was done last."""
    resuming: frozenset[str]
    repeating: frozenset[str]
    """Words of a wish to hear something again: "say that again slowly" is of the words, not of the strokes."""
    confirming: frozenset[str]
    """Last words by which something is asked to be confirmed."""
    requesting: frozenset[str]
    """With one of these "I" or "we" wish for something: "can we change hands?" does not ask whether it is time."""
    leaving_out: frozenset[str]
    heading_for: frozenset[str]
    """With one of these a step that is named is gone to, with one of the others left out: "skip to the kneading"."""
    postponing: frozenset[str]
    over: frozenset[str]
    turns: Turns
    asking_about: frozenset[str]
    """Words that ask about what is pointed at, if nothing else in the message asks."""
    going: frozenset[str]
    returning: frozenset[str]
    not_going: frozenset[str]
    """With one of these, what is pointed at is not gone to."""
    pointers: frozenset[str]
    no_steps: frozenset[str]
    """After one of these a number is that of no step."""
    asking_duty: tuple[str, ...]
    """With one of these it is asked whether something must be: "must I stop"."""
    checking: tuple[str, ...]
    """Ends of what somebody repeats to hear whether it is right."""
    allotting: frozenset[str]
    """With one of these a time is for the step that is named: "give the wrist bit two minutes"."""
    step_words: frozenset[str]
    """After a part of the hand one of these makes it a step: "the wrist one"."""
    nameless: frozenset[str]
    """Words of the steps' titles that name none of them."""
    putting_back: tuple[str, ...]
    """Phrases whose words, in any order, want back a step that was left out."""
    telling: frozenset[str]
    """With one of these, and none of `wishing`, a routine is talked about rather than wanted."""
    wishing: frozenset[str]
    asking_to_move: frozenset[str]
    """Words that a request for a move may begin with, if it has none of `naming`."""
    naming: frozenset[str]
    own_names: frozenset[str]
    """A message with one of them is meant for the coach."""
    refusing: frozenset[str]
    passing_on: frozenset[str]
    """Words before somebody else's answer that is passed on: "she says no"."""
    bare: frozenset[str]
    """A question of such words alone names no topic: it continues with the previous one."""
    joining: tuple[str, ...]
    """Beginnings of questions that ask the same of another thing."""
    bad: frozenset[str]
    """With one of these a question asks whether something is bad, not whether it is good."""
    commands: frozenset[str]
    """Words that a microphone near the speaker could take for the person's own."""

    @cached_property
    def command(self) -> re.Pattern[str]:
        """Finds one of the commands in a text."""
        return re.compile(rf"\b({'|'.join(sorted(self.commands))})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Measure:
    """What can be compared, with more or less of it asked for."""

    of: Literal["minutes", "firmness"]
    more: bool
    comparatives: tuple[str, ...]
    """The first one is also said."""
    superlatives: tuple[str, ...]
    also: tuple[str, ...] = ()
    """Phrases whose words, in any order, mean the same."""


@dataclass(frozen=True)
class ComparingWords:
    """How people compare: `comparing.yml`."""

    measures: tuple[Measure, ...]
    differences: frozenset[str]
    """With one of these, and no measure, the difference in general is asked for."""
    places: Mapping[str, int]
    """Word -> place in a list, from 1; from the end, -1."""
    between: frozenset[str]
    """With one of these the places count beside names."""
    current: frozenset[str]
    whether: frozenset[str]
    """First words of a question that wants a yes or no."""

    @cached_property
    def by_word(self) -> Mapping[str, Measure]:
        """Comparative or superlative -> what it compares."""
        return {word: each for each in self.measures for word in (*each.comparatives, *each.superlatives)}


@dataclass(frozen=True)
class Benefit:
    """A benefit of hand massage."""

    id: str
    title: str
    text: str
    belief: bool = False


@dataclass(frozen=True)
class ScreeningItem:
    """A reason not to massage a hand."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class Contraindications:
    """The safety question, the conditions that it asks about, and the answer to a yes."""

    question: Spoken
    conditions: tuple[str, ...]
    """What the question asks about, as a list to be read."""
    items: tuple[ScreeningItem, ...]
    shared: frozenset[str]
    """Words of the items' titles that do not tell one from another."""
    help: Spoken


@dataclass(frozen=True)
class RedFlag:
    """A danger sign: something that needs other help than a massage."""

    id: str
    level: HelpLevel
    reason: str
    text: str
    say: str


@dataclass(frozen=True)
class Source:
    """A reference for what the coach says."""

    name: str
    title: str
