"""Context model: what a sentence means as an answer to each question of the coach, and what act of speech it is.

One network over the features of the intent model and its log probabilities. Its labels are (question, meaning); those
of a question share one softmax, and all questions share the hidden layer, so that "go on then" is learned once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from palmwise.language.tokens import join, tokenize
from palmwise.nlu.head import SOME, Floats, Head, Schedule, TrainingSet, fit_several, softmax_within
from palmwise.nlu.intent_model import Encode, Example, IntentModel
from palmwise.training_files import ACT, SentenceInContext

ANSWER_NOTHING = frozenset(
    "faq how_long ask_progress explain_step explain_benefit explain_technique list_steps help out_of_scope "
    "bot_challenge".split()
)
"""Intents that answer no question of the coach."""
NONE = "none"
"""Meaning of what is said to a question without answering it."""
SCHEDULE = Schedule(hidden=128, epochs=8, learning_rate=3e-3, batch=256)
HEADS = 3
"""Heads of which the mean is taken."""
OTHERS_PER_QUESTION = 150
"""Sentences with intents that answer no question, which each question learns as `NONE`."""
TO_OTHERS = "not_addressed"
"""Act of speech of what is said to somebody else in the room."""
LEAST = 0.5
"""Probability from which on an answer is told."""

Label = tuple[str, str]
_ANY = ""
"""Meaning of a sentence of which only the question is known."""


@dataclass(frozen=True)
class Reading:
    """How a sentence reads in context."""

    answers: dict[str, tuple[str, float]]
    """Question -> the likeliest meaning and its probability, where that is an answer and `LEAST` likely."""
    acts: dict[str, float]
    """Act of speech -> probability."""


@dataclass(frozen=True)
class ContextModel:
    """Gives the meanings of every question a probability."""

    labels: tuple[Label, ...]
    """Sorted by question."""
    head: Head

    def read(self, features: Floats, probabilities: Floats) -> list[Reading]:
        """The reading of each sentence, from its features and intent probabilities by the intent model."""
        scores = self.head.scores(inputs(features, probabilities)) / np.float32(self.head.temperature)
        starts = [span.start for span in self._spans.values()]
        shares = softmax_within(scores, starts)
        largest = np.maximum.reduceat(shares, starts, axis=1)
        return [self._reading(*row) for row in zip(shares.tolist(), largest.tolist(), strict=True)]

    def _reading(self, shares: list[float], largest: list[float]) -> Reading:
        """`shares` has the probability of each label, `largest` that of each question's likeliest meaning."""
        answers: dict[str, tuple[str, float]] = {}
        for (question, span), share in zip(self._spans.items(), largest, strict=True):
            if share < LEAST or question == ACT:
                continue
            meaning = self.labels[shares.index(share, span.start)][1]
            if meaning != NONE:
                answers[question] = meaning, round(share, 3)
        span = self._spans[ACT]
        acts = {meaning: round(share, 3) for (_, meaning), share in zip(self.labels[span], shares[span], strict=True)}
        return Reading(answers, acts)

    @cached_property
    def _spans(self) -> dict[str, slice]:
        """The labels of each question, which stand together."""
        starts = [at for at, label in enumerate(self.labels) if at == 0 or self.labels[at - 1][0] != label[0]]
        spans = map(slice, starts, [*starts[1:], len(self.labels)])
        return {self.labels[span.start][0]: span for span in spans}

    def save(self, folder: Path) -> None:
        """Write `context.npz`."""
        self.head.save(folder / "context.npz", labels=np.array(self.labels))

    @staticmethod
    def load(folder: Path) -> ContextModel:
        """Read what `save` wrote."""
        head, others = Head.load(folder / "context.npz")
        return ContextModel(tuple((question, meaning) for question, meaning in others["labels"].tolist()), head)


def train_context_model(
    sentences: Sequence[SentenceInContext],
    examples: Sequence[Example],
    asked: Sequence[str],
    model: IntentModel,
    encode: Encode,
) -> ContextModel:
    """Train on sentences in context, on those examples of the intents that answer no question, and on what is `asked`.

    Of these only is known that they are not said `TO_OTHERS`.
    """
    others = answers_to_nothing(examples)
    labels = tuple(sorted({(each.question, each.meaning) for each in sentences}))
    number = {label: at for at, label in enumerate(labels)}
    questions = sorted({question for question, meaning in labels if meaning == NONE})
    samples = [(plain(each.text), (each.question, each.meaning)) for each in sentences]
    for at, question in enumerate(questions):
        # Every question gets sentences of its own, which together are more than one alone would see.
        share = others[at :: len(questions)][:OTHERS_PER_QUESTION]
        samples += [(text, (question, NONE)) for text in share]
    samples += [(text, (ACT, _ANY)) for text in asked]
    texts = list(dict.fromkeys(text for text, _ in samples))
    features = model.features(texts, encode)
    row = {text: at for at, text in enumerate(texts)}
    rows = inputs(features, model.head.probabilities(features))[[row[text] for text, _ in samples]]
    targets = np.array([number.get(label, SOME) for _, label in samples], dtype=np.int64)
    some = np.array([question == ACT and meaning != TO_OTHERS for question, meaning in labels])
    masks = np.array([_possible(labels, question) for _, (question, _) in samples])
    weights = np.ones(len(samples), dtype=np.float32)
    data = TrainingSet(rows, targets, len(labels), weights, masks, some)
    return ContextModel(labels, fit_several(data, SCHEDULE, HEADS))


def answers_to_nothing(examples: Sequence[Example]) -> list[str]:
    """The sentences of `ANSWER_NOTHING`, each once, evenly mixed."""
    texts = dict.fromkeys(each.text for each in examples if each.label.partition("/")[0] in ANSWER_NOTHING)
    return sorted(texts, key=lambda text: crc32(text.encode()))


def inputs(features: Floats, probabilities: Floats) -> Floats:
    """Shape (sentences, features + intents): what the network sees."""
    logs = np.log(probabilities + np.float32(1e-4)) / np.float32(2)
    return np.ascontiguousarray(np.hstack([features, logs]), dtype=np.float32)


def plain(text: str) -> str:
    """A sentence in context as it is trained on: its words."""
    return join(tokenize(text))


def _possible(labels: Sequence[Label], question: str) -> NDArray[np.bool_]:
    return np.array([label[0] == question for label in labels])
