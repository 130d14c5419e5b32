"""Classification head: a network with one hidden layer, trained with AdamW on numpy arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]
Parameters = tuple[Floats, Floats, Floats, Floats]
"""Weights (features, hidden), bias (hidden), weights (hidden, labels), bias (labels)."""

NEVER = np.float32(-1e9)
"""Added to the score of a label that a row cannot have."""
SOME = -1
"""Label of a row of which is only known that it has one of some labels."""
CHUNK = 1 << 15
"""Numbers that the optimizer updates at once, so that they stay in the processor's cache."""


@dataclass(frozen=True)
class Head:
    """Scores of labels from rows of features."""

    parameters: Parameters
    temperature: float = 1.0
    """Scores are divided by it before the softmax; above 1 means less confident."""

    def scores(self, rows: Floats) -> Floats:
        """Shape (rows, labels), before the temperature."""
        first, bias, second, last = self.parameters
        result: Floats = np.maximum(rows @ first + bias, 0) @ second + last
        return result

    def probabilities(self, rows: Floats) -> Floats:
        """Shape (rows, labels); each row sums to one."""
        return softmax(self.scores(rows) / np.float32(self.temperature))

    def save(self, file: Path, **others: NDArray[Any]) -> None:
        """Write the head and other arrays beside it."""
        layers = {f"layer{at}": layer.astype(np.float16) for at, layer in enumerate(self.parameters)}
        np.savez(file, temperature=np.array(self.temperature), **layers, **others)

    @staticmethod
    def load(file: Path) -> tuple[Head, dict[str, NDArray[Any]]]:
        """Read what `save` wrote, the head and the other arrays; nothing in it can run code."""
        with np.load(file, allow_pickle=False) as stored:
            arrays = dict(stored)
        first, bias, second, last = (arrays.pop(f"layer{at}").astype(np.float32) for at in range(4))
        return Head((first, bias, second, last), float(arrays.pop("temperature"))), arrays

    def calibrated(self, rows: Floats, labels: Labels) -> Head:
        """The head with the temperature that gives these rows, not trained on, the least cross-entropy."""
        from scipy.optimize import minimize_scalar  # noqa: PLC0415 - only training needs it, and it takes time to import

        scores = self.scores(rows)

        def cross_entropy(log_temperature: float) -> float:
            probabilities = softmax(scores / np.float32(np.exp(log_temperature)))
            return float(-np.log(probabilities[np.arange(len(labels)), labels] + 1e-9).mean())

        best = minimize_scalar(cross_entropy, bounds=(-2.0, 2.0), method="bounded")
        return replace(self, temperature=float(np.exp(best.x)))


@dataclass(frozen=True)
class TrainingSet:
    """Rows of features with their labels."""

    rows: Floats
    """Shape (rows, features)."""
    labels: Labels
    """One for each row, below `count`; `SOME` for a row of which is only known that it has one of `some`."""
    count: int
    """Number of labels."""
    weights: Floats
    """One for each row."""
    masks: NDArray[np.bool_] | None = None
    """Shape (rows, labels): the labels that each row may have; None if every row may have every label."""
    some: NDArray[np.bool_] | None = None
    """Length `count`: the labels of which a row labelled `SOME` has one; None if there is no such row."""

    def subset(self, keep: NDArray[np.bool_]) -> TrainingSet:
        """The rows for which `keep` is true."""
        masks = None if self.masks is None else self.masks[keep]
        return TrainingSet(self.rows[keep], self.labels[keep], self.count, self.weights[keep], masks, self.some)


@dataclass(frozen=True)
class Schedule:
    """Hyperparameters, found by measuring on sentences that are not in the training data."""

    hidden: int = 1024
    epochs: int = 6
    learning_rate: float = 4e-3
    """At the start; falls to zero along a cosine."""
    weight_decay: float = 1e-4
    """Per step, times the learning rate."""
    dropout: tuple[float, float] = (0.1, 0.2)
    """Of the features and of the hidden units."""
    label_smoothing: float = 0.05
    batch: int = 256
    seed: int = 0


@dataclass(frozen=True)
class _Batch:
    rows: Floats
    """With dropout."""
    labels: Labels
    weights: Floats
    mask: Floats
    """Dropout mask of the hidden units."""
    possible: NDArray[np.bool_]
    """The labels that each row may have."""


def fit(data: TrainingSet, schedule: Schedule = Schedule()) -> Head:
    """Train a head; deterministic for the same input on the same machine."""
    return _Trainer(data, schedule).run()


def fit_several(data: TrainingSet, schedule: Schedule, count: int) -> Head:
    """Train heads that differ in their seed, and make them one whose scores are the means of theirs.

    What a single head makes of a sentence at the edge depends on the order of the training; the mean much less.
    """
    heads = [fit(data, replace(schedule, seed=schedule.seed + at)).parameters for at in range(count)]
    firsts, biases, seconds, lasts = zip(*heads, strict=True)
    share = np.float32(1 / count)
    return Head((np.hstack(firsts), np.hstack(biases), np.vstack(seconds) * share, sum(lasts[1:], lasts[0]) * share))


def softmax(scores: Floats) -> Floats:
    """Probabilities of each row of scores."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return result


def softmax_within(scores: Floats, starts: Sequence[int]) -> Floats:
    """Probabilities of each row of scores, of which each stretch from one of the `starts` to the next sums to one."""
    sizes = np.diff([*starts, scores.shape[1]])
    largest = np.maximum.reduceat(scores, starts, axis=1)
    shifted = np.exp(scores - np.repeat(largest, sizes, axis=1))
    result: Floats = shifted / np.repeat(np.add.reduceat(shifted, starts, axis=1), sizes, axis=1)
    return result


class _Trainer:
    """State of one training."""

    def __init__(self, data: TrainingSet, schedule: Schedule) -> None:
        self._data = data
        self._schedule = schedule
        self._weights = data.weights / data.weights.mean()
        self._random = np.random.default_rng(schedule.seed)
        self._parameters = self._initial_parameters(data.rows.shape[1], schedule.hidden, data.count)
        self._optimizer = AdamW(self._parameters, schedule.weight_decay)

    def run(self) -> Head:
        """Run all epochs."""
        schedule = self._schedule
        steps = schedule.epochs * -(-len(self._data.labels) // schedule.batch)
        for step, batch in enumerate(_prefetch(self._batches())):
            rate = schedule.learning_rate * 0.5 * (1 + np.cos(np.pi * step / steps))
            self._optimizer.step(self._gradients(batch), float(rate))
        return Head(self._parameters)

    def _initial_parameters(self, features: int, hidden: int, labels: int) -> Parameters:
        def normal(rows: int, columns: int, gain: float) -> Floats:
            drawn: Floats = self._random.standard_normal((rows, columns), dtype=np.float32)
            scaled: Floats = drawn * np.float32(np.sqrt(gain / rows))
            return scaled

        biases = np.zeros(hidden, np.float32), np.zeros(labels, np.float32)
        return normal(features, hidden, 2.0), biases[0], normal(hidden, labels, 1.0), biases[1]

    def _batches(self) -> Iterator[_Batch]:
        data, schedule = self._data, self._schedule
        for _ in range(schedule.epochs):
            order = self._random.permutation(len(data.labels))
            for at in range(0, len(order), schedule.batch):
                chosen = order[at : at + schedule.batch]
                rows = data.rows[chosen] * self._dropout_mask((len(chosen), data.rows.shape[1]), schedule.dropout[0])
                mask = self._dropout_mask((len(chosen), schedule.hidden), schedule.dropout[1])
                possible = np.ones((1, data.count), np.bool_) if data.masks is None else data.masks[chosen]
                yield _Batch(rows, data.labels[chosen], self._weights[chosen], mask, possible)

    def _gradients(self, batch: _Batch) -> Parameters:
        """Gradients of the weighted cross-entropy, with label smoothing where the label is known."""
        smoothing, count = self._schedule.label_smoothing, len(batch.labels)
        first, bias, second, last = self._parameters
        before = batch.rows @ first + bias
        hidden = np.maximum(before, 0) * batch.mask
        scores = hidden @ second + last + np.where(batch.possible, np.float32(0), NEVER)
        shares = np.float32(smoothing) / batch.possible.sum(axis=1, keepdims=True, dtype=np.float32)
        chances = softmax(scores)
        error = chances - np.where(batch.possible, shares, np.float32(0))
        known, unknown = np.flatnonzero(batch.labels != SOME), np.flatnonzero(batch.labels == SOME)
        error[known, batch.labels[known]] -= np.float32(1 - smoothing)
        if self._data.some is not None:
            likely = chances[unknown] * self._data.some
            # Gradient of the logarithm of what all of them have together.
            error[unknown] = chances[unknown] - likely / likely.sum(axis=1, keepdims=True)
        error *= (batch.weights / count).astype(np.float32)[:, None]
        back = (error @ second.T) * batch.mask * (before > 0)
        return batch.rows.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0)

    def _dropout_mask(self, shape: tuple[int, ...], dropout: float) -> Floats:
        """Zeros with this probability, the rest scaled up to keep the expected sum."""
        mask: Floats = (self._random.random(shape, dtype=np.float32) >= dropout).astype(np.float32)
        mask /= np.float32(1 - dropout)
        return mask


class AdamW:
    """The optimizer of Kingma and Ba (2015) with the decoupled weight decay of Loshchilov and Hutter (2019)."""

    def __init__(self, parameters: Parameters, weight_decay: float) -> None:
        """`parameters` are updated in place; matrices decay, biases do not."""
        self._parameters = parameters
        self._weight_decay = weight_decay
        self._means = [np.zeros_like(each) for each in parameters]
        self._squares = [np.zeros_like(each) for each in parameters]
        self._steps = 0

    def step(self, gradients: Parameters, rate: float) -> None:
        """Update the parameters."""
        self._steps += 1
        first, second = np.float32(1 - 0.9**self._steps), np.float32(1 - 0.999**self._steps)
        for arrays in zip(self._parameters, gradients, self._means, self._squares, strict=True):
            decay = np.float32(self._weight_decay if arrays[0].ndim > 1 else 0)
            flat = [array.reshape(-1) for array in arrays]
            for at in range(0, len(flat[0]), CHUNK):
                values, gradient, means, squares = (array[at : at + CHUNK] for array in flat)
                means += np.float32(0.1) * (gradient - means)
                squares += np.float32(0.001) * (gradient * gradient - squares)
                spread = np.sqrt(squares / second) + np.float32(1e-8)
                values -= np.float32(rate) * (means / first / spread + decay * values)


def _prefetch(batches: Iterator[_Batch]) -> Iterator[_Batch]:
    """The same batches, each made in a second thread while the one before it is used."""
    with ThreadPoolExecutor(1) as pool:
        following = pool.submit(next, batches, None)
        while (batch := following.result()) is not None:
            following = pool.submit(next, batches, None)
            yield batch
