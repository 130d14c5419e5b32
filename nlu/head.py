"""Multinomial logistic regression on dense rows, with a temperature that makes its confidence honest."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Head:
    """Linear scores of labels from rows of features."""

    weights: Floats
    """Shape (features + 1, labels); the last row is the bias."""
    temperature: float = 1.0
    """Scores are divided by it before they become probabilities; above one means less sure."""

    def scores(self, rows: Floats) -> Floats:
        """Shape (rows, labels), before the temperature."""
        result: Floats = rows @ self.weights[:-1] + self.weights[-1]
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


@dataclass(frozen=True)
class Task:
    """What a head learns from."""

    rows: Floats
    """Shape (rows, features)."""
    labels: Labels
    """Numbers below `count`, one a row."""
    count: int
    importance: Floats
    """Weight of each row."""

    def only(self, keep: NDArray[np.bool_]) -> Task:
        """The part of the rows where `keep` is true."""
        return Task(self.rows[keep], self.labels[keep], self.count, self.importance[keep])


def softmax(scores: Floats) -> Floats:
    """Probabilities of each row of scores."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return result


def fit(task: Task, penalty: float, rounds: int, start: Head | None = None) -> Head:
    """Fits a head by L-BFGS in at most so many rounds; `penalty` weighs the squared norm against the mean loss.

    Deterministic for the same input.
    """
    rows, labels, count, importance = task.rows, task.labels, task.count, task.importance
    wide = rows.shape[1] + 1
    share = (importance / importance.sum()).astype(np.float32)
    truth = np.zeros((len(labels), count), dtype=np.float32)
    truth[np.arange(len(labels)), labels] = 1

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(wide, count).astype(np.float32)
        chances = softmax(rows @ weights[:-1] + weights[-1])
        surprise = -np.log(chances[np.arange(len(labels)), labels] + 1e-12)
        wrong = (chances - truth) * share[:, None]
        slope = np.empty((wide, count), dtype=np.float64)
        slope[:-1] = rows.T @ wrong + penalty * weights[:-1]
        slope[-1] = wrong.sum(axis=0)
        value = float((surprise * share).sum()) + 0.5 * penalty * float((weights[:-1] ** 2).sum())
        return value, slope.ravel()

    first = np.zeros((wide, count)) if start is None else start.weights.astype(np.float64)
    best = minimize(loss, first.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": rounds, "maxcor": 10})
    return Head(weights=best.x.reshape(wide, count).astype(np.float32))
