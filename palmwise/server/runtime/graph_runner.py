"""A model's graph run node by node in an order worked out once, where Rasa plans it anew with dask at every call."""

from __future__ import annotations

from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner

Plan = tuple[tuple[str, GraphNode, tuple[str, ...]], ...]


class PlainGraphRunner(DaskGraphRunner):
    """Runs the nodes of a `DaskGraphRunner`, one after the other."""

    _plans: dict[tuple[str, ...], Plan]

    @classmethod
    def over(cls, runner: DaskGraphRunner) -> PlainGraphRunner:
        """Runs the same loaded nodes as `runner`; nothing is loaded twice."""
        plain = cls.__new__(cls)
        vars(plain).update(vars(runner))
        vars(plain)["_plans"] = {}
        return plain

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """What the `targets` (all of the schema's without) give for `inputs`, by name.

        Raises `GraphRunError` as Rasa does: for a text that is the name of a node, and for a node's `RuntimeError`.
        """
        wanted = tuple(targets or self._graph_schema.target_names)
        plan = self._plans.get(wanted) or self._plans.setdefault(wanted, self._plan(wanted))
        results: dict[str, Any] = {}
        for name, value in (inputs or {}).items():
            if isinstance(value, str) and any(value == node for node, _, _ in plan):
                raise GraphRunError(f"Input value {value!r} clashes with the name of a node.")
            results[name] = (name, value)
        try:
            for name, node, needs in plan:
                if name not in results:
                    # A need that nothing provides stays a bare name, which the node reports.
                    results[name] = node(*(results.get(need, need) for need in needs))
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return dict(results[target] for target in wanted)

    def _plan(self, targets: tuple[str, ...]) -> Plan:
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        order: dict[str, tuple[str, ...]] = {}

        def visit(name: str) -> None:
            if name in nodes and name not in order:
                needs = tuple(nodes[name].needs.values())
                for need in needs:
                    visit(need)
                order[name] = needs

        for name in nodes:
            visit(name)
        return tuple((name, self._instantiated_nodes[name], needs) for name, needs in order.items())
