"""A small neural head over dense rows: one hidden layer, then a probability for each label."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]
Parameters = tuple[Floats, Floats, Floats, Floats]
"""Weights (features, hidden), bias (hidden), weights (hidden, labels), bias (labels)."""


@dataclass(frozen=True)
class Head:
    """Scores of labels from rows of features."""

    parameters: Parameters
    temperature: float = 1.0
    """Scores are divided by it before they become probabilities; above one means less sure."""

    def scores(self, rows: Floats) -> Floats:
        """Shape (rows, labels), before the temperature."""
        first, bias, second, last = self.parameters
        result: Floats = np.maximum(rows @ first + bias, 0) @ second + last
        return result

    def probabilities(self, rows: Floats) -> Floats:
        """Shape (rows, labels); each row sums to one."""
        return softmax(self.scores(rows) / np.float32(self.temperature))

    def calibrated(self, rows: Floats, labels: Labels) -> Head:
        """The same head with the temperature that fits these rows best; they must not be trained on."""
        scores = self.scores(rows)

        def surprise(log_temperature: float) -> float:
            chances = softmax(scores / np.float32(np.exp(log_temperature)))
            return float(-np.log(chances[np.arange(len(labels)), labels] + 1e-9).mean())

        best = minimize_scalar(surprise, bounds=(-2.0, 2.0), method="bounded")
        return replace(self, temperature=float(np.exp(best.x)))


def softmax(scores: Floats) -> Floats:
    """Probabilities of each row of scores."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return result
