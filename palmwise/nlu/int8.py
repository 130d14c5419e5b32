"""Makes a weight-only int8 ONNX model compute in int8 too, and tell more than its last layer.

A short sentence costs mostly the reading of the weights, and int8 ones are a quarter of float32. The published file
keeps each weight as int8 with a scale and multiplies in float32; here every such `MatMul` becomes onnxruntime's
`DynamicQuantizeMatMul` on the same int8 numbers. The file is a Protocol Buffers message of which only the few fields
below are touched, so that no ONNX library is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
