"""The network that tells labels apart, and the mean of several."""

from __future__ import annotations

import numpy as np

from palmwise.nlu.head import Schedule, TrainingSet, fit, fit_several

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
