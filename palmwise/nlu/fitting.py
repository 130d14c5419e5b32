"""Trains a head: mini-batches, dropout, Adam."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palmwise.nlu.head import Floats, Head, Labels, Parameters, softmax

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
