"""Encoding ahead, which makes training fast, does not change the vectors."""

from __future__ import annotations

import numpy as np

from palmwise.nlu.encoder import BATCH, load_encoder

MANY = [f"{number} minutes {'and a bit ' * (number % 7)}please" for number in range(2 * BATCH + 5)]


def test_encoding_in_the_background_gives_the_same_vectors() -> None:
    encoder = load_encoder()
    plain = encoder.encode(MANY)
    encoder.start(MANY)
    assert np.array_equal(encoder.encode(MANY), plain)
    encoder.cancel()


def test_other_sentences_may_be_encoded_than_were_started() -> None:
    encoder = load_encoder()
    plain = encoder.encode(MANY[1:])
    encoder.start(MANY)
    assert np.array_equal(encoder.encode(["next"]), encoder.encode(["next"]))
    # In other batches numbers are rounded otherwise; each vector is two of length one.
    assert ((encoder.encode(MANY[1:]) * plain).sum(axis=1) > 1.95).all()
    encoder.start(MANY)
    encoder.cancel()
    assert np.array_equal(encoder.encode(MANY[1:]), plain)
