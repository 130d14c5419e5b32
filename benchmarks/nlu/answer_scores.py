"""Scores of the answers found for questions: the right one, the right yes or no, and none where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from palmwise.coach.content import Content

QUESTIONS = Path("tests/understanding/questions.yml")
LIMITS = "limits"
"""Topic of the answers that decline; they are right for a question without an answer as well."""

Parse = Callable[[str], dict[str, Any]]


@dataclass(frozen=True)
class Question:
    """A question with the ids of the answers that are right; none if it has no answer."""

    text: str
    right: frozenset[str]


@dataclass(frozen=True)
class Judged:
    """What was found for a question."""

    question: Question
    found: str | None
    is_right: bool
    is_polarity_right: bool


def load_questions() -> list[Question]:
    """The questions of `QUESTIONS`, none of which is trained on."""
    written = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    answered = [Question(text, frozenset(ids.split())) for text, ids in written["answered"].items()]
    return [*answered, *(Question(text, frozenset()) for text in written["unanswered"])]


def judge(content: Content, question: Question, parse: Parse) -> Judged:
    """Find the answer as the server does; a near one with the same yes or no has its polarity right."""
    id = (parse(question.text).get("answer") or {}).get("id")
    found = None if id is None else str(id)
    if not question.right:
        declined = found is None or content.topic_of[found].topic == LIMITS
        return Judged(question, found, declined, declined)
    polarities = {content.answers[id].polarity for id in question.right}
    is_polarity_right = found is not None and content.answers[found].polarity in polarities
    return Judged(question, found, found in question.right, is_polarity_right)


def answer_scores(judged: Iterable[Judged]) -> dict[str, float]:
    """Shares from 0 to 1 by name."""
    each = list(judged)
    known = [one for one in each if one.question.right]
    unknown = [one for one in each if not one.question.right]
    given = [one for one in known if one.found]
    return {
        "right answer": sum(one.is_right for one in known) / len(known),
        "wrong answer": sum(not one.is_right for one in given) / len(known),
        "right polarity among those given": sum(one.is_polarity_right for one in given) / max(1, len(given)),
        "refused where there is none": sum(one.is_right for one in unknown) / len(unknown),
    }
