"""A graph run in a fixed order gives the results and errors of dask."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

from palmwise.server.runtime.patches import PlainGraphRunner


class Adds(GraphComponent):
    """Adds its inputs and its own number."""

    def __init__(self, number: int) -> None:
        self._number = number

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Adds:
        del model_storage, resource, execution_context
        return cls(config["number"])

    def total(self, **numbers: int) -> int:
        if self._number < 0:
            raise RuntimeError("below zero")
        return self._number + sum(numbers.values())


def _node(number: int, **needs: str) -> SchemaNode:
    return SchemaNode(
        needs=needs, uses=Adds, fn="total", constructor_name="create", config={"number": number}, eager=True
    )


def _runners(tmp_path_factory: pytest.TempPathFactory) -> tuple[DaskGraphRunner, PlainGraphRunner]:
    schema = GraphSchema(
        {
            "sum": _node(100, a="left", b="right"),
            "right": _node(20, a="left", b="said"),
            "left": _node(3, a="said"),
            "alone": _node(7),
            "broken": _node(-1, a="alone"),
            "starving": _node(1, a="nothing"),
        }
    )
    storage = LocalModelStorage(tmp_path_factory.mktemp("storage"))
    dask = DaskGraphRunner(schema, storage, ExecutionContext(schema))
    return dask, PlainGraphRunner.over(dask)


def test_repeated_runs_give_the_results_of_dask(tmp_path_factory: pytest.TempPathFactory) -> None:
    dask, plain = _runners(tmp_path_factory)
    for said in (1, 2, 1):
        for targets in (["sum"], ["alone"], ["sum", "alone"], ["left", "right"]):
            inputs = {"said": said}
            assert plain.run(inputs=inputs, targets=targets) == dask.run(inputs=inputs, targets=targets)
    assert plain.run(inputs={"left": 5, "said": 1}, targets=["sum"]) == dask.run(
        inputs={"left": 5, "said": 1}, targets=["sum"]
    )


@pytest.mark.parametrize(("inputs", "target"), [({}, "broken"), ({"said": "left"}, "sum"), ({}, "starving")])
def test_errors_are_those_of_dask(
    tmp_path_factory: pytest.TempPathFactory, inputs: dict[str, Any], target: str
) -> None:
    kinds = []
    for runner in _runners(tmp_path_factory):
        with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is what is compared
            runner.run(inputs=inputs, targets=[target])
        kinds.append(caught.type)
    assert kinds[0] is kinds[1]
    assert issubclass(kinds[0], Exception)
    assert GraphRunError in kinds or target == "broken"
