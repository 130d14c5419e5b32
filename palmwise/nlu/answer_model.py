"""Answer model: which known question a sentence asks, and how likely it asks one at all.

A head over the answers and "none of them" on the vector of the sentence beside its n-grams. What the words show of the
form of the question ("how often", "without") shifts the scores, so that topic and form must fit.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from palmwise.language.sentences import FORMS, form_of
from palmwise.nlu.head import Floats, Head, Schedule, TrainingSet, fit, softmax
from palmwise.nlu.ngrams import NgramProjection, ngram_rows, train_projection

NONE = ""
"""Label of sentences that ask none of the questions."""
OTHER_CONDITION = 3.0
"""What an answer loses that does not speak of a condition which the question has."""
CANDIDATES = 8
"""Number of answers of which the chances are told."""
_MANY = 20
"""A word that more answers have says nothing about which of them is meant."""
_NAMELESS = frozenset(
    "about after again all also any anything anyway but can could did does doing done else even ever few for from get "
    "got had has have her him his how into its just know less let like lot many matter may maybe more most much must "
    "need never not now off okay one only other our out over please put really same sense she should some sort such "
    "take than that the their them then there these they thing this those time too totally try use using very want was "
    "well were what when where which while who why will with without work would yes yet you your".split()
)
_ENDING = re.compile(r"(?<=...)('s|s|ing|ed)$")
_LAST_LAYER = 384
"""Numbers of a sentence vector that come from the encoder's last layer."""


@dataclass(frozen=True)
class AnswerSettings:
    """Found by measuring on questions that were left out of the training."""

    last_layer: float = 8.0
    middle_layer: float = 4.0
    ngrams: float = 2.0
    """Lengths that the parts of a row are scaled to."""
    components: int = 256
    """Dimensions that the n-grams are projected to."""
    form: float = 0.4
    """Weight of the form of the question."""
    unspoken: float = 0.7
    """What the chances are multiplied by if the answer and its questions have none of the sentence's rarer words."""
    sharpness: tuple[float, float] = (1.7, 2.1)
    """Slope and height of the chance that the best answer is right, given that one of them is."""
    doubt: tuple[float, float, float] = (0.8, 0.5, -0.8)
    """The same where there may be none: slope, weight of its distance to "none of them", height."""


@dataclass(frozen=True)
class Found:
    """The answer that fits a sentence best."""

    id: str
    if_any: float
    """Chance that it is right, given that the sentence asks one of the known questions."""
    confidence: float
    """Chance that it is right."""
    near: tuple[str, ...]
    """Ids of the answers that fit next best."""
    odds: tuple[float, ...]
    """How likely each of these is in comparison with the best."""


@dataclass(frozen=True)
class Lesson:
    """A sentence to train on."""

    text: str
    id: str
    """Id of its answer, or `NONE`."""
    weight: float = 1.0


@dataclass(frozen=True)
class AnswerModel:
    """Finds the answer to a question."""

    ids: tuple[str, ...]
    """Ids of the answers, in the order of the head's labels; its last label is "none of them"."""
    shifts: Floats
    """Shape (forms and one more for no form, answers): what the form of the question adds to a score."""
    ngrams: NgramProjection
    head: Head
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Word for a condition -> the answers that speak of it: no other one is right for a question that has the word."""
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Id of an answer -> the rarer words of its questions and itself; under `NONE` the words that many answers have."""
    settings: AnswerSettings = AnswerSettings()

    def find(self, sentences: Sequence[str], vectors: Floats | Sequence[Floats]) -> list[Found]:
        """The best answer to each repaired sentence; `vectors` are what the encoder makes of them."""
        scores = self.head.scores(_rows(np.asarray(vectors), self.ngrams.rows(sentences), self.settings))
        return list(map(self._best, sentences, scores))

    def _best(self, sentence: str, scores: Floats) -> Found:
        form = form_of(sentence)
        shifted = scores[:-1] + self.shifts[FORMS.index(form) if form else -1]
        spoken_of = [self.conditions[word] for word in sentence.split() if word in self.conditions]
        if spoken_of:
            allowed = set.intersection(*map(set, spoken_of)) or set().union(*spoken_of)
            shifted = np.where([id in allowed for id in self.ids], shifted, shifted - OTHER_CONDITION)
        order = np.argsort(-shifted)[:CANDIDATES]
        best = int(order[0])
        certain = float(np.log(softmax(shifted[None, :])[0, best]))
        slope, height = self.settings.sharpness
        doubt_slope, distance, doubt_height = self.settings.doubt
        share = self.settings.unspoken if self._has_none_of(sentence, self.ids[best]) else 1.0
        return Found(
            self.ids[best],
            share * _chance(slope * certain + height),
            share * _chance(doubt_slope * certain + distance * float(scores[best] - scores[-1]) + doubt_height),
            tuple(self.ids[at] for at in order[1:]),
            tuple(float(np.exp(shifted[at] - shifted[best])) for at in order[1:]),
        )

    def _has_none_of(self, sentence: str, id: str) -> bool:
        """Whether a sentence has rarer words, and the answer has none of them: it may be about another thing."""
        rare = _stems(sentence) - self.words.get(NONE, frozenset())
        return bool(rare) and rare.isdisjoint(self.words.get(id, frozenset()))

    def save(self, folder: Path) -> None:
        """Write `answers.npz` and `answers.json`."""
        layers = {f"layer{at}": layer.astype(np.float16) for at, layer in enumerate(self.head.parameters)}
        np.savez(folder / "answers.npz", shifts=self.shifts, **self.ngrams.arrays(), **layers)
        facts = {
            "ids": self.ids,
            "conditions": self.conditions,
            "words": {id: sorted(words) for id, words in self.words.items()},
        }
        (folder / "answers.json").write_text(json.dumps(facts), encoding="utf-8")

    @staticmethod
    def load(folder: Path) -> AnswerModel:
        """Read what `save` wrote; nothing in it can run code."""
        facts = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
        conditions = {word: tuple(ids) for word, ids in facts["conditions"].items()}
        with np.load(folder / "answers.npz", allow_pickle=False) as arrays:
            first, bias, second, last = (arrays[f"layer{at}"].astype(np.float32) for at in range(4))
            ngrams = NgramProjection.of(arrays)
            words = {id: frozenset(each) for id, each in facts["words"].items()}
            head = Head((first, bias, second, last))
            return AnswerModel(tuple(facts["ids"]), arrays["shifts"], ngrams, head, conditions, words)


def train_answer_model(
    lessons: Sequence[Lesson],
    vectors: Floats,
    forms: Mapping[str, str],
    conditions: Mapping[str, tuple[str, ...]],
    settings: AnswerSettings = AnswerSettings(),
) -> AnswerModel:
    """Train on sentences with the vectors that the encoder makes of them; `forms` has the form of each answer."""
    ids = tuple(sorted(forms))
    number = {**{id: at for at, id in enumerate(ids)}, NONE: len(ids)}
    counts = ngram_rows([lesson.text for lesson in lessons])
    ngrams = train_projection(counts, settings.components)
    data = TrainingSet(
        _rows(vectors, ngrams.rows_of(counts), settings),
        np.array([number[lesson.id] for lesson in lessons], dtype=np.int64),
        len(ids) + 1,
        np.array([lesson.weight for lesson in lessons], dtype=np.float32),
    )
    head = fit(data, Schedule(hidden=256, epochs=10, learning_rate=3e-3, batch=256))
    shifts = settings.form * _shifts(lessons, forms, ids)
    return AnswerModel(ids, shifts, ngrams, head, conditions, _words(lessons), settings)


def _words(lessons: Sequence[Lesson]) -> dict[str, frozenset[str]]:
    """The rarer words of each answer; under `NONE` those that more than `_MANY` answers have."""
    words: dict[str, set[str]] = {}
    for lesson in lessons:
        if lesson.id != NONE:
            words.setdefault(lesson.id, set()).update(_stems(lesson.text))
    counts = Counter(word for each in words.values() for word in each)
    common = {word for word, count in counts.items() if count > _MANY}
    return {NONE: frozenset(common), **{id: frozenset(each - common) for id, each in words.items()}}


def _stems(sentence: str) -> set[str]:
    """The words of three letters or more that name something, without the commonest endings."""
    named = (word for word in sentence.split() if len(word) > 2 and "'" not in word and word not in _NAMELESS)
    return {_ENDING.sub("", word) for word in named}


def _shifts(lessons: Sequence[Lesson], forms: Mapping[str, str], ids: Sequence[str]) -> Floats:
    """How much likelier than usual each answer's form is among the questions with each form of words, as logarithms."""
    names = sorted(set(forms.values()))
    counts = np.zeros((len(FORMS) + 1, len(names)))
    for lesson in lessons:
        if lesson.id != NONE and lesson.weight == 1:
            form = form_of(lesson.text)
            counts[FORMS.index(form) if form else -1, names.index(forms[lesson.id])] += 1
    usual = counts.sum(axis=0) / counts.sum()
    likelier = np.log((counts + 2 * usual) / (counts.sum(axis=1, keepdims=True) + 2) / usual)
    result: Floats = likelier[:, [names.index(forms[id]) for id in ids]].astype(np.float32)
    return result


def _rows(vectors: Floats, ngrams: Floats, settings: AnswerSettings) -> Floats:
    parts = (
        vectors[:, :_LAST_LAYER] * np.float32(settings.last_layer),
        vectors[:, _LAST_LAYER:] * np.float32(settings.middle_layer),
        ngrams * np.float32(settings.ngrams),
    )
    return np.ascontiguousarray(np.hstack(parts), dtype=np.float32)


def _chance(score: float) -> float:
    return float(1 / (1 + np.exp(-score)))
