"""Builds the sentence encoder's graph for onnxruntime from the weights in the published ONNX file.

The published graph (all-MiniLM-L6-v2: six blocks of attention and feed-forward layers) stores its weights as int8 and
dequantizes them before each multiplication. The graph that is built here multiplies them as they are stored, by inputs
that are quantized to uint8, which takes a fifth of the time. Each word piece is quantized by its own largest value.
The runtime's own `DynamicQuantizeMatMul` takes one scale for a whole batch, so that the vector of a sentence depended
on the sentences beside it: its cosine to the vector of the same sentence alone was .988 in batches of 64.

ONNX files are protobuf messages; the few fields that are needed are read and written here, without the onnx package.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

LAST, MIDDLE = "block_6", "block_4"
"""Outputs, each of shape (sentences, word pieces, 384): the last block's, and the fourth's."""

_BLOCKS = 6
_HEADS = 12
_EPSILON = 1e-12
"""Of the layer normalizations, as in the published graph."""

# Field numbers of onnx.proto.
_MODEL_VERSION, _MODEL_GRAPH, _MODEL_OPSET = 1, 7, 8
_GRAPH_NODE, _GRAPH_NAME, _GRAPH_INITIALIZER, _GRAPH_INPUT, _GRAPH_OUTPUT = 1, 2, 5, 11, 12
_NODE_INPUT, _NODE_OUTPUT, _NODE_TYPE, _NODE_ATTRIBUTE, _NODE_DOMAIN = 1, 2, 4, 5, 7
_ATTRIBUTE_NAME, _ATTRIBUTE_FLOAT, _ATTRIBUTE_INT, _ATTRIBUTE_INTS, _ATTRIBUTE_TYPE = 1, 2, 3, 8, 20
_TENSOR_DIMS, _TENSOR_TYPE, _TENSOR_NAME, _TENSOR_RAW = 1, 2, 8, 9
_OPSET_DOMAIN, _OPSET_VERSION = 1, 2
_VALUE_NAME = 1

_VARINT, _BYTES, _FLOAT = 0, 2, 5
"""Wire types of protobuf: a number, a value with its length before it, four bytes."""
_FIXED = {1: 8, 5: 4}
"""Wire type -> bytes, for numbers of fixed size."""
_DTYPES: Mapping[int, np.dtype[np.generic]] = {
    1: np.dtype("<f4"),
    2: np.dtype("u1"),
    3: np.dtype("i1"),
    6: np.dtype("<i4"),
    7: np.dtype("<i8"),
}
"""ONNX's number of an element type -> the type."""
_FLOAT32, _INT32 = 1, 6
_OPSET = 17
_IR_VERSION = 8
_CONTRIBUTED = "com.microsoft"
"""Domain of the operators that onnxruntime adds."""

Tensor = NDArray[Any]


def build_encoder(published: bytes) -> bytes:
    """The ONNX model that gives `LAST` and `MIDDLE` for `input_ids` and `attention_mask`.

    Both inputs have the shape (sentences, word pieces); the second one is 1 where a word piece is, else 0.
    """
    graph = next(value for number, _, value in _fields(published) if number == _MODEL_GRAPH)
    tensors = dict(_read_tensor(value) for number, _, value in _fields(graph) if number == _GRAPH_INITIALIZER)
    inputs = [
        _bytes(_GRAPH_INPUT, value)
        for number, _, value in _fields(graph)
        if number == _GRAPH_INPUT and _first(value, _VALUE_NAME) in {b"input_ids", b"attention_mask"}
    ]
    builder = _Builder()
    _add_encoder(builder, tensors)
    outputs = [_bytes(_GRAPH_OUTPUT, _bytes(_VALUE_NAME, name.encode())) for name in (LAST, MIDDLE)]
    built = b"".join([*builder.nodes, _bytes(_GRAPH_NAME, b"encoder"), *builder.tensors, *inputs, *outputs])
    return b"".join(
        [
            _number(_MODEL_VERSION, _IR_VERSION),
            _bytes(_MODEL_GRAPH, built),
            _bytes(_MODEL_OPSET, _number(_OPSET_VERSION, _OPSET)),
            _bytes(_MODEL_OPSET, _bytes(_OPSET_DOMAIN, _CONTRIBUTED.encode()) + _number(_OPSET_VERSION, 1)),
        ]
    )


_Weights = tuple[Tensor, Tensor]
"""int8 of shape (inputs, outputs), and the scale of each output."""


@dataclass(frozen=True)
class _Builder:
    """A graph in the making; operators are told apart by the names of what they make."""

    nodes: list[bytes] = field(default_factory=list)
    tensors: list[bytes] = field(default_factory=list)

    def constant(self, name: str, value: Tensor) -> str:
        """Add a constant; returns its name."""
        self.tensors.append(_tensor(name, value))
        return name

    def run(
        self, operator: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: float | list[int]
    ) -> str:
        """Add an operator; returns the name of its output, or of several, separated by spaces."""
        parts = [
            *(_bytes(_NODE_INPUT, name.encode()) for name in inputs),
            *(_bytes(_NODE_OUTPUT, name.encode()) for name in output.split()),
            _bytes(_NODE_TYPE, operator.encode()),
            *(_bytes(_NODE_ATTRIBUTE, _attribute(name, value)) for name, value in attributes.items()),
            _bytes(_NODE_DOMAIN, domain.encode()),
        ]
        self.nodes.append(_bytes(_GRAPH_NODE, b"".join(parts)))
        return output

    def multiply(self, current: str, weights: _Weights, name: str) -> str:
        """Quantize each word piece by its largest value, multiply, and scale back."""
        self.run("Abs", [current], f"{name}_sizes")
        self.run("ReduceMax", [f"{name}_sizes"], f"{name}_largest", axes=[-1], keepdims=1)
        self.run("Div", [current, f"{name}_largest"], f"{name}_unit")
        self.run("QuantizeLinear", [f"{name}_unit", "level", "zero"], f"{name}_levels")
        self.constant(f"{name}_weights", weights[0])
        self.constant(f"{name}_scales", weights[1])
        inputs = [f"{name}_levels", f"{name}_weights", "level", f"{name}_scales", "zero"]
        self.run("MatMulIntegerToFloat", inputs, f"{name}_product", _CONTRIBUTED)
        return self.run("Mul", [f"{name}_product", f"{name}_largest"], name)

    def normalize(self, current: str, residual: str, layer: Mapping[str, Tensor], name: str) -> str:
        """Add the bias of a layer and what went into it, and normalize."""
        parts = [
            self.constant(f"{name}_{part}", layer[part])
            for part in ("LayerNorm.weight", "LayerNorm.bias", "dense.bias")
        ]
        return self.run("SkipLayerNormalization", [current, residual, *parts], name, _CONTRIBUTED, epsilon=_EPSILON)


def _add_encoder(builder: _Builder, tensors: Mapping[str, Tensor]) -> None:
    # Six of each block, in this order: query, key, value, output of the attention, both feed-forward layers.
    names = [name.removesuffix("_q") for name in tensors if name.startswith("val_") and name.endswith("_q")]
    weights = [(tensors[f"{name}_q"], tensors[f"{name}_scale"].ravel()) for name in names]
    builder.constant("level", np.array(1 / 127, np.float32))
    builder.constant("zero", np.array(128, np.uint8))
    builder.run("Cast", ["attention_mask"], "mask", to=_INT32)
    current = _add_embeddings(builder, _below(tensors, "inner.embeddings."))
    for block in range(_BLOCKS):
        layers = _below(tensors, f"inner.encoder.layer.{block}.")
        current = _add_block(builder, current, weights[6 * block : 6 * block + 6], layers, f"block_{block + 1}")


def _add_embeddings(builder: _Builder, tensors: Mapping[str, Tensor]) -> str:
    """Word and position vectors; all word pieces are of the first of the model's two types."""
    positions = tensors["position_embeddings.weight_q"] * tensors["position_embeddings.weight_scale"]
    for part in ("q", "scale"):
        words = builder.constant(f"words_{part}", tensors[f"word_embeddings.weight_{part}"])
        builder.run("Gather", [words, "input_ids"], f"word_{part}", axis=0)
    builder.run("Cast", ["word_q"], "word_levels", to=_FLOAT32)
    builder.run("Mul", ["word_levels", "word_scale"], "word")
    builder.constant("positions", (positions + tensors["token_type_embeddings.weight"][0]).astype(np.float32))
    builder.constant("first", np.array([0], np.int64))
    builder.run("Shape", ["input_ids"], "pieces", start=1, end=2)
    builder.run("Slice", ["positions", "first", "pieces", "first"], "position")
    builder.run("Add", ["word", "position"], "embedded")
    parts = [builder.constant(f"embedded_{part}", tensors[f"LayerNorm.{part}"]) for part in ("weight", "bias")]
    return builder.run("LayerNormalization", ["embedded", *parts], "block_0", axis=-1, epsilon=_EPSILON)


def _add_block(
    builder: _Builder, current: str, weights: Sequence[_Weights], layers: Mapping[str, Tensor], name: str
) -> str:
    query, key, value, output, wider, narrower = weights
    levels, scales = (np.concatenate(parts, axis=-1) for parts in zip(query, key, value, strict=True))
    heads = builder.multiply(current, (levels, scales), f"{name}_heads")
    split = [f"{name}_{part}" for part in ("query", "key", "value")]
    builder.run("Split", [heads], " ".join(split), axis=-1)
    biases = [layers[f"attention.self.{part}.bias"] for part in ("query", "key", "value")]
    inputs = [*split, builder.constant(f"{name}_biases", np.concatenate(biases)), "mask"]
    seen = builder.run("MultiHeadAttention", inputs, f"{name}_seen", _CONTRIBUTED, num_heads=_HEADS)
    attended = builder.multiply(seen, output, f"{name}_attended")
    residual = builder.normalize(attended, current, _below(layers, "attention.output."), f"{name}_residual")
    wide = builder.multiply(residual, wider, f"{name}_wide")
    bias = builder.constant(f"{name}_wide_bias", layers["intermediate.dense.bias"])
    active = builder.run("BiasGelu", [wide, bias], f"{name}_active", _CONTRIBUTED)
    narrow = builder.multiply(active, narrower, f"{name}_narrow")
    return builder.normalize(narrow, residual, _below(layers, "output."), name)


def _below(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def _read_tensor(message: bytes) -> tuple[str, Tensor]:
    """Name and values of a tensor; one of a type that the encoder's weights do not have is empty."""
    shape = tuple(_read_varint(value, 0)[0] for number, _, value in _fields(message) if number == _TENSOR_DIMS)
    dtype = _DTYPES.get(_read_varint(_first(message, _TENSOR_TYPE), 0)[0])
    values = np.frombuffer(_first(message, _TENSOR_RAW), dtype).reshape(shape) if dtype else np.zeros(0)
    return _first(message, _TENSOR_NAME).decode(), values


def _tensor(name: str, value: Tensor) -> bytes:
    array = np.asarray(value)
    kind = next(number for number, dtype in _DTYPES.items() if dtype == array.dtype)
    dims = (_number(_TENSOR_DIMS, size) for size in array.shape)
    named = _bytes(_TENSOR_NAME, name.encode()) + _bytes(_TENSOR_RAW, array.tobytes())
    return _bytes(_GRAPH_INITIALIZER, b"".join([*dims, _number(_TENSOR_TYPE, kind), named]))


def _attribute(name: str, value: float | Sequence[int]) -> bytes:
    named = _bytes(_ATTRIBUTE_NAME, name.encode())
    if isinstance(value, float):
        packed = np.float32(value).tobytes()
        return named + _varint(_ATTRIBUTE_FLOAT << 3 | _FLOAT) + packed + _number(_ATTRIBUTE_TYPE, 1)
    if isinstance(value, int):
        return named + _number(_ATTRIBUTE_INT, value) + _number(_ATTRIBUTE_TYPE, 2)
    return named + b"".join(_number(_ATTRIBUTE_INTS, each) for each in value) + _number(_ATTRIBUTE_TYPE, 7)


def _fields(message: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Number, wire type and value, without tag and length, of each field of a protobuf message."""
    at = 0
    while at < len(message):
        tag, at = _read_varint(message, at)
        wire = tag & 7
        if wire == _BYTES:
            length, at = _read_varint(message, at)
            end = at + length
        elif wire == _VARINT:
            _, end = _read_varint(message, at)
        else:
            end = at + _FIXED[wire]
        yield tag >> 3, wire, message[at:end]
        at = end


def _first(message: bytes, number: int) -> bytes:
    """The first field with this number; empty if there is none."""
    return next((value for other, _, value in _fields(message) if other == number), b"")


def _bytes(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | _BYTES) + _varint(len(value)) + value


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3 | _VARINT) + _varint(value & (1 << 64) - 1)


def _read_varint(message: bytes, at: int) -> tuple[int, int]:
    """The number at this offset, and the offset after it."""
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
