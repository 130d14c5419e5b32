"""Trains as `rasa train` does, with both hands: the sentences are encoded while Rasa is still being imported.

Rasa and its TensorFlow take a quarter of a minute to import, on one processor of however many there are.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from pathlib import Path

from palmwise import resources
from palmwise.nlu.encoder import load_encoder
from palmwise.nlu.training_data import all_sentences, examples_for, names_of, repairer_for, variants

DATA = resources.ROOT / "data"
HELP = "Train the model, models/palmwise.tar.gz. Takes the options of `rasa train`, such as --out FOLDER or --force."


def texts_to_learn(data: Path) -> list[str]:
    """What the classifier will have to encode, by the same functions; another list would cost time, and only time."""
    sentences = all_sentences(sorted(str(file) for file in data.rglob("*.yml")))
    texts = [sentence.text for sentence in sentences]
    names = [name for values in names_of(resources.content()).values() for name in values]
    learnt = variants(repairer_for(texts, names), texts, noisy=True)
    return [example.text for example in examples_for((sentence.label for sentence in sentences), learnt)]


def main() -> None:
    """Run `rasa train` in the project's folder; options on the command line are passed on."""
    parser = argparse.ArgumentParser(prog="palmwise train", description=HELP)
    _, options = parser.parse_known_args()
    os.chdir(resources.ROOT)
    sys.argv[1:] = ["train", "--fixed-model-name", "palmwise", *options]
    # Of a million objects that are here to stay it would look for garbage again and again: four seconds of the minute.
    gc.disable()
    load_encoder().begin(texts_to_learn(DATA))
    try:
        from rasa.__main__ import main as rasa  # noqa: PLC0415 - late is the whole point

        rasa()
    finally:
        load_encoder().forget()
