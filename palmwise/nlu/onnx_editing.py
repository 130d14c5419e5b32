"""Edits an ONNX model as the protobuf message that it is, without the onnx package.

Two edits are needed: an additional output, and quantized weights that are multiplied as int8 instead of being
dequantized first, which is what the published file does.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_FIELDS: dict[str, dict[str, tuple[int, Any, int]]] = {
    "Model": {"graph": (7, "Graph", 1), "opset_import": (8, "Opset", 3)},
    "Opset": {"domain": (1, str, 1), "version": (2, int, 1)},
    "Graph": {"node": (1, "Node", 3), "initializer": (5, "Tensor", 3), "output": (12, "Value", 3)},
    "Node": {"input": (1, str, 3), "op_type": (4, str, 1), "domain": (7, str, 1)},
    "Tensor": {"dims": (1, int, 3), "name": (8, str, 1)},
    "Value": {"name": (1, str, 1)},
}
"""What is needed of onnx.proto: message -> field -> number, type, 1 for one or 3 for many. Other fields are kept."""


def with_output(model: bytes, tensor: str) -> bytes:
    """The model with an additional output: a tensor that it computes anyway."""
    edited = _model_class().FromString(model)
    edited.graph.output.add(name=tensor)
    return bytes(edited.SerializeToString())


def with_int8_matmul(model: bytes) -> bytes:
    """The model with its quantized weights multiplied as int8; unchanged if it has none.

    Quantized weights are initializers `NAME_q`, with one scale per column in `NAME_scale`.
    """
    edited = _model_class().FromString(model)
    edited.opset_import.add(domain="com.microsoft", version=1)
    tensors = {tensor.name: tensor for tensor in edited.graph.initializer}
    scales = set()
    for node in edited.graph.node:
        if node.op_type == "MatMul" and f"{node.input[1]}_q" in tensors:
            weight = node.input[1]
            node.op_type, node.domain = "DynamicQuantizeMatMul", "com.microsoft"
            node.input[1:] = [f"{weight}_q", f"{weight}_scale"]
            scales.add(f"{weight}_scale")
    for name in scales:
        # They have the shape [1, columns]; the operator wants [columns].
        del tensors[name].dims[0]
    return bytes(edited.SerializeToString())


@cache
def _model_class() -> Any:
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="palmwise_onnx.proto", package="palmwise.onnx", syntax="proto2")
    for message, fields in _FIELDS.items():
        described = file.message_type.add(name=message)
        for name, (number, kind, label) in fields.items():
            added = described.field.add(name=name, number=number, label=label)
            if isinstance(kind, str):
                added.type, added.type_name = field.TYPE_MESSAGE, f".palmwise.onnx.{kind}"
            else:
                added.type = field.TYPE_STRING if kind is str else field.TYPE_INT64
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("palmwise.onnx.Model"))
