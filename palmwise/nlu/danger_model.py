"""Danger model: which danger a message tells of, by a head of its own on the features of the intent model.

It learns from `data/danger`: dangers by red flag, and what sounds like one and is none (somebody's past, a film, an
idiom, a question, a denial, the words of the trade). It knows better than the intents what is harmless, since every
sentence of theirs is among what it learns to let pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from palmwise.nlu.head import Floats, Head, Schedule, TrainingSet, fit_several
from palmwise.training_files import Sentence

HARMLESS = "none"
"""Labels that begin like this are no danger."""
RED_FLAG = "report_red_flag"
_SCHEDULE = Schedule(hidden=128, epochs=7, label_smoothing=0.0, batch=512)
_HEADS = 3
"""Heads of which the mean is taken."""
_WEIGHT, _BALANCE = 3.0, 0.25
"""A sentence of `data/danger` weighs as much as so many others; labels with few sentences are raised (0 to 1)."""


@dataclass(frozen=True)
class Danger:
    """What a message tells of, if it tells of a danger at all."""

    probability: float
    """That it does."""
    flags: dict[str, float]
    """Red flag id -> probability."""
    excused: float
    """Probability that it only sounds like one, for a reason: the past, a film, an idiom, a question, a denial."""


@dataclass(frozen=True)
class DangerModel:
    """Gives each red flag a probability for the features of a message."""

    labels: tuple[str, ...]
    head: Head

    def read(self, rows: Floats) -> list[Danger]:
        """The danger in each row of features."""
        shares = self.head.probabilities(rows)
        dangers, excuses = shares[:, self._dangers], shares[:, self._excuses].sum(axis=1)
        names = [self.labels[at] for at in self._dangers]
        return [
            Danger(sum(row), dict(zip(names, row, strict=True)), excused)
            for row, excused in zip(dangers.tolist(), excuses.tolist(), strict=True)
        ]

    @cached_property
    def _dangers(self) -> list[int]:
        return [at for at, label in enumerate(self.labels) if not label.startswith(HARMLESS)]

    @cached_property
    def _excuses(self) -> list[int]:
        return [at for at, label in enumerate(self.labels) if label.startswith(f"{HARMLESS}/")]

    def save(self, folder: Path) -> None:
        """Write `danger.npz`."""
        self.head.save(folder / "danger.npz", labels=np.array(self.labels))

    @staticmethod
    def load(folder: Path) -> DangerModel:
        """Read what `save` wrote."""
        head, others = Head.load(folder / "danger.npz")
        return DangerModel(tuple(others["labels"].tolist()), head)


def train_danger_model(
    sentences: Sequence[Sentence], rows: Floats, intents: Iterable[str], intent_rows: Floats
) -> DangerModel:
    """Train on the sentences of `data/danger`, and on those of the intents, which are harmless or red flags.

    A red flag of the intents has no id: it takes the one of the danger that is most like it.
    """
    own = [sentence.label for sentence in sentences]
    dangers = np.array([at for at, label in enumerate(own) if not label.startswith(HARMLESS)])
    flagged = np.array([intent == RED_FLAG for intent in intents])
    labels = tuple(sorted({*own, HARMLESS}))
    number = {label: at for at, label in enumerate(labels)}
    ids = np.array([number[label] for label in own], dtype=np.int64)
    nearest = dangers[(intent_rows[flagged] @ rows[dangers].T).argmax(axis=1)]
    others = np.full(len(flagged), number[HARMLESS], dtype=np.int64)
    others[flagged] = ids[nearest]
    targets = np.concatenate([others, ids])
    counts = np.bincount(targets, minlength=len(labels))
    weights = (len(targets) / len(labels) / np.maximum(counts, 1)) ** _BALANCE
    chosen = weights[targets].astype(np.float32)
    chosen[len(others) :] *= _WEIGHT
    data = TrainingSet(np.vstack([intent_rows, rows]), targets, len(labels), chosen)
    return DangerModel(labels, fit_several(data, _SCHEDULE, _HEADS))
