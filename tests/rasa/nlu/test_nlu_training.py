"""What is prepared beside Rasa is what Rasa itself arrives at."""

from pathlib import Path

from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

from palmwise.nlu.classifier import examples_of
from palmwise.nlu.message_repair import LEARNT, names_in, sentences_in, with_text
from palmwise.nlu.train import DATA, texts_to_learn
from palmwise.nlu.training_data import repairer_for, variants
from palmwise.nlu.training_data import sentences_in as read

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


def test_our_reader_reads_what_rasas_reads() -> None:
    for file in sorted(DATA.rglob("nlu/*.yml")):
        theirs = [(each.get(TEXT), each.get_full_intent()) for each in RasaYAMLReader().read(file).training_examples]
        assert list(dict.fromkeys(read(file))) == theirs


def test_the_sentences_that_are_encoded_ahead_are_those_that_the_classifier_learns(tmp_path: Path) -> None:
    (tmp_path / "small.yml").write_text(SMALL, encoding="utf-8")
    importer = TrainingDataImporter.load_from_config("config.yml", "domain.yml", [str(tmp_path)])
    data = importer.get_nlu_data()
    repairer = repairer_for(sentences_in(data), names_in(data))
    for message, texts in zip(with_text(data), variants(repairer, sentences_in(data), noisy=True), strict=True):
        message.set(LEARNT, texts)
    learnt = [example.text for example in examples_of(data)]
    assert learnt == texts_to_learn(tmp_path)
    assert len(learnt) > len(sentences_in(data))
