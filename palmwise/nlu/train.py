"""`palmwise train`: trains as `rasa train` does, in less time.

The sentences are encoded while Rasa is imported, which takes a quarter of a minute of one processor core.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from pathlib import Path

from palmwise import resources
from palmwise.nlu.context_model import plain
from palmwise.nlu.encoder import load_encoder
from palmwise.nlu.training_data import (
    all_sentences,
    answer_lessons,
    examples_for,
    names_of,
    train_repairer,
    training_variants,
)
from palmwise.training_files import sentences_in_context

DATA = resources.ROOT / "data"
HELP = "Train the model, models/palmwise.tar.gz. Takes the options of `rasa train`, such as --out FOLDER or --force."


def main() -> None:
    """Run `rasa train` in the project's folder; options on the command line are passed on."""
    parser = argparse.ArgumentParser(prog="palmwise train", description=HELP)
    _, options = parser.parse_known_args()
    os.chdir(resources.ROOT)
    sys.argv[1:] = ["train", "--fixed-model-name", "palmwise", *options]
    # Collecting garbage among a million objects that stay anyway would take 4 s of the minute.
    gc.disable()
    load_encoder().start(texts_to_encode(DATA))
    try:
        # Imported late, so that the encoder works meanwhile.
        from rasa.__main__ import main as rasa  # noqa: PLC0415

        rasa()
    finally:
        load_encoder().cancel()


def texts_to_encode(data: Path) -> list[str]:
    """The texts that the components will train on, by the same functions; any others would only cost time."""
    sentences = all_sentences(sorted(str(file) for file in data.rglob("*.yml")))
    texts = [sentence.text for sentence in sentences]
    repairer = train_repairer(texts, names_of(resources.content()))
    variants = training_variants(repairer, texts, noisy=True)
    examples = examples_for((sentence.label for sentence in sentences), variants)
    lessons = answer_lessons(repairer, examples)
    in_context = [plain(each.text) for each in sentences_in_context(resources.CONVERSATION)]
    return [*(example.text for example in examples), *(lesson.text for lesson in lessons), *in_context]
