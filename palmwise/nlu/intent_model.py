"""The intent model: sentence vector beside spelling features, one small head over every label."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.utils.extmath import randomized_svd

from palmwise.nlu import features
from palmwise.nlu.head import Floats, Head, Task, fit

Encode = Callable[[Sequence[str]], Floats]


@dataclass(frozen=True)
class Settings:
    """What was found by measuring; `make bench-nlu` shows how."""

    vector: float = 8.0
    """Length that each of the encoder's unit vectors is given beside the other features."""
    spelling: float = 6.0
    """Length of the whole row of n-grams before it is folded into `folds` numbers."""
    folds: int = 384
    balance: float = 0.5
    """0 weighs every sentence alike, 1 every label."""
    held_out: int = 20
    """Every n-th original sentence is not learnt but kept for finding the temperature."""


@dataclass(frozen=True)
class Example:
    """A sentence to learn from, already repaired."""

    text: str
    label: str
    family: int
    """Number of the sentence that it is a noisy copy of; its own number when it is an original."""


@dataclass(frozen=True)
class IntentModel:
    """Gives each label a probability for a repaired sentence."""

    labels: tuple[str, ...]
    settings: Settings
    rarity: Floats
    fold: Floats
    """Shape (n-gram buckets, folds): the directions in which training sentences differ most."""
    head: Head

    def probabilities(self, sentences: Sequence[str], encode: Encode) -> Floats:
        """Shape (sentences, labels)."""
        return self.head.probabilities(self._features(sentences, encode))

    def save(self, folder: Path) -> None:
        """Writes `model.npz` and `model.json`."""
        layers = {f"layer{at}": layer.astype(np.float16) for at, layer in enumerate(self.head.parameters)}
        np.savez(folder / "model.npz", rarity=self.rarity, fold=self.fold.astype(np.float16), **layers)
        facts = {"labels": self.labels, "settings": vars(self.settings), "temperature": self.head.temperature}
        (folder / "model.json").write_text(json.dumps(facts), encoding="utf-8")

    @staticmethod
    def load(folder: Path) -> IntentModel:
        """Reads what `save` wrote; nothing in it can run code."""
        facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with np.load(folder / "model.npz", allow_pickle=False) as arrays:
            first, bias, second, last = (arrays[f"layer{at}"].astype(np.float32) for at in range(4))
            head = Head((first, bias, second, last), facts["temperature"])
            settings = Settings(**facts["settings"])
            return IntentModel(
                tuple(facts["labels"]), settings, arrays["rarity"], arrays["fold"].astype(np.float32), head
            )

    def _features(self, sentences: Sequence[str], encode: Encode) -> Floats:
        return feature_rows(sentences, encode, self.settings, self.rarity, self.fold)


def train(examples: Sequence[Example], encode: Encode, settings: Settings = Settings()) -> IntentModel:
    """Trains on nearly all examples; the temperature comes from the others."""
    labels = tuple(sorted({example.label for example in examples}))
    number = {label: at for at, label in enumerate(labels)}
    texts = [example.text for example in examples]
    original = np.array([example.family == at for at, example in enumerate(examples)])
    rows = features.rows_of(texts)
    rarity = features.rarity(rows[original])
    rows = features.weighed(rows, rarity)
    fold = folding(rows[original], settings.folds)
    table = beside(encode(texts), np.asarray(rows @ fold), settings)
    targets = np.array([number[example.label] for example in examples], dtype=np.int64)
    task = Task(table, targets, len(labels), importance_of(examples, settings.balance))
    out = np.array([example.family % settings.held_out == 0 for example in examples])
    unseen = task.only(out & original)
    head = fit(task.only(~out)).calibrated(unseen.rows, unseen.labels)
    return IntentModel(labels, settings, rarity, fold, head)


def feature_rows(sentences: Sequence[str], encode: Encode, settings: Settings, rarity: Floats, fold: Floats) -> Floats:
    """Shape (sentences, vector + folds)."""
    if len(sentences) == 1:
        spelled = features.folded(sentences[0], rarity, fold)[None, :]
    else:
        spelled = np.asarray(features.weighed(features.rows_of(sentences), rarity) @ fold)
    return beside(encode(sentences), spelled, settings)


def beside(vectors: Floats, spelled: Floats, settings: Settings) -> Floats:
    """The two kinds of features side by side, at their measured balance."""
    parts = [vectors * np.float32(settings.vector), spelled * np.float32(settings.spelling)]
    return np.ascontiguousarray(np.hstack(parts), dtype=np.float32)


def folding(rows: csr_matrix, folds: int) -> Floats:
    """Shape (columns, folds): the first right singular vectors of every other row, with a fixed seed.

    Half of the rows and one iteration fold as well as all rows and two, in less than half the time.
    """
    rows = rows[::2]
    folds = min(folds, min(rows.shape) - 1)
    _, _, right = randomized_svd(rows, folds, n_iter=1, random_state=0)
    # Kept as float16, so that the model is half as large; trained with what will be read back.
    result: Floats = np.ascontiguousarray(right.T.astype(np.float16), dtype=np.float32)
    return result


def importance_of(examples: Sequence[Example], balance: float) -> Floats:
    """Weight of each example, raised for labels with few sentences."""
    counts = Counter(example.label for example in examples)
    usual = len(examples) / len(counts)
    return np.array([(usual / counts[each.label]) ** balance for each in examples], dtype=np.float32)
