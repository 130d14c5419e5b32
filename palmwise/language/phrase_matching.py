"""Matches phrase rules (alarms, stop, pain, privacy, deletion) against the words of a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from palmwise.language.negation import Span, denied, says_no

KINDS = ("red_flag", "stop", "pain")
"""What the lists are for, the gravest first."""


def name_of(kind: str) -> str:
    """The file of one of `KINDS`."""
    return f"phrases_{kind}.yml"


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


Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Phrases of which one must be there; the last word of a phrase may end in a star."""

    phrases: tuple[Phrase, ...]

    def spans(self, words: Sequence[str]) -> tuple[Span, ...]:
        """Where one of the phrases stands."""
        return tuple(
            (at, at + len(phrase))
            for at, word in enumerate(words)
            for phrase in self._beginning(word)
            if _stands(phrase, words, at)
        )

    def _beginning(self, word: str) -> Sequence[Phrase]:
        """The phrases that this word may begin; a message is held against a thousand phrases, so they are indexed."""
        exact = self._by_word.get(word, ())
        if not word.startswith(self._stems):
            return exact
        return [*exact, *(phrase for phrase in self._by_stem if word.startswith(phrase[0][:-1]))]

    @cached_property
    def _by_word(self) -> Mapping[str, Sequence[Phrase]]:
        index: dict[str, list[Phrase]] = {}
        for phrase in self.phrases:
            if not phrase[0].endswith("*"):
                index.setdefault(phrase[0], []).append(phrase)
        return index

    @cached_property
    def _by_stem(self) -> tuple[Phrase, ...]:
        return tuple(phrase for phrase in self.phrases if phrase[0].endswith("*"))

    @cached_property
    def _stems(self) -> tuple[str, ...]:
        return tuple(phrase[0][:-1] for phrase in self._by_stem)


@dataclass(frozen=True)
class Rule:
    """One way of raising an alarm."""

    groups: tuple[Group, ...]
    within: int
    """Words from the first to the last match."""
    most: int
    """Words of the whole message; longer ones are left to the classifier."""
    unless: Group
    only: frozenset[str]
    """When not empty: the words that may stand beside the groups' own."""
    closing: bool = False
    """Whether only what ends the message counts."""

    def match(self, words: Sequence[str]) -> Span | None:
        """The words that raise the alarm, or None."""
        if len(words) > self.most:
            return None
        places: list[Sequence[Span]] = []
        for group in self.groups:
            found = [span for span in group.spans(words) if self._counts(words, span)]
            if not found:
                return None
            places.append(found)
        if self.unless.spans(words) or not self._alone(words, places):
            return None
        return _nearest(places, self.within)

    def _counts(self, words: Sequence[str], span: Span) -> bool:
        return (span[1] == len(words) or not self.closing) and not denied(words, span)

    def _alone(self, words: Sequence[str], places: Sequence[Sequence[Span]]) -> bool:
        own = {at for spans in places for span in spans for at in range(*span)}
        return not self.only or all(at in own or word in self.only for at, word in enumerate(words))


@dataclass(frozen=True)
class Alarm:
    """What was heard, and where."""

    kind: str
    """One of `KINDS`."""
    id: str
    """For a red flag its id in `content/en/safety/red_flags.yml`."""
    first: int
    """Index of the first word that counted."""
    end: int
    """Index after the last."""


@dataclass(frozen=True)
class Alarms:
    """All phrase lists."""

    rules: tuple[tuple[str, str, Rule], ...]
    """(kind, id, rule), the gravest kind first."""
    hints: Mapping[str, Group]
    """Red flag -> words that tell it from others once a red flag is certain."""

    def hear(self, words: Sequence[str]) -> Alarm | None:
        """The gravest alarm in a message of lower-case words, or None."""
        plain = [_plain(word) for word in words]
        for kind, id, rule in self.rules:
            span = rule.match(plain)
            if span is not None:
                return Alarm(kind, id, *span)
        return None

    def which(self, words: Sequence[str]) -> Alarm:
        """The red flag that is meant when it is certain that one is; `general` when nothing tells."""
        plain = [_plain(word) for word in words]
        for id, group in self.hints.items():
            for span in group.spans(plain):
                return Alarm("red_flag", id, *span)
        return Alarm("red_flag", "general", 0, len(words))

    def denied(self, words: Sequence[str]) -> bool:
        """Whether the message says no, and every hint at a red flag in it is denied: "no injuries, nothing swollen"."""
        plain = [_plain(word) for word in words]
        spans = [span for group in self.hints.values() for span in group.spans(plain)]
        return bool(spans) and says_no(plain) and all(denied(plain, span) for span in spans)

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every whole word of the groups, for whoever repairs spelling."""
        phrases = (phrase for _, _, rule in self.rules for group in rule.groups for phrase in group.phrases)
        return frozenset(word for phrase in phrases for word in phrase if not word.endswith("*"))


def rules_of(written: AlarmList) -> Iterator[tuple[str, Rule]]:
    """(id, rule) of one list, with the phrases of its sets in the place of their names."""
    for flag in written.flags:
        for rule in flag.rules:
            groups = tuple(group_of(phrases, written.sets) for phrases in rule.groups)
            unless = group_of(rule.unless, written.sets)
            yield flag.id, Rule(groups, rule.within, rule.most, unless, frozenset(rule.only), rule.closing)


def group_of(phrases: Sequence[str], sets: Mapping[str, Sequence[str]]) -> Group:
    """The group of `phrases`, each "@name" replaced by the phrases of that set."""
    flat = [each for phrase in phrases for each in (sets[phrase[1:]] if phrase.startswith("@") else (phrase,))]
    return Group(tuple(tuple(phrase.split()) for phrase in flat))


def _stands(phrase: Phrase, words: Sequence[str], at: int) -> bool:
    """Whether a phrase whose first word is there goes on as it should."""
    rest = words[at + 1 : at + len(phrase)]
    return len(rest) == len(phrase) - 1 and all(map(_same, phrase[1:], rest))


def _same(wanted: str, word: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def _nearest(places: Sequence[Sequence[Span]], within: int) -> Span | None:
    best: Span | None = None
    for start, _ in (span for spans in places for span in spans):
        ends = [min((end for first, end in spans if first >= start), default=None) for spans in places]
        if any(end is None for end in ends):
            continue
        last = max(end for end in ends if end is not None)
        if last - start <= within and (best is None or last - start < best[1] - best[0]):
            best = (start, last)
    return best


def _plain(word: str) -> str:
    # "finger's swollen", "it's" stays: only what belongs to a longer word is cut off.
    return word.removesuffix("'s") if len(word) > 6 or word in {"hand's", "arm's", "face's", "thumb's"} else word
