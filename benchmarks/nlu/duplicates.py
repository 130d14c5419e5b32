"""Finds test sentences that are nearly the same as training sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from palmwise.language.tokens import join, tokenize

LEAST_WORDS = 4
"""Shorter sentences ("go back please") are bound to be said alike by everybody."""
NEAR = 0.9
"""Cosine of letter trigrams from which on two sentences count as nearly the same."""
_ROWS = 500


@dataclass(frozen=True)
class Twin:
    """A test sentence with the training sentence that is most like it."""

    tested: str
    trained: str
    cosine: float
    """Of their letter trigrams; 1 where both have the same words, in whatever order."""


def near_duplicates(tested: Iterable[str], trained: Iterable[str], near: float = NEAR) -> list[Twin]:
    """Test sentences of `LEAST_WORDS` or more that have a twin among the training sentences."""
    asked = [text for text in tested if len(tokenize(text)) >= LEAST_WORDS]
    known = list(trained)
    return [twin for twin in _nearest(asked, known) if twin.cosine >= near] if asked and known else []


def _nearest(asked: Sequence[str], known: Sequence[str]) -> Iterator[Twin]:
    buckets: dict[str, int] = {}
    trained = _rows(known, buckets)
    tested = _rows(asked, buckets)
    trained.resize(trained.shape[0], len(buckets))
    by_words = {_words(text): text for text in known}
    for at in range(0, len(asked), _ROWS):
        likeness = (tested[at : at + _ROWS] @ trained.T).toarray()
        for text, row in zip(asked[at : at + _ROWS], likeness, strict=True):
            same = by_words.get(_words(text))
            best = int(row.argmax())
            yield Twin(text, same, 1.0) if same else Twin(text, known[best], float(row[best]))


def _rows(sentences: Sequence[str], buckets: dict[str, int]) -> csr_matrix:
    """Rows of length one; `buckets` learns the trigrams on the way."""
    rows: list[int] = []
    columns: list[int] = []
    for row, sentence in enumerate(sentences):
        padded = f" {join(tokenize(sentence))} "
        grams = [padded[at : at + 3] for at in range(max(1, len(padded) - 2))]
        rows += [row] * len(grams)
        columns += [buckets.setdefault(gram, len(buckets)) for gram in grams]
    # Equal places add up: a trigram counts as often as it occurs.
    counts = csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), (len(sentences), len(buckets)))
    lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)))
    return csr_matrix(counts.multiply(1 / lengths), dtype=np.float32)


def _words(sentence: str) -> tuple[str, ...]:
    return tuple(sorted(word.text for word in tokenize(sentence)))
