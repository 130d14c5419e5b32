"""What is prepared while Rasa is imported equals what Rasa arrives at."""

from pathlib import Path

from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

from palmwise.nlu.classifier import examples_of
from palmwise.nlu.component import VARIANTS
from palmwise.nlu.context_model import plain
from palmwise.nlu.message_repair import texts_in
from palmwise.nlu.train import DATA, texts_to_encode
from palmwise.nlu.training_data import answer_lessons, names_of, train_repairer, training_variants
from palmwise.resources import CONVERSATION, content
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
    repairer = train_repairer(texts, names_of(content()))
    for message, variants in zip(data.intent_examples, training_variants(repairer, texts, noisy=True), strict=True):
        message.set(VARIANTS, variants)
    examples = examples_of(data)
    lessons = answer_lessons(repairer, examples)
    texts = [*(example.text for example in examples), *(lesson.text for lesson in lessons)]
    texts += [plain(each.text) for each in sentences_in_context(CONVERSATION)]
    assert texts == texts_to_encode(tmp_path)
    assert len(examples) > len(data.intent_examples)
