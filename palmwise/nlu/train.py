"""`palmwise train`: trains as `rasa train` does, in less time.

The sentences are encoded while Rasa is imported, which takes some seconds of one processor core. Their
vectors are kept beside the model, so that a later training encodes only the sentences that are new.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from palmwise import resources, stand_ins
from palmwise.language.tokens import words_of
from palmwise.nlu.context_model import plain
from palmwise.nlu.encoder import Vectors, load_encoder
from palmwise.nlu.training_data import (
    all_sentences,
    answer_lessons,
    danger_sentences,
    examples_for,
    train_repairer,
    training_variants,
)
from palmwise.training_files import sentences_in_context

DATA = resources.ROOT / "data"
VECTORS = resources.ROOT / "models" / "vectors.npz"
"""Vectors of the sentences of the last training, some 100 MB."""
PROBE = "How long does the next step take?"
"""Its vector tells whether the encoder is the same as when the vectors were kept."""
HELP = "Train the model, models/palmwise.tar.gz. Takes the options of `rasa train`, such as --out FOLDER or --force."


def main() -> None:
    """Run `rasa train` in the project's folder; options on the command line are passed on."""
    parser = argparse.ArgumentParser(prog="palmwise train", description=HELP)
    _, options = parser.parse_known_args()
    os.chdir(resources.ROOT)
    sys.argv[1:] = ["train", "--fixed-model-name", "palmwise", *options]
    # Collecting garbage among a million objects that stay anyway would take 4 s of the minute.
    gc.disable()
    stand_ins.install()
    groups = texts_to_encode(DATA)
    load_encoder().start(*groups, known=read_vectors(VECTORS, [text for group in groups for text in group]))
    try:
        # Imported late, so that the encoder works meanwhile.
        from rasa.__main__ import main as rasa  # noqa: PLC0415

        rasa()
    finally:
        write_vectors(VECTORS, load_encoder().encoded())
        load_encoder().cancel()


def read_vectors(file: Path, texts: Sequence[str]) -> dict[str, Vectors]:
    """The vectors of these texts that `write_vectors` kept; none if the encoder has changed since."""
    try:
        with np.load(file, allow_pickle=False) as kept:
            keys, vectors, probe = kept["keys"], kept["vectors"], kept["probe"]
    except (OSError, ValueError, KeyError, BadZipFile):
        return {}
    if not np.array_equal(probe, load_encoder().encode([PROBE])[0]):
        return {}
    rows = {key: at for at, key in enumerate(keys.tolist())}
    return {text: vectors[rows[key]].astype(np.float32) for text in dict.fromkeys(texts) if (key := _key(text)) in rows}


def write_vectors(file: Path, vectors: Mapping[str, Vectors]) -> None:
    """Keep the vectors of sentences, in half precision, with one by which a change of the encoder is seen."""
    if not vectors:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".unfinished.npz")
    keys = np.array([_key(text) for text in vectors])
    rows = np.array(list(vectors.values()), dtype=np.float16)
    np.savez(unfinished, keys=keys, vectors=rows, probe=load_encoder().encode([PROBE])[0])
    unfinished.replace(file)


def _key(text: str) -> bytes:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:16].encode()


def texts_to_encode(data: Path) -> tuple[list[str], list[str]]:
    """The texts that the components will train on, by the same functions; any others would only cost time.

    Those of the answer finder come first: it trains on them while the others are encoded.
    """
    sentences = all_sentences(sorted(str(file) for file in data.rglob("*.yml")))
    texts = tuple(sentence.text for sentence in sentences)
    variants = training_variants(texts, noisy=True)
    examples = examples_for((sentence.label for sentence in sentences), variants)
    lessons = answer_lessons(train_repairer(texts), examples)
    dangers = [" ".join(words_of(each.text)) for each in danger_sentences()]
    in_context = [plain(each.text) for each in sentences_in_context(resources.CONVERSATION)]
    others = [*(example.text for example in examples), *dangers, *in_context]
    return [lesson.text for lesson in lessons], others
