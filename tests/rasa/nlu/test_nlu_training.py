"""What is prepared while Rasa is imported equals what Rasa arrives at."""

from pathlib import Path

import numpy as np
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

from palmwise.language.tokens import words_of
from palmwise.nlu.classifier import examples_of
from palmwise.nlu.component import VARIANTS, texts_in
from palmwise.nlu.context_model import plain
from palmwise.nlu.encoder import load_encoder
from palmwise.nlu.train import DATA, read_vectors, texts_to_encode, write_vectors
from palmwise.nlu.training_data import answer_lessons, danger_sentences, train_repairer, training_variants
from palmwise.resources import CONVERSATION
from palmwise.training_files import sentences_in, sentences_in_context

SMALL = """
nlu:
- intent: stop
  examples: |
    - please stop
    - stop it at once, I have had enough of this
    - please stop
- intent: faq/oils
  examples: |
    - Which oil?
    - what oil shuold i use for my hands today
"""


def test_training_files_are_read_as_by_rasa() -> None:
    for file in sorted(DATA.rglob("nlu/*.yml")):
        theirs = [(each.get(TEXT), each.get_full_intent()) for each in RasaYAMLReader().read(file).training_examples]
        assert list(dict.fromkeys(sentences_in(file))) == theirs


def test_the_texts_encoded_in_advance_are_those_that_are_trained_on(tmp_path: Path) -> None:
    (tmp_path / "small.yml").write_text(SMALL, encoding="utf-8")
    importer = TrainingDataImporter.load_from_config("config.yml", "domain.yml", [str(tmp_path)])
    data = importer.get_nlu_data()
    texts = texts_in(data)
    repairer = train_repairer(texts)
    for message, variants in zip(data.intent_examples, training_variants(texts, noisy=True), strict=True):
        message.set(VARIANTS, variants)
    examples = examples_of(data)
    lessons = answer_lessons(repairer, examples)
    others = [example.text for example in examples]
    others += [" ".join(words_of(each.text)) for each in danger_sentences()]
    others += [plain(each.text) for each in sentences_in_context(CONVERSATION)]
    assert texts_to_encode(tmp_path) == ([lesson.text for lesson in lessons], others)
    assert len(examples) > len(data.intent_examples)


def test_vectors_are_kept_for_the_next_training(tmp_path: Path) -> None:
    encoder, file = load_encoder(), tmp_path / "vectors.npz"
    encoder.start(["my hands are sore", "slower please"])
    encoder.encode(["my hands are sore", "slower please"] * 40)
    write_vectors(file, encoder.encoded())
    encoder.cancel()
    kept = read_vectors(file, ["slower please", "a new sentence"])
    assert list(kept) == ["slower please"]
    assert abs(kept["slower please"] - encoder.encode(["slower please"])[0]).max() < 0.05


def test_vectors_of_another_encoder_and_broken_files_are_not_taken(tmp_path: Path) -> None:
    file = tmp_path / "vectors.npz"
    assert not read_vectors(file, ["next"])
    file.write_bytes(b"PK no archive")
    assert not read_vectors(file, ["next"])
    encoder = load_encoder()
    write_vectors(file, {"next": encoder.encode(["next"])[0]})
    with np.load(file) as kept:
        np.savez(file, **{**kept, "probe": kept["probe"] * 2})
    assert not read_vectors(file, ["next"])
