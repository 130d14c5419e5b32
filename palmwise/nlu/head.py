"""Classification head: one hidden layer over dense rows, trained with Adam."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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


_PIECE = 1 << 15
"""Numbers that the optimiser works on at once."""


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


@dataclass(frozen=True)
class Schedule:
    """How a head is trained; the values were found by measuring on sets that were not trained on."""

    hidden: int = 1024
    epochs: int = 8
    rate: float = 4e-3
    """Of learning, at first; falls to zero along a cosine."""
    decay: float = 1e-4
    """Of the weights, at each step, times the rate."""
    forget: tuple[float, float] = (0.1, 0.2)
    """Shares of the features and of the hidden units that are left out at each step (dropout)."""
    smoothing: float = 0.05
    """Share of the truth that is spread over all labels, so that no confidence runs wild."""
    batch: int = 512
    seed: int = 0


@dataclass(frozen=True)
class _Batch:
    """What one step of a training looks at."""

    rows: Floats
    """With zeros for the features that are left out."""
    labels: Labels
    importance: Floats
    mask: Floats
    """Of the hidden units: zeros for those that are left out."""


def fit(task: Task, schedule: Schedule = Schedule()) -> Head:
    """Trains a head; deterministic for the same input on the same machine."""
    return _Trainer(task, schedule).run()


class _Trainer:
    """One training, with all that changes during it."""

    def __init__(self, task: Task, schedule: Schedule) -> None:
        self._task = task
        self._schedule = schedule
        self._importance = task.importance / task.importance.mean()
        self._random = np.random.default_rng(schedule.seed)
        self._parameters = self._begun(task.rows.shape[1], schedule.hidden, task.count)
        self._adam = _Adam(self._parameters, schedule.decay)

    def run(self) -> Head:
        """All epochs, the rate of learning falling along a cosine."""
        schedule = self._schedule
        steps = schedule.epochs * -(-len(self._task.labels) // schedule.batch)
        for step, batch in enumerate(_ahead(self._batches())):
            rate = schedule.rate * 0.5 * (1 + np.cos(np.pi * step / steps))
            self._adam.step(self._slopes(batch), float(rate))
        return Head(self._parameters)

    def _begun(self, features: int, hidden: int, labels: int) -> Parameters:
        def normal(rows: int, columns: int, gain: float) -> Floats:
            drawn: Floats = self._random.standard_normal((rows, columns), dtype=np.float32)
            scaled: Floats = drawn * np.float32(np.sqrt(gain / rows))
            return scaled

        biases = np.zeros(hidden, np.float32), np.zeros(labels, np.float32)
        return normal(features, hidden, 2.0), biases[0], normal(hidden, labels, 1.0), biases[1]

    def _batches(self) -> Iterator[_Batch]:
        task, schedule = self._task, self._schedule
        for _ in range(schedule.epochs):
            order = self._random.permutation(len(task.labels))
            for at in range(0, len(order), schedule.batch):
                chosen = order[at : at + schedule.batch]
                rows = task.rows[chosen] * self._kept((len(chosen), task.rows.shape[1]), schedule.forget[0])
                mask = self._kept((len(chosen), schedule.hidden), schedule.forget[1])
                yield _Batch(rows, task.labels[chosen], self._importance[chosen], mask)

    def _slopes(self, batch: _Batch) -> Parameters:
        """The gradient of the smoothed cross-entropy on some rows, with dropout."""
        smoothing, count = self._schedule.smoothing, len(batch.labels)
        first, bias, second, last = self._parameters
        before = batch.rows @ first + bias
        hidden = np.maximum(before, 0) * batch.mask
        wrong = softmax(hidden @ second + last) - np.float32(smoothing / self._task.count)
        wrong[np.arange(count), batch.labels] -= np.float32(1 - smoothing)
        wrong *= (batch.importance / count).astype(np.float32)[:, None]
        back = (wrong @ second.T) * batch.mask * (before > 0)
        return batch.rows.T @ back, back.sum(axis=0), hidden.T @ wrong, wrong.sum(axis=0)

    def _kept(self, shape: tuple[int, ...], forget: float) -> Floats:
        """Zeros for what is left out, the rest raised to make up for it."""
        kept: Floats = (self._random.random(shape, dtype=np.float32) >= forget).astype(np.float32)
        kept /= np.float32(1 - forget)
        return kept


class _Adam:
    """The optimiser of Kingma and Ba (2015), with the decoupled decay of Loshchilov and Hutter (2019)."""

    def __init__(self, parameters: Parameters, decay: float) -> None:
        self._parameters = parameters
        self._decay = decay
        self._means = [np.zeros_like(each) for each in parameters]
        self._squares = [np.zeros_like(each) for each in parameters]
        self._steps = 0

    def step(self, slopes: Parameters, rate: float) -> None:
        """Moves the parameters in place."""
        self._steps += 1
        first, second = np.float32(1 - 0.9**self._steps), np.float32(1 - 0.999**self._steps)
        for each in zip(self._parameters, slopes, self._means, self._squares, strict=True):
            decay = np.float32(self._decay if each[0].ndim > 1 else 0)
            flat = [array.reshape(-1) for array in each]
            # Piece by piece, so that what lies between the lines stays in the processor's cache.
            for at in range(0, len(flat[0]), _PIECE):
                values, slope, means, squares = (array[at : at + _PIECE] for array in flat)
                means += np.float32(0.1) * (slope - means)
                squares += np.float32(0.001) * (slope * slope - squares)
                spread = np.sqrt(squares / second) + np.float32(1e-8)
                values -= np.float32(rate) * (means / first / spread + decay * values)


def _ahead(batches: Iterator[_Batch]) -> Iterator[_Batch]:
    """The same batches, each made in a thread beside while the one before it is used."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = pool.submit(next, batches, None)
            yield batch
