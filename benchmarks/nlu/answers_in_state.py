"""Answers in state: whether the coach gives a question the answer that is right in the situation in which it is asked.

The questions are in `tests/understanding/questions_in_state.yml`. They are held with the trained model and the coach
alone, as the cases in context are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import yaml

from benchmarks.nlu.cases_in_context import CaseInContext, JudgedTurn, Parse, hold, load_situations
from palmwise.coach.content import Content
from palmwise.coach.model import StepField
from palmwise.coach.scene import spoken

QUESTIONS = Path("tests/understanding/questions_in_state.yml")


@dataclass(frozen=True)
class QuestionInState:
    """A question, what leads to its situation, and the answers that are right there."""

    situation: str
    before: tuple[str, ...]
    text: str
    right: frozenset[str]
    """Ids of answers; `step.` and a field of the movement that is on."""


@dataclass(frozen=True)
class AnsweredInState:
    """The answers that were given to a question."""

    question: QuestionInState
    given: frozenset[str]
    text: str

    @property
    def is_right(self) -> bool:
        """Whether one of them is right."""
        return not self.given.isdisjoint(self.question.right)


def load_questions_in_state() -> tuple[QuestionInState, ...]:
    """The questions of `QUESTIONS`, none of which is trained on."""
    written, situations = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8")), load_situations()
    return tuple(
        QuestionInState(name, situations[name], text, frozenset(ids.split()))
        for name, questions in written.items()
        for text, ids in questions.items()
    )


def ask(content: Content, question: QuestionInState, parse: Parse) -> AnsweredInState:
    """Ask a question in its situation."""
    turn = hold(CaseInContext("", question.before, (question.text,), {}), parse)
    return AnsweredInState(question, frozenset(_given(content, turn)), turn.text)


def _given(content: Content, turn: JudgedTurn) -> Iterable[str]:
    """The answer on the card, and the fields of the movement that were told."""
    if id := turn.card.get("answer"):
        yield id
    technique = content.techniques.get(str(turn.before.get("technique") or ""))
    if technique is not None and turn.card["card"] in ("faq", "technique"):
        yield from (
            f"step.{field}" for field in get_args(StepField) if spoken(getattr(technique, field)).text in turn.text
        )


def tally(answered: Iterable[AnsweredInState]) -> tuple[int, int, int]:
    """Number of questions that are answered rightly, and wrongly, and of all."""
    each = list(answered)
    return sum(one.is_right for one in each), sum(bool(one.given) and not one.is_right for one in each), len(each)
