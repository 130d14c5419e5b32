"""Intent model: sentence vectors beside hashed character and word n-grams, and one small head over every label."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from palmwise.nlu.head import Floats, Head, Schedule, TrainingSet, fit_several
from palmwise.nlu.ngrams import NgramProjection, ngram_rows, train_projection

SCHEDULE = Schedule(hidden=512)
HEADS = 2
"""Heads of which the mean is taken: they take as long as one of twice their width, and are less left to chance."""
Encode = Callable[[Sequence[str]], Floats]
"""Sentences -> unit vectors, shape (sentences, encoder width)."""


@dataclass(frozen=True)
class Settings:
    """Found by measuring; `make bench-nlu` shows how."""

    vector_scale: float = 8.0
    """Length that the encoder's unit vectors are scaled to."""
    ngram_scale: float = 6.0
    """Length that the row of n-grams is scaled to, before its projection."""
    components: int = 384
    """Dimensions that the n-grams are projected to."""
    balance: float = 0.5
    """0 weights every sentence alike, 1 every label."""
    held_out: int = 20
    """Every n-th original sentence is held out for the calibration of the temperature."""


@dataclass(frozen=True)
class Example:
    """A repaired sentence to train on."""

    text: str
    label: str
    original: int
    """Number of the sentence that it is a noisy copy of; its own number for an original."""


@dataclass(frozen=True)
class IntentModel:
    """Gives each label a probability for a repaired sentence."""

    labels: tuple[str, ...]
    settings: Settings
    ngrams: NgramProjection
    head: Head

    def features(self, sentences: Sequence[str], encode: Encode) -> Floats:
        """Shape (sentences, encoder width + components): what this head and others read."""
        return _side_by_side(encode(sentences), self.ngrams.rows(sentences), self.settings)

    def probabilities(self, sentences: Sequence[str], encode: Encode) -> Floats:
        """Shape (sentences, labels)."""
        return self.head.probabilities(self.features(sentences, encode))

    def save(self, folder: Path) -> None:
        """Write `model.npz` and `model.json`."""
        self.head.save(folder / "model.npz", **self.ngrams.arrays())
        facts = {"labels": self.labels, "settings": vars(self.settings)}
        (folder / "model.json").write_text(json.dumps(facts), encoding="utf-8")

    @staticmethod
    def load(folder: Path) -> IntentModel:
        """Read what `save` wrote; nothing in it can run code."""
        facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        head, arrays = Head.load(folder / "model.npz")
        return IntentModel(tuple(facts["labels"]), Settings(**facts["settings"]), NgramProjection.of(arrays), head)


def train_intent_model(examples: Sequence[Example], encode: Encode, settings: Settings = Settings()) -> IntentModel:
    """Train on all examples but the held-out ones, which calibrate the temperature."""
    labels = tuple(sorted({example.label for example in examples}))
    number = {label: at for at, label in enumerate(labels)}
    texts = [example.text for example in examples]
    is_original = np.array([example.original == at for at, example in enumerate(examples)])
    counts = ngram_rows(texts)
    ngrams = train_projection(counts[is_original], settings.components)
    features = _side_by_side(encode(texts), ngrams.rows_of(counts), settings)
    targets = np.array([number[example.label] for example in examples], dtype=np.int64)
    data = TrainingSet(features, targets, len(labels), example_weights(examples, settings.balance))
    held_out = np.array([example.original % settings.held_out == 0 for example in examples])
    unseen = data.subset(held_out & is_original)
    head = fit_several(data.subset(~held_out), SCHEDULE, HEADS).calibrated(unseen.rows, unseen.labels)
    return IntentModel(labels, settings, ngrams, head)


def example_weights(examples: Sequence[Example], balance: float) -> Floats:
    """Weight of each example, raised for labels with few sentences."""
    counts = Counter(example.label for example in examples)
    average = len(examples) / len(counts)
    return np.array([(average / counts[each.label]) ** balance for each in examples], dtype=np.float32)


def _side_by_side(vectors: Floats, ngrams: Floats, settings: Settings) -> Floats:
    parts = [vectors * np.float32(settings.vector_scale), ngrams * np.float32(settings.ngram_scale)]
    return np.ascontiguousarray(np.hstack(parts), dtype=np.float32)
