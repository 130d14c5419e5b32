"""Edits an ONNX model as the protobuf message that it is, without the onnx package.

Two edits are needed: an additional output, and quantized weights that are multiplied as int8 instead of being
dequantized first, which is what the published file does.
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

_VARINT, _BYTES = 0, 2
"""Wire types of protobuf: a number, and a value with its length before it."""
_FIXED = {1: 8, 5: 4}
"""Wire type -> bytes, for numbers of fixed size."""
_DOMAIN = b"com.microsoft"
_INT8_MATMUL = b"DynamicQuantizeMatMul"


@dataclass(frozen=True)
class _ProtobufField:
    """One field of a protobuf message."""

    number: int
    wire: int
    value: bytes
    """Without tag and length."""

    def encoded(self) -> bytes:
        length = _varint(len(self.value)) if self.wire == _BYTES else b""
        return _varint(self.number << 3 | self.wire) + length + self.value


def with_output(model: bytes, tensor: str) -> bytes:
    """The model with an additional output: a tensor that it computes anyway."""
    output = _ProtobufField(
        _GRAPH_OUTPUT, _BYTES, _message([_ProtobufField(_VALUE_NAME, _BYTES, tensor.encode())])
    ).encoded()
    return _message(
        _ProtobufField(each.number, each.wire, each.value + output) if each.number == _MODEL_GRAPH else each
        for each in _fields(model)
    )


def with_int8_matmul(model: bytes) -> bytes:
    """The model with its quantized weights multiplied as int8; unchanged if it has none.

    Quantized weights are initializers `NAME_q`, with one scale per column in `NAME_scale`.
    """
    fields = [
        _ProtobufField(each.number, each.wire, _edit_graph(each.value)) if each.number == _MODEL_GRAPH else each
        for each in _fields(model)
    ]
    opset = [_ProtobufField(_OPSET_DOMAIN, _BYTES, _DOMAIN), _ProtobufField(_OPSET_VERSION, _VARINT, b"\x01")]
    return _message([*fields, _ProtobufField(_MODEL_OPSET, _BYTES, _message(opset))])


def _edit_graph(graph: bytes) -> bytes:
    fields = list(_fields(graph))
    names = {_value(field.value, _TENSOR_NAME) for field in fields if field.number == _GRAPH_INITIALIZER}
    quantized = {name.removesuffix(b"_q") for name in names if name.endswith(b"_q")}
    scales: set[bytes] = set()
    edited: list[_ProtobufField] = []
    for field in fields:
        node, scale = _edit_node(field, quantized) if field.number == _GRAPH_NODE else (field, set())
        scales |= scale
        edited.append(node)
    return _message(_flatten_scale(field, scales) for field in edited)


def _edit_node(node: _ProtobufField, quantized: set[bytes]) -> tuple[_ProtobufField, set[bytes]]:
    """The node, a multiplication by quantized weights replaced; and the names of the scales that it uses."""
    fields = list(_fields(node.value))
    inputs = [field.value for field in fields if field.number == _NODE_INPUT]
    if _value(node.value, _NODE_TYPE) != b"MatMul" or inputs[1] not in quantized:
        return node, set()
    weight, scale = inputs[1] + b"_q", inputs[1] + b"_scale"
    new_inputs = [_ProtobufField(_NODE_INPUT, _BYTES, name) for name in (inputs[0], weight, scale)]
    new_type = [_ProtobufField(_NODE_TYPE, _BYTES, _INT8_MATMUL), _ProtobufField(_NODE_DOMAIN, _BYTES, _DOMAIN)]
    kept = [field for field in fields if field.number not in {_NODE_INPUT, _NODE_TYPE, _NODE_DOMAIN}]
    return _ProtobufField(node.number, _BYTES, _message([*new_inputs, *kept, *new_type])), {scale}


def _flatten_scale(field: _ProtobufField, scales: set[bytes]) -> _ProtobufField:
    """The scales have the shape [1, columns]; the operator wants [columns]."""
    if field.number != _GRAPH_INITIALIZER or _value(field.value, _TENSOR_NAME) not in scales:
        return field
    fields = list(_fields(field.value))
    dims = [each for each in fields if each.number == _TENSOR_DIMS]
    is_packed = len(dims) == 1 and dims[0].wire == _BYTES
    flat = [_ProtobufField(_TENSOR_DIMS, _BYTES, dims[0].value[1:])] if is_packed else dims[1:]
    return _ProtobufField(
        field.number, _BYTES, _message([*flat, *(each for each in fields if each.number != _TENSOR_DIMS)])
    )


def _fields(message: bytes) -> Iterator[_ProtobufField]:
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
        yield _ProtobufField(tag >> 3, wire, message[at:end])
        at = end


def _value(message: bytes, number: int) -> bytes:
    """The first field with this number; empty if there is none."""
    return next((field.value for field in _fields(message) if field.number == number), b"")


def _message(fields: Iterable[_ProtobufField]) -> bytes:
    return b"".join(field.encoded() for field in fields)


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
