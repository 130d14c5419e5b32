"""N-grams: the letters and words of sentences as rows of numbers, hashed, weighted by rarity, and projected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from palmwise.nlu.head import Floats

BUCKETS = 1 << 14
"""Number of buckets that n-grams are hashed into."""
_FEW = 64
"""Up to so many sentences, a sparse matrix takes longer than one sentence after the other."""
_SHORTEST_GRAM, _LONGEST_GRAM = 2, 5
_LEVELS = 127
"""Largest level of a projection."""


@dataclass(frozen=True)
class NgramProjection:
    """Turns sentences into rows, by the directions in which the training sentences differ most.

    A sentence has some 150 n-grams, whose rows are far apart in memory: as int8 they are read in a quarter of the time.
    """

    rarity: Floats
    """Weight of each bucket."""
    levels: NDArray[np.int8]
    """Shape (buckets, components)."""
    steps: Floats
    """What one level is worth, for each bucket."""

    def rows(self, sentences: Sequence[str]) -> Floats:
        """Shape (sentences, components)."""
        if 0 < len(sentences) <= _FEW:
            return np.stack([self._row(sentence) for sentence in sentences])
        return self.rows_of(ngram_rows(sentences))

    def rows_of(self, counts: csr_matrix) -> Floats:
        """The same for sentences whose n-grams are counted already."""
        result: Floats = np.asarray(weighted(counts, self.rarity) @ (self.levels * self.steps[:, None]))
        return result

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is saved."""
        return {"rarity": self.rarity, "levels": self.levels, "steps": self.steps}

    @staticmethod
    def of(arrays: Mapping[str, NDArray[Any]]) -> NgramProjection:
        """The projection from what was saved."""
        return NgramProjection(arrays["rarity"], arrays["levels"], arrays["steps"])

    def _row(self, sentence: str) -> Floats:
        """One row, without the cost of a sparse matrix."""
        grams = np.array(_grams_of(sentence), dtype=np.int64)
        if not len(grams):
            return np.zeros(self.levels.shape[1], dtype=np.float32)
        weights = self.rarity[grams]
        shares = weights * self.steps[grams] / np.sqrt(weights @ weights)
        result: Floats = shares @ self.levels[grams].astype(np.float32)
        return result


def train_projection(counts: csr_matrix, components: int) -> NgramProjection:
    """Learn the weights and directions from the n-grams of the training sentences."""
    rarity = rarity_of(counts)
    directions = projection_of(weighted(counts, rarity), components)
    largest = np.abs(directions).max(axis=1)
    steps = (np.where(largest > 0, largest, 1) / _LEVELS).astype(np.float32)
    return NgramProjection(rarity, np.rint(directions / steps[:, None]).astype(np.int8), steps)


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
    return _singular_vectors(rows.T, components)


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
