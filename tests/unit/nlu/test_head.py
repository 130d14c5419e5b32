"""The network that tells labels apart: its optimizer, and the mean of several."""

from __future__ import annotations

import numpy as np

from palmwise.nlu.head import CHUNK, SOME, AdamW, Schedule, TrainingSet, fit, fit_several

SCHEDULE = Schedule(hidden=8, epochs=4, batch=16)


def some_rows() -> TrainingSet:
    random = np.random.default_rng(1)
    labels = np.arange(60) % 3
    rows = (np.eye(3)[labels] + random.normal(0, 0.3, (60, 3))).astype(np.float32)
    return TrainingSet(rows, labels, 3, np.ones(60, np.float32))


def test_the_scores_of_several_heads_are_the_means_of_theirs() -> None:
    data = some_rows()
    single = [fit(data, Schedule(hidden=8, epochs=4, batch=16, seed=seed)).scores(data.rows) for seed in range(3)]
    together = fit_several(data, SCHEDULE, 3).scores(data.rows)
    assert np.allclose(together, np.mean(single, axis=0), atol=1e-4)
    assert not np.allclose(single[0], single[1], atol=1e-2)


def test_a_row_may_have_one_of_some_labels() -> None:
    """Rows of a fourth kind, known to be no third, are told from it, and the labels of the others are learned."""
    data = some_rows()
    rows = np.vstack([data.rows, np.tile(np.array([-1, -1, 0.9], np.float32), (30, 1))])
    labels = np.concatenate([data.labels, np.full(30, SOME)])
    weights = np.ones(90, np.float32)
    some = np.array([True, True, False])
    learned = fit(TrainingSet(rows, labels, 3, weights, some=some), Schedule(hidden=8, epochs=60, batch=16))
    chances = learned.probabilities(rows)
    assert chances[60:, 2].max() < 0.2
    assert (chances[:60].argmax(axis=1) == data.labels).mean() > 0.9
    without = fit(data, Schedule(hidden=8, epochs=60, batch=16)).probabilities(rows)
    assert without[60:, 2].min() > 0.2


def test_the_optimizer_updates_large_layers_by_its_formula() -> None:
    random = np.random.default_rng(0)
    start, gradient = (random.standard_normal((2, CHUNK)).astype(np.float32) for _ in range(2))
    layer, bias = start.copy(), start[0].copy()
    adam = AdamW((layer, bias, layer[:0], bias[:0]), 0.01)
    for _ in range(2):
        adam.step((gradient, gradient[0], gradient[:0], gradient[0, :0]), 0.1)
    # With a constant gradient each step is as long as the rate, whatever the size of the gradient.
    step = 0.1 * np.sign(gradient)
    assert np.allclose(bias, start[0] - 2 * step[0], atol=1e-3)
    assert np.allclose(layer, (start * 0.999 - step) * 0.999 - step, atol=1e-3)
