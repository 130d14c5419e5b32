"""Phrase matching: lists of phrase rules (red flags, stop, pain, privacy, deletion) against the words of a message.

A match that is negated does not count: "no numbness, nothing swollen".

A list is a YAML file of the content, decoded into a `PhraseList`. The words to match are those of
`palmwise.language.tokens.words_of`, repaired or not.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from types import MappingProxyType

Span = tuple[int, int]
"""Index of the first word, index after the last."""
SAFETY_KINDS = ("red_flag", "stop", "pain")
"""Kinds of the safety lists, most serious first."""
UNKNOWN_RED_FLAG = "general"
"""Id of the red flag used when the words do not say which one it is."""

DEFAULT_WITHIN = 8
UNLIMITED = 1000
"""A number of words that no message reaches."""

PhraseSets = Mapping[str, tuple[str, ...]]
_NO_SETS: PhraseSets = MappingProxyType({})


def file_name(kind: str) -> str:
    """Name of the content file of one of `SAFETY_KINDS`."""
    return f"phrases_{kind}.yml"


@dataclass(frozen=True)
class PhraseMatch:
    """A rule that matched, and the words that it matched."""

    id: str
    """Id of the rule's group: of a red flag the id in `red_flags.yml`."""
    first: int
    """Index of the first word."""
    end: int
    """Index after the last word."""


@dataclass(frozen=True)
class Phrases:
    """Alternatives, of which one must occur. A word that ends in a star matches every word that begins like it."""

    phrases: tuple[str, ...]

    def spans(self, words: Sequence[str]) -> tuple[Span, ...]:
        """Every occurrence of one of the phrases."""
        # A message is compared with thousands of phrases in some hundred lists, of which most have none of its words.
        if self._by_first_word.keys().isdisjoint(words) and not self._has_stem(words):
            return ()
        begun = {
            word: self._candidates(word)
            for word in dict.fromkeys(words)
            if word in self._by_first_word or word.startswith(self._stems)
        }
        return tuple(
            (at, at + len(phrase))
            for at, word in enumerate(words)
            if word in begun
            for phrase in begun[word]
            if _continues(phrase, words, at)
        )

    @cached_property
    def split(self) -> tuple[tuple[str, ...], ...]:
        """The words of each phrase."""
        return tuple(tuple(phrase.split()) for phrase in self.phrases)

    def _candidates(self, word: str) -> Sequence[tuple[str, ...]]:
        """Phrases that this word may begin."""
        exact = self._by_first_word.get(word, ())
        if not word.startswith(self._stems):
            return exact
        return [*exact, *(phrase for phrase in self._by_stem if word.startswith(phrase[0][:-1]))]

    def _has_stem(self, words: Sequence[str]) -> bool:
        """Whether any of the words begins like one of the phrases; one search instead of a look at each word."""
        return self._stem is not None and self._stem.search(" ".join(["", *words])) is not None

    @cached_property
    def _stem(self) -> re.Pattern[str] | None:
        return re.compile(f" (?:{'|'.join(map(re.escape, self._stems))})") if self._stems else None

    @cached_property
    def _by_first_word(self) -> Mapping[str, Sequence[tuple[str, ...]]]:
        index: dict[str, list[tuple[str, ...]]] = {}
        for phrase in self.split:
            if not phrase[0].endswith("*"):
                index.setdefault(phrase[0], []).append(phrase)
        return index

    @cached_property
    def _by_stem(self) -> tuple[tuple[str, ...], ...]:
        return tuple(phrase for phrase in self.split if phrase[0].endswith("*"))

    @cached_property
    def _stems(self) -> tuple[str, ...]:
        return tuple(phrase[0][:-1] for phrase in self._by_stem)


@dataclass(frozen=True)
class PhraseRule:
    """One way of saying something. A phrase that begins with "@" stands for a set of the list (see `resolve`)."""

    required: tuple[tuple[str, ...], ...] = field(metadata={"key": "all"})
    """A phrase of each group must occur, not negated."""
    within: int = DEFAULT_WITHIN
    """The occurrences must lie within this many words."""
    max_words: int = UNLIMITED
    """Longer messages do not match: they are left to the classifier."""
    unless: tuple[str, ...] = ()
    """Phrases that call the match off, wherever they occur."""
    only: tuple[str, ...] = ()
    """If not empty: the only words that the message may have beside the matched ones."""
    at_end: bool = False
    """Whether only occurrences at the end of the message count."""
    literal: bool = False
    """Whether an occurrence counts although a negation stands before it: "no, too many questions"."""

    def match(self, words: Sequence[str]) -> Span | None:
        """The words that match, or None. The rule must be resolved."""
        if len(words) > self.max_words:
            return None
        occurrences: list[Sequence[Span]] = []
        for group in self._groups:
            spans = [span for span in group.spans(words) if self._counts(words, span)]
            if not spans:
                return None
            occurrences.append(spans)
        if self._exceptions.spans(words) or self._has_other_words(words, occurrences):
            return None
        return _closest(occurrences, self.within)

    def resolve(self, sets: PhraseSets) -> PhraseRule:
        """The rule with each "@name" replaced by the phrases of that set."""
        groups = tuple(_resolved(group, sets) for group in self.required)
        return replace(self, required=groups, unless=_resolved(self.unless, sets), only=_resolved(self.only, sets))

    @cached_property
    def _groups(self) -> tuple[Phrases, ...]:
        return tuple(map(Phrases, self.required))

    @cached_property
    def _exceptions(self) -> Phrases:
        return Phrases(self.unless)

    @cached_property
    def _allowed(self) -> frozenset[str]:
        return frozenset(self.only)

    def _counts(self, words: Sequence[str], span: Span) -> bool:
        return (span[1] == len(words) or not self.at_end) and (self.literal or not is_negated(words, span))

    def _has_other_words(self, words: Sequence[str], occurrences: Sequence[Sequence[Span]]) -> bool:
        if not self.only:
            return False
        matched = {at for spans in occurrences for span in spans for at in range(*span)}
        return any(at not in matched and word not in self._allowed for at, word in enumerate(words))


@dataclass(frozen=True)
class RuleIndex:
    """Which rules of a list a message may match at all, by the words that one of their groups begins with."""

    words: Mapping[str, Sequence[int]]
    """First word of a phrase -> numbers of rules."""
    stems: Mapping[str, Sequence[int]]
    """The same for what stands before the star of a first word."""
    stem: re.Pattern[str] | None
    """Finds any of the stems at the beginning of a word."""
    others: frozenset[int]
    """Numbers of rules without a group."""

    @staticmethod
    def build(rules: Sequence[PhraseRule]) -> RuleIndex:
        """Index each rule by the group with the fewest first words."""
        words: dict[str, list[int]] = {}
        stems: dict[str, list[int]] = {}
        for number, rule in enumerate(rules):
            firsts = [{phrase.split()[0] for phrase in group} for group in rule.required]
            for first in min(firsts, key=len, default=()):
                index = stems if first.endswith("*") else words
                index.setdefault(first.removesuffix("*"), []).append(number)
        pattern = re.compile(f" (?:{'|'.join(map(re.escape, stems))})") if stems else None
        others = frozenset(number for number, rule in enumerate(rules) if not rule.required)
        return RuleIndex(words, stems, pattern, others)

    def begun(self, words: Sequence[str]) -> list[int]:
        """Numbers of the rules that one of the words may begin, in their order."""
        found = set(self.others)
        for word in self.words.keys() & set(words):
            found.update(self.words[word])
        if self.stem is not None and self.stem.search(" ".join(["", *words])):
            found.update(
                number
                for stem, numbers in self.stems.items()
                if any(word.startswith(stem) for word in words)
                for number in numbers
            )
        return sorted(found)


@dataclass(frozen=True)
class RuleGroup:
    """The ways of saying the same thing."""

    id: str
    rules: tuple[PhraseRule, ...]


@dataclass(frozen=True)
class PhraseList:
    """The rules of one file. Hints tell red flags apart once it is certain that there is one."""

    rule_groups: tuple[RuleGroup, ...] = field(metadata={"key": "meanings"})
    """In the order in which they are tried."""
    sets: PhraseSets = _NO_SETS
    """Name -> phrases that several rules share."""
    hints: PhraseSets = _NO_SETS
    """Red flag id -> phrases that point to it."""
    usual: tuple[str, ...] = ()
    """Whole messages that speech recognizers should know."""

    def match(self, words: Sequence[str]) -> PhraseMatch | None:
        """The first rule that matches, or None."""
        plain = _without_possessives(words)
        for number in self._index.begun(plain):
            id, rule = self.rules[number]
            if span := rule.match(plain):
                return PhraseMatch(id, *span)
        return None

    def match_hint(self, words: Sequence[str]) -> PhraseMatch | None:
        """The first hint that occurs, or None."""
        plain = _without_possessives(words)
        found = (PhraseMatch(id, *span) for id, phrases in self.resolved_hints.items() for span in phrases.spans(plain))
        return next(found, None)

    @cached_property
    def rules(self) -> tuple[tuple[str, PhraseRule], ...]:
        """(id, resolved rule) in the order in which they are tried; raises `KeyError` for an unknown set."""
        return tuple((group.id, rule.resolve(self.sets)) for group in self.rule_groups for rule in group.rules)

    @cached_property
    def _index(self) -> RuleIndex:
        return RuleIndex.build([rule for _, rule in self.rules])

    @cached_property
    def resolved_hints(self) -> Mapping[str, Phrases]:
        """The hints by red flag id."""
        return {id: Phrases(_resolved(phrases, self.sets)) for id, phrases in self.hints.items()}

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every whole word of the groups of the rules, for spelling repair and recognizers."""
        phrases = (phrase for _, rule in self.rules for group in rule.required for phrase in group)
        return frozenset(word for phrase in phrases for word in phrase.split() if not word.endswith("*"))

    @property
    def unknown_sets(self) -> Iterator[str]:
        """Names of sets that are used but not defined, sorted."""
        rules = [rule for group in self.rule_groups for rule in group.rules]
        uses = [phrases for rule in rules for phrases in (*rule.required, rule.unless, rule.only)]
        named = {phrase[1:] for phrases in (*uses, *self.hints.values()) for phrase in phrases if phrase[0] == "@"}
        yield from sorted(named - self.sets.keys())


def _resolved(phrases: Iterable[str], sets: PhraseSets) -> tuple[str, ...]:
    return tuple(each for phrase in phrases for each in (sets[phrase[1:]] if phrase.startswith("@") else (phrase,)))


def _continues(phrase: Sequence[str], words: Sequence[str], at: int) -> bool:
    """Whether a phrase whose first word stands at `at` is there as a whole."""
    size = len(phrase)
    if size == 1:
        return True
    rest = words[at + 1 : at + size]
    return len(rest) == size - 1 and all(map(_matches, phrase[1:], rest))


def _matches(pattern: str, word: str) -> bool:
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern


def _closest(occurrences: Sequence[Sequence[Span]], within: int) -> Span | None:
    """The shortest stretch of at most `within` words that has an occurrence of each group."""
    best: Span | None = None
    firsts = [sorted(spans) for spans in occurrences]
    earliest = [_earliest_ends(spans) for spans in firsts]
    for start in dict.fromkeys(start for spans in occurrences for start, _ in spans):
        following = [bisect_left(spans, (start, 0)) for spans in firsts]
        if any(at == len(spans) for at, spans in zip(following, firsts, strict=True)):
            continue
        last = max(ends[at] for at, ends in zip(following, earliest, strict=True))
        if last - start <= within and (best is None or last - start < best[1] - best[0]):
            best = (start, last)
    return best


def _earliest_ends(spans: Sequence[Span]) -> list[int]:
    """For each of these spans, sorted, the earliest end of it and those after it."""
    ends = list(accumulate((end for _, end in reversed(spans)), min))
    return ends[::-1]


_POSSESSIVES = frozenset({"hand's", "arm's", "face's", "thumb's"})


def _without_possessives(words: Sequence[str]) -> list[str]:
    """Cut "'s" off longer words, as in "finger's swollen"; short words such as "it's" stay as they are."""
    return [word.removesuffix("'s") if len(word) > 6 or word in _POSSESSIVES else word for word in words]


# Negation


_REACH = 3
"""A negation denies a match that begins within this many words after it."""

_NEGATIONS = frozenset(
    {"no", "not", "never", "without", "isn't", "wasn't", "aren't", "hasn't", "haven't", "isnae", "nor", "nothing"}
)
_DOUBTS = frozenset({"sure", "know", "certain", "only", "just", "what", "idea", "because"})
"""A negation before one of these denies nothing: "not sure if it's broken"."""

_AUXILIARIES = frozenset({"don't", "doesn't", "didn't"})
_DENIED_VERBS = frozenset({"have", "has", "got", "fall", "break", "cut", "burn", "hit", "hurt", "injure", "bang"})
"""An auxiliary denies only before one of these verbs; otherwise it may be the symptom itself: "it doesn't bend"."""

NOES = frozenset({"no", "nope", "nah"})
"""A no as an answer."""
_STATEMENT_OPENINGS = frozenset(
    "i i'm im i've i'd my it it's its the there there's this that that's he he's she she's we they his her both one "
    "wait stop but actually because except though well sorry however only just".split()
)
"""A "no" as the first word before one of these is an answer: "no, I have chest pain" denies nothing."""


PLAIN_NEGATIONS = frozenset({"no", "not", "nothing", "without", "none", "nope"})
"""They deny what follows at once: "no fever, nothing swollen"."""
_FAR_NEGATIONS = frozenset(
    "not nothing without none don't dont doesn't doesnt didn't haven't havent hasn't hasnt isn't isnt aren't arent "
    "wasn't never".split()
)
"""They deny what follows some words later, too: "I don't have a fever"."""
_FAR_REACH = 5
"""Words up to which one of these denies."""
_ENDS_DENIAL = frozenset("but just only except apart although though yes i my i'm i've he she".split())
"""Words after which a negation before them denies nothing more: "not really, but a fever"."""


def is_negated(words: Sequence[str], span: Span) -> bool:
    """Whether a negation shortly before `span` denies it."""
    return any(_negates(words, at) for at in range(max(0, span[0] - _REACH), span[0]))


def is_denied(words: Sequence[str], at: int) -> bool:
    """Whether the condition at index `at` is denied in an answer to a question about it.

    Unlike `is_negated`, which guards alarms, it takes a no right before the condition for what it is, and reaches
    farther: what remains of the answer has to be a plain no by itself.
    """
    before = words[max(0, at - _FAR_REACH) : at]
    if before and before[-1] in PLAIN_NEGATIONS:
        return True
    for word in reversed(before):
        if word in _ENDS_DENIAL:
            return False
        if word in _FAR_NEGATIONS:
            return True
    return False


def _negates(words: Sequence[str], at: int) -> bool:
    following = words[at + 1] if at + 1 < len(words) else ""
    if at == 0 and words[at] in NOES and following in _STATEMENT_OPENINGS:
        return False
    return (words[at] in _NEGATIONS and following not in _DOUBTS) or (
        words[at] in _AUXILIARIES and following in _DENIED_VERBS
    )
