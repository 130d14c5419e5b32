"""Spelling features beside the encoder: hashed character and word n-grams."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

BUCKETS = 1 << 14
SHORTEST, LONGEST = 2, 5


def grams_of(sentence: str) -> list[int]:
    """Buckets of a sentence's n-grams, each once: 2 to 5 letters within a word, single words, pairs of words."""
    words = sentence.replace("'", "").split()
    found = {_bucket(f"p {first} {second}") for first, second in zip(["<", *words], [*words, ">"], strict=True)}
    return sorted(found.union(*map(_grams_of_word, words)))


def rows_of(sentences: Sequence[str]) -> csr_matrix:
    """Shape (number of sentences, `BUCKETS`), rows of ones and zeros."""
    grams = [grams_of(sentence) for sentence in sentences]
    pointers = np.cumsum([0, *(len(row) for row in grams)])
    columns = np.fromiter((gram for row in grams for gram in row), dtype=np.int32, count=int(pointers[-1]))
    return csr_matrix((np.ones(len(columns), dtype=np.float32), columns, pointers), (len(sentences), BUCKETS))


def rarity(rows: csr_matrix) -> NDArray[np.float32]:
    """Weight of each bucket, length `BUCKETS`: the rarer among the rows, the more it says."""
    seen = np.asarray(rows.sum(axis=0)).ravel()
    weights: NDArray[np.float32] = (np.log((1 + rows.shape[0]) / (1 + seen)) + 1).astype(np.float32)
    return weights


def weighed(rows: csr_matrix, weights: NDArray[np.float32]) -> csr_matrix:
    """The rows with their buckets weighed, each row of length one."""
    result = rows.multiply(weights).tocsr().astype(np.float32)
    norms = np.sqrt(np.asarray(result.multiply(result).sum(axis=1)).ravel())
    norms[norms == 0] = 1
    return csr_matrix(result.multiply(1 / norms[:, None]), dtype=np.float32)


def folded(sentence: str, weights: NDArray[np.float32], fold: NDArray[np.float32]) -> NDArray[np.float32]:
    """`weighed(rows_of([sentence]), weights) @ fold` as one row, without the cost of a sparse matrix."""
    grams = np.array(grams_of(sentence), dtype=np.int64)
    if not len(grams):
        return np.zeros(fold.shape[1], dtype=np.float32)
    row = weights[grams]
    result: NDArray[np.float32] = (row / np.sqrt(row @ row)) @ fold[grams]
    return result


@lru_cache(maxsize=1 << 14)
def _grams_of_word(word: str) -> frozenset[int]:
    edged = f"<{word}>"
    pieces = (edged[at : at + size] for size in range(SHORTEST, LONGEST + 1) for at in range(len(edged) - size + 1))
    return frozenset(map(_bucket, (f"w {word}", *pieces)))


def _bucket(gram: str) -> int:
    return crc32(gram.encode("utf-8")) % BUCKETS
