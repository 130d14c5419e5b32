"""Edits an ONNX model as the protobuf message that it is, without the onnx package.

Three edits are needed: an additional output; quantized weights that are multiplied as int8 instead of being
dequantized first, which is what the published file does; and each bias and GELU, which the file spells out in single
operators that the runtime does not recognize, as part of the multiplication and as one operator. The last one saves a
quarter of the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

# Field numbers of onnx.proto.
_MODEL_GRAPH, _MODEL_OPSET = 7, 8
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_OUTPUT = 1, 5, 12
_NODE_INPUT, _NODE_OUTPUT, _NODE_TYPE, _NODE_DOMAIN = 1, 2, 4, 7
_TENSOR_DIMS, _TENSOR_NAME = 1, 8
_OPSET_DOMAIN, _OPSET_VERSION = 1, 2
_VALUE_NAME = 1

_VARINT, _BYTES = 0, 2
"""Wire types of protobuf: a number, and a value with its length before it."""
_FIXED = {1: 8, 5: 4}
"""Wire type -> bytes, for numbers of fixed size."""
_DOMAIN = b"com.microsoft"
_INT8_MATMUL = b"DynamicQuantizeMatMul"
_GELU = b"Gelu"


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
    nodes = [_read_node(field.value) for field in fields if field.number == _GRAPH_NODE]
    multiplied = [node.multiplied_as_int8() if node.multiplies(quantized) else node for node in nodes]
    scales = {node.inputs[2] for node in multiplied if node.type == _INT8_MATMUL}
    edited = _with_gelu(_with_bias(multiplied, names))
    others = (field for field in fields if field.number != _GRAPH_NODE)
    return _message([*(node.encoded() for node in edited), *(_flatten_scale(field, scales) for field in others)])


@dataclass(frozen=True)
class _Node:
    """An operator of the graph."""

    type: bytes
    inputs: tuple[bytes, ...]
    outputs: tuple[bytes, ...]
    others: tuple[_ProtobufField, ...]
    """Its name, attributes and domain."""

    def multiplies(self, quantized: AbstractSet[bytes]) -> bool:
        """Whether it multiplies by quantized weights."""
        return self.type == b"MatMul" and self.inputs[1] in quantized

    def multiplied_as_int8(self) -> _Node:
        """The multiplication on the weights as they are stored."""
        weight = self.inputs[1]
        return _replaced(self, _INT8_MATMUL, (self.inputs[0], weight + b"_q", weight + b"_scale"))

    def encoded(self) -> _ProtobufField:
        inputs = [_ProtobufField(_NODE_INPUT, _BYTES, name) for name in self.inputs]
        outputs = [_ProtobufField(_NODE_OUTPUT, _BYTES, name) for name in self.outputs]
        kind = _ProtobufField(_NODE_TYPE, _BYTES, self.type)
        return _ProtobufField(_GRAPH_NODE, _BYTES, _message([*inputs, *outputs, kind, *self.others]))


def _read_node(node: bytes) -> _Node:
    fields = list(_fields(node))
    inputs, outputs = (
        tuple(field.value for field in fields if field.number == number) for number in (_NODE_INPUT, _NODE_OUTPUT)
    )
    others = tuple(field for field in fields if field.number not in {_NODE_INPUT, _NODE_OUTPUT, _NODE_TYPE})
    return _Node(_value(node, _NODE_TYPE), inputs, outputs, others)


def _replaced(node: _Node, kind: bytes, inputs: tuple[bytes, ...]) -> _Node:
    """An operator of the runtime's own domain with the outputs of another one, whose attributes it does not have."""
    return _Node(kind, inputs, node.outputs, (_ProtobufField(_NODE_DOMAIN, _BYTES, _DOMAIN),))


def _with_bias(nodes: Sequence[_Node], constants: AbstractSet[bytes]) -> list[_Node]:
    """The nodes with each bias that is added to an int8 multiplication as an input of the multiplication."""
    adding = {node.inputs[0]: node for node in nodes if node.type == b"Add" and node.inputs[1] in constants}
    merged = {
        node.outputs[0]: replace(node, inputs=(*node.inputs, b"", adding[node.outputs[0]].inputs[1]))
        for node in nodes
        if node.type == _INT8_MATMUL and node.outputs[0] in adding
    }
    renamed = {name: replace(node, outputs=adding[name].outputs) for name, node in merged.items()}
    dropped = {node.outputs[0] for node in renamed.values()}
    kept = (node for node in nodes if node.type != b"Add" or node.outputs[0] not in dropped)
    return [renamed.get(node.outputs[0], node) for node in kept]


def _with_gelu(nodes: Sequence[_Node]) -> list[_Node]:
    """The nodes with x * (0.5 * (1 + erf(x / 1.414...))) as one operator."""
    makes = {name: node for node in nodes for name in node.outputs}
    dropped: set[bytes] = set()
    result: dict[bytes, _Node] = {}
    for node in nodes:
        parts = _gelu_parts(node, makes)
        if parts:
            dropped |= {part.outputs[0] for part in parts}
            result[node.outputs[0]] = _replaced(node, _GELU, node.inputs[:1])
    return [result.get(node.outputs[0], node) for node in nodes if node.outputs[0] not in dropped]


def _gelu_parts(node: _Node, makes: Mapping[bytes, _Node]) -> list[_Node]:
    """The nodes before the last one of a GELU; empty if this node is not that last one."""
    parts: list[_Node] = []
    last = node
    for kind, side in ((b"Mul", 1), (b"Add", 1), (b"Erf", 0), (b"Div", 0)):
        made = makes.get(last.inputs[side]) if node.type == b"Mul" else None
        if made is None or made.type != kind:
            return []
        parts.append(made)
        last = made
    return parts if last.inputs[0] == node.inputs[0] else []


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
