"""Training files are read strictly, and the optimizer does what its formula says."""

from pathlib import Path

import numpy as np
import pytest

from palmwise.errors import SentencesError
from palmwise.nlu.head import CHUNK, AdamW
from palmwise.training_files import Sentence, sentences_in


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


def test_a_file_without_training_data_has_no_sentences(tmp_path: Path) -> None:
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
def test_anything_but_plain_sentences_is_refused(tmp_path: Path, block: str) -> None:
    with pytest.raises(SentencesError, match=r"some\.yml"):
        list(sentences_in(file_of(tmp_path, f"nlu:\n- {block}\n")))


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
