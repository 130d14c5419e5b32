"""The test sets measure sentences that are not in the training data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, diags

from benchmarks.nlu.cases import OWN, load_cases
from palmwise.language.tokens import words_of
from palmwise.nlu.train import DATA
from palmwise.nlu.training_data import all_sentences, danger_sentences

MIN_WORDS = 4
"""Shorter sentences ("go back please") are said alike by everybody."""
NEAR = 0.9
"""Cosine of letter trigrams from which on two sentences are near duplicates."""
NOT_FOR_INTENTS = frozenset({"entities"})
"""Sets that measure something else than the intent."""


def near_duplicates(tested: list[str], trained: list[str]) -> dict[str, str]:
    """Tested sentence -> the training sentence that has the same words, or nearly the same trigrams."""
    asked = [words for text in tested if len(words := words_of(text)) >= MIN_WORDS]
    known = [words_of(text) for text in trained]
    by_words = {tuple(sorted(words)): " ".join(words) for words in known}
    found = {" ".join(words): by_words[key] for words in asked if (key := tuple(sorted(words))) in by_words}
    columns: dict[str, int] = {}
    rows, asking = trigram_rows(known, columns), trigram_rows(asked, columns)
    for at in range(0, len(asked), 500):
        part = asked[at : at + 500]
        cosines = asking[at : at + 500, : rows.shape[1]] @ rows.T
        for words, nearest, cosine in zip(part, cosines.argmax(axis=1).A1, cosines.max(axis=1).toarray(), strict=True):
            if cosine[0] >= NEAR:
                found.setdefault(" ".join(words), " ".join(known[nearest]))
    return found


def trigram_rows(sentences: Sequence[Sequence[str]], columns: dict[str, int]) -> csr_matrix:
    """Unit rows of how often each trigram of letters occurs; trigrams that are new get the next free column."""
    texts = [f" {' '.join(words)} " for words in sentences]
    grams = [[columns.setdefault(text[at : at + 3], len(columns)) for at in range(len(text) - 2)] for text in texts]
    pointers = np.cumsum([0, *map(len, grams)])
    counts = csr_matrix((np.ones(pointers[-1]), np.concatenate(grams), pointers), (len(texts), len(columns)))
    counts.sum_duplicates()
    lengths = np.sqrt(counts.multiply(counts).sum(axis=1).A1)
    return diags(1 / lengths) @ counts


def test_near_duplicates_are_found() -> None:
    trained = ["how do I massage my own thumb", "next step", "where is the kitchen"]
    tested = ["how do i massage my own thumbs", "next step", "thumb my own massage I do how", "what is the plan today"]
    assert near_duplicates(tested, trained) == {
        "how do i massage my own thumbs": "how do i massage my own thumb",
        "thumb my own massage i do how": "how do i massage my own thumb",
    }


def test_no_test_sentence_is_a_near_duplicate_of_a_training_sentence() -> None:
    # If this fails, take the line out of its test set, not out of the training data.
    tested = [case.text for case in load_cases([OWN]) if case.set not in NOT_FOR_INTENTS]
    trained = [sentence.text for sentence in all_sentences(sorted(str(file) for file in DATA.rglob("*.yml")))]
    assert near_duplicates(tested, [*trained, *(sentence.text for sentence in danger_sentences())]) == {}
