"""Intent model: sentence vectors beside hashed character and word n-grams, and one small head over every label."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix

from palmwise.nlu.head import Floats, Head, TrainingSet, fit

BUCKETS = 1 << 14
"""Number of buckets that n-grams are hashed into."""
_FEW = 64
"""Up to so many sentences, a sparse matrix takes longer than one sentence after the other."""
_SHORTEST_GRAM, _LONGEST_GRAM = 2, 5

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
    rarity: Floats
    """Weight of each bucket."""
    projection: Floats
    """Shape (buckets, components): the directions in which the training sentences differ most."""
    head: Head

    def features(self, sentences: Sequence[str], encode: Encode) -> Floats:
        """Shape (sentences, encoder width + components): what this head and others read."""
        return feature_rows(sentences, encode, self.settings, self.rarity, self.projection)

    def probabilities(self, sentences: Sequence[str], encode: Encode) -> Floats:
        """Shape (sentences, labels)."""
        return self.head.probabilities(self.features(sentences, encode))

    def save(self, folder: Path) -> None:
        """Write `model.npz` and `model.json`."""
        self.head.save(folder / "model.npz", rarity=self.rarity, projection=self.projection.astype(np.float16))
        facts = {"labels": self.labels, "settings": vars(self.settings)}
        (folder / "model.json").write_text(json.dumps(facts), encoding="utf-8")

    @staticmethod
    def load(folder: Path) -> IntentModel:
        """Read what `save` wrote; nothing in it can run code."""
        facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        head, arrays = Head.load(folder / "model.npz")
        projection = arrays["projection"].astype(np.float32)
        return IntentModel(tuple(facts["labels"]), Settings(**facts["settings"]), arrays["rarity"], projection, head)


def train_intent_model(examples: Sequence[Example], encode: Encode, settings: Settings = Settings()) -> IntentModel:
    """Train on all examples but the held-out ones, which calibrate the temperature."""
    labels = tuple(sorted({example.label for example in examples}))
    number = {label: at for at, label in enumerate(labels)}
    texts = [example.text for example in examples]
    is_original = np.array([example.original == at for at, example in enumerate(examples)])
    counts = ngram_rows(texts)
    rarity = rarity_of(counts[is_original])
    rows = weighted(counts, rarity)
    projection = projection_of(rows[is_original], settings.components)
    features = _side_by_side(encode(texts), np.asarray(rows @ projection), settings)
    targets = np.array([number[example.label] for example in examples], dtype=np.int64)
    data = TrainingSet(features, targets, len(labels), example_weights(examples, settings.balance))
    held_out = np.array([example.original % settings.held_out == 0 for example in examples])
    unseen = data.subset(held_out & is_original)
    head = fit(data.subset(~held_out)).calibrated(unseen.rows, unseen.labels)
    return IntentModel(labels, settings, rarity, projection, head)


def feature_rows(
    sentences: Sequence[str], encode: Encode, settings: Settings, rarity: Floats, projection: Floats
) -> Floats:
    """Shape (sentences, encoder width + components)."""
    if 0 < len(sentences) <= _FEW:
        ngrams = np.stack([project_one(sentence, rarity, projection) for sentence in sentences])
    else:
        ngrams = np.asarray(weighted(ngram_rows(sentences), rarity) @ projection)
    return _side_by_side(encode(sentences), ngrams, settings)


def example_weights(examples: Sequence[Example], balance: float) -> Floats:
    """Weight of each example, raised for labels with few sentences."""
    counts = Counter(example.label for example in examples)
    average = len(examples) / len(counts)
    return np.array([(average / counts[each.label]) ** balance for each in examples], dtype=np.float32)


def ngram_rows(sentences: Sequence[str]) -> csr_matrix:
    """Shape (sentences, `BUCKETS`): 1 for each n-gram of a sentence."""
    grams = [_grams_of(sentence) for sentence in sentences]
    pointers = np.cumsum([0, *(len(row) for row in grams)])
    columns = np.fromiter((gram for row in grams for gram in row), dtype=np.int32, count=int(pointers[-1]))
    return csr_matrix((np.ones(len(columns), dtype=np.float32), columns, pointers), (len(sentences), BUCKETS))


def rarity_of(rows: csr_matrix) -> Floats:
    """Inverse document frequency of each bucket, length `BUCKETS`."""
    seen = np.asarray(rows.sum(axis=0)).ravel()
    weights: Floats = (np.log((1 + rows.shape[0]) / (1 + seen)) + 1).astype(np.float32)
    return weights


def weighted(rows: csr_matrix, rarity: Floats) -> csr_matrix:
    """The rows with their buckets weighted, each row scaled to length one."""
    result = rows.multiply(rarity).tocsr().astype(np.float32)
    norms = np.sqrt(np.asarray(result.multiply(result).sum(axis=1)).ravel())
    norms[norms == 0] = 1
    return csr_matrix(result.multiply(1 / norms[:, None]), dtype=np.float32)


def projection_of(rows: csr_matrix, components: int) -> Floats:
    """Shape (columns, components): the first right singular vectors of every other row, with a fixed seed.

    Half of the rows and one iteration do as well as all rows and two, in less than half the time.
    """
    rows = rows[::2]
    components = min(components, min(rows.shape) - 1)
    vectors = _singular_vectors(rows.T, components)
    # Saved as float16, which halves the model, so trained with the values that will be read back.
    result: Floats = np.ascontiguousarray(vectors.astype(np.float16), dtype=np.float32)
    return result


def _singular_vectors(matrix: csr_matrix, count: int, spare: int = 10) -> Floats:
    """The first left singular vectors of a matrix, nearly; shape (its rows, count).

    They are found among random combinations of its columns (Halko, Martinsson and Tropp 2011, algorithm 4.3), `spare`
    more than wanted, for accuracy. Each has the sign that makes the largest number of its right vector positive.
    """
    from scipy.linalg import qr, svd  # noqa: PLC0415 - only training needs it, and it takes time to import

    # The older generator, because the measured models were made with its numbers.
    drawn = np.random.RandomState(0).normal(size=(matrix.shape[1], count + spare)).astype(np.float32)
    basis, _ = qr(matrix @ (matrix.T @ (matrix @ drawn)), mode="economic")
    turned, _, right = svd((matrix.T @ basis).T, full_matrices=False)
    largest = right[np.arange(len(right)), np.abs(right).argmax(axis=1)]
    result: Floats = ((basis @ turned) * np.sign(largest))[:, :count]
    return result


def project_one(sentence: str, rarity: Floats, projection: Floats) -> Floats:
    """`weighted(ngram_rows([sentence]), rarity) @ projection` as one row, without the cost of a sparse matrix."""
    grams = np.array(_grams_of(sentence), dtype=np.int64)
    if not len(grams):
        return np.zeros(projection.shape[1], dtype=np.float32)
    row = rarity[grams]
    result: Floats = (row / np.sqrt(row @ row)) @ projection[grams]
    return result


def _side_by_side(vectors: Floats, ngrams: Floats, settings: Settings) -> Floats:
    parts = [vectors * np.float32(settings.vector_scale), ngrams * np.float32(settings.ngram_scale)]
    return np.ascontiguousarray(np.hstack(parts), dtype=np.float32)


def _grams_of(sentence: str) -> list[int]:
    """Buckets of a sentence's n-grams, each once: 2 to 5 letters within a word, single words, pairs of words."""
    words = sentence.replace("'", "").split()
    pairs = {_bucket(f"p {first} {second}") for first, second in zip(["<", *words], [*words, ">"], strict=True)}
    return sorted(pairs.union(*map(_grams_of_word, words)))


@lru_cache(maxsize=1 << 14)
def _grams_of_word(word: str) -> frozenset[int]:
    edged = f"<{word}>"
    pieces = (
        edged[at : at + size]
        for size in range(_SHORTEST_GRAM, _LONGEST_GRAM + 1)
        for at in range(len(edged) - size + 1)
    )
    return frozenset(map(_bucket, (f"w {word}", *pieces)))


def _bucket(gram: str) -> int:
    return crc32(gram.encode("utf-8")) % BUCKETS
