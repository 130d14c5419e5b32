"""Training files are read strictly, and nothing that makes a training fast changes what it makes."""

from pathlib import Path

import numpy as np
import pytest

from palmwise.errors import SentencesError
from palmwise.nlu.encoder import BATCH, load_encoder
from palmwise.nlu.head import _PIECE, _Adam
from palmwise.nlu.training_data import Sentence, sentences_in

MANY = [f"{number} minutes {'and a bit ' * (number % 7)}please" for number in range(2 * BATCH + 5)]


def file_of(folder: Path, text: str) -> Path:
    file = folder / "some.yml"
    file.write_text(text, encoding="utf-8")
    return file


def test_sentences_are_read_in_order_with_their_labels(tmp_path: Path) -> None:
    text = "nlu:\n- intent: stop\n  examples: |\n    - stop it: now\n    - \u00e9h, stop\n"
    text += "- intent: faq/oils\n  examples: |\n    -  which oil? \n"
    read = list(sentences_in(file_of(tmp_path, text)))
    assert read == [
        Sentence("stop it: now", "stop"),
        Sentence("\u00e9h, stop", "stop"),
        Sentence("which oil?", "faq/oils"),
    ]


def test_a_file_about_something_else_has_no_sentences(tmp_path: Path) -> None:
    assert list(sentences_in(file_of(tmp_path, "rules:\n- rule: a\n"))) == []
    assert list(sentences_in(file_of(tmp_path, ""))) == []


@pytest.mark.parametrize(
    "block",
    [
        "lookup: part\n  examples: |\n    - thumb",
        "intent: stop\n  examples:\n  - text: stop",
        "intent: stop\n  examples: |\n    - stop my [thumb](body_part)",
        'intent: stop\n  examples: |\n    - stop my [thumb]{"entity": "body_part"}',
        "intent: stop\n  examples: |\n    stop",
        "intent: stop\n  examples: |\n    -",
        "[",
    ],
)
def test_what_would_be_lost_is_refused(tmp_path: Path, block: str) -> None:
    with pytest.raises(SentencesError, match=r"some\.yml"):
        list(sentences_in(file_of(tmp_path, f"nlu:\n- {block}\n")))


def test_what_was_begun_ahead_gives_the_same_vectors() -> None:
    encoder = load_encoder()
    plain = encoder.encode(MANY)
    encoder.begin(MANY)
    assert np.array_equal(encoder.encode(MANY), plain)


def test_something_else_may_be_asked_than_was_begun() -> None:
    encoder = load_encoder()
    plain = encoder.encode(MANY[1:])
    encoder.begin(MANY)
    assert np.array_equal(encoder.encode(["next"]), encoder.encode(["next"]))
    assert np.array_equal(encoder.encode(MANY[1:]), plain)
    encoder.begin(MANY)
    encoder.forget()
    assert np.array_equal(encoder.encode(MANY[1:]), plain)


def test_the_optimiser_moves_large_layers_as_its_formula_says() -> None:
    random = np.random.default_rng(0)
    start, slope = (random.standard_normal((2, _PIECE)).astype(np.float32) for _ in range(2))
    layer, bias = start.copy(), start[0].copy()
    adam = _Adam((layer, bias, layer[:0], bias[:0]), 0.01)
    for _ in range(2):
        adam.step((slope, slope[0], slope[:0], slope[0, :0]), 0.1)
    # With a slope that stays, every step is as long as the rate, whatever the slope's size.
    step = 0.1 * np.sign(slope)
    assert np.allclose(bias, start[0] - 2 * step[0], atol=1e-3)
    assert np.allclose(layer, (start * 0.999 - step) * 0.999 - step, atol=1e-3)
