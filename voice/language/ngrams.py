"""Writes a language model: which words follow which, in the ARPA format that recognisers read."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping

Gram = tuple[str, ...]
DISCOUNT = 0.5
"""What every sequence that was seen gives away for those that were not (absolute discounting, Ney et al. 1994)."""
NEVER = -99.0
"""The logarithm that the format has for zero."""


def arpa(sentences: Mapping[str, int], order: int = 2) -> str:
    """The model of `sentences` (words between blanks) over sequences of up to `order` words, base 10 logarithms.

    Each sentence comes with how often it counts; deterministic. Raises ValueError when there is none.
    """
    counts = _counted(sentences, order)
    if not counts[0]:
        raise ValueError("a language model needs sentences")
    head = [f"ngram {size}={len(table)}" for size, table in enumerate(counts, 1)]
    body: list[str] = []
    model = _Model(counts)
    for size, table in enumerate(counts, 1):
        body += ["", f"\\{size}-grams:"]
        body += [model.line(gram, last=size == order) for gram in sorted(table)]
    return "\n".join(["\\data\\", *head, *body, "", "\\end\\", ""])


def _counted(sentences: Mapping[str, int], order: int) -> list[Counter[Gram]]:
    counts: list[Counter[Gram]] = [Counter() for _ in range(order)]
    for sentence in sorted(sentences):
        words = ("<s>", *sentence.split(), "</s>")
        for size, table in enumerate(counts, 1):
            for start in range(len(words) - size + 1):
                table[words[start : start + size]] += sentences[sentence]
    return counts


class _Model:
    def __init__(self, counts: list[Counter[Gram]]) -> None:
        self._counts = counts
        self._total = sum(count for gram, count in counts[0].items() if gram != ("<s>",))
        self._followers: Mapping[Gram, list[Gram]] = defaultdict(list)
        for table in counts[1:]:
            for gram in table:
                self._followers[gram[:-1]].append(gram)
        self._seen_after = {
            before: sum(self._counts[len(before)][gram] for gram in grams) for before, grams in self._followers.items()
        }

    def line(self, gram: Gram, *, last: bool) -> str:
        probability = self._probability(gram)
        shown = f"{math.log10(probability) if probability > 0 else NEVER:.4f}\t{' '.join(gram)}"
        return shown if last else f"{shown}\t{math.log10(self._backoff(gram)):.4f}"

    def _probability(self, gram: Gram) -> float:
        if gram == ("<s>",):
            return 0.0
        if len(gram) == 1:
            return self._counts[0][gram] / self._total
        before = gram[:-1]
        own = (self._counts[len(gram) - 1][gram] - DISCOUNT) / self._seen_after[before]
        return own + self._given_away(before) * self._probability(gram[1:])

    def _given_away(self, before: Gram) -> float:
        return DISCOUNT * len(self._followers[before]) / self._seen_after[before]

    def _backoff(self, gram: Gram) -> float:
        """Interpolation already put the lower order in, so what is given away is the weight of the rest."""
        return self._given_away(gram) if gram in self._followers else 1.0
