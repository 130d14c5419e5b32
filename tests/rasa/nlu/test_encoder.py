"""A sentence has one vector, alone or among others, now or encoded ahead."""

from __future__ import annotations

import numpy as np
import pytest

from palmwise.nlu.encoder import BATCH, load_encoder

MANY = [f"{number} minutes {'and a bit ' * (number % 7)}please" for number in range(2 * BATCH + 5)]
ROUNDING = 0.01
"""A sum that is rounded otherwise may change the level of a number by one."""


@pytest.mark.parametrize("text", ["next", "my hands are sore from typing", "no, I meant the other one, the left hand"])
def test_a_sentence_has_the_same_vector_alone_and_among_others(text: str) -> None:
    encoder = load_encoder()
    alone = encoder.encode([text])[0]
    assert np.isclose(np.linalg.norm(alone), 2**0.5, atol=1e-3)
    assert np.allclose(encoder.encode([text, *MANY])[0], alone, atol=ROUNDING)
    assert np.allclose(encoder.encode(["ouch", text, "stop, that is far too hard for me"])[1], alone, atol=ROUNDING)


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
    assert np.allclose(encoder.encode(MANY[1:]), plain, atol=ROUNDING)
    encoder.start(MANY)
    encoder.cancel()
    assert np.array_equal(encoder.encode(MANY[1:]), plain)
