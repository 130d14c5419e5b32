"""Checks of the answers to single questions: how they begin, how long they are, what they refer to, who asks alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from palmwise.language.tokens import words_of

if TYPE_CHECKING:
    from palmwise.coach.content import Content
    from palmwise.coach.model import AnswerTopic, KnownAnswer

MOST_WORDS = 19
"""Words of the one sentence that answers a question."""
FEWEST_QUESTIONS = 5
"""A question is found only if there are several ways of asking it to compare with."""
YES_OR_NO = re.compile(r"(yes|no)\b", re.IGNORECASE)


def problems(content: Content, where: Callable[..., str]) -> Iterator[str]:
    """A "file:line: sentence" for each mistake; `where` names a file, with the line of a text in it."""
    for topic in content.topics.values():
        name = f"answers/{topic.topic}.yml"
        if topic.faq and topic.faq not in content.faqs:
            yield f'{where(name, topic.faq)}: "{topic.faq}" has no file in faq/'
        for answer in topic.answers:
            yield from (f"{where(name, text)}: {problem}" for text, problem in _wording(answer))
            yield from (f"{where(name, text)}: {problem}" for text, problem in _references(content, answer))
    yield from _asked_twice(content, where)


def _wording(answer: KnownAnswer) -> Iterator[tuple[str, str]]:
    """(text, what is wrong with it)."""
    begins = YES_OR_NO.match(answer.say)
    expected = answer.polarity if answer.polarity in ("yes", "no") else None
    if (begins[0].lower() if begins else None) != expected:
        yield (
            answer.say,
            f"say begins with Yes or No where that is its polarity, and only there; it is {answer.polarity}",
        )
    for text in (answer.say, answer.short):
        if len(text.split()) > MOST_WORDS:
            yield text, f"{len(text.split())} words are too many for an answer in one sentence ({MOST_WORDS} at most)"
    if len(answer.questions) < FEWEST_QUESTIONS:
        yield answer.id, f"questions wants {FEWEST_QUESTIONS} or more ways in which people ask this"


def _references(content: Content, answer: KnownAnswer) -> Iterator[tuple[str, str]]:
    """(text, what is wrong with it)."""
    for other in answer.see:
        if other not in content.answers:
            yield other, f'see names "{other}", which is no answer'
    if answer.routine and answer.routine not in content.routines:
        yield answer.routine, f'the routine "{answer.routine}" has no file in routines/'
    if answer.condition and answer.condition not in content.symptoms.keys() | content.red_flags.keys():
        yield answer.condition, f'"{answer.condition}" is neither a symptom nor a red flag'


def _asked_twice(content: Content, where: Callable[..., str]) -> Iterator[str]:
    """Ids and questions that two answers have: nobody could tell which of them is meant."""
    ids: dict[str, AnswerTopic] = {}
    asked: dict[str, KnownAnswer] = {}
    for topic in content.topics.values():
        for answer in topic.answers:
            if answer.id in content.faqs:
                yield f'{where(f"answers/{topic.topic}.yml", answer.id)}: "{answer.id}" has a file in faq/ already'
            if (first := ids.setdefault(answer.id, topic)) is not topic:
                at = where(f"answers/{topic.topic}.yml", answer.id)
                yield f'{at}: there is an answer "{answer.id}" already, in {first.topic}.yml'
            for question in (answer.asks, *answer.questions):
                if (owner := asked.setdefault(" ".join(words_of(question)), answer)) is not answer:
                    at = where(f"answers/{topic.topic}.yml", question)
                    yield f'{at}: "{question}" is asked already, for the answer "{owner.id}"'
