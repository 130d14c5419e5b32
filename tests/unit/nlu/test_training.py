"""Training files are read strictly."""

from pathlib import Path

import pytest

from palmwise.errors import SentencesError
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
