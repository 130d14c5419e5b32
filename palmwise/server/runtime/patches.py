"""Patches of Rasa 3.6.21, each with its reason and what it saves.

Figures are CPU milliseconds per turn (button / typed text), measured with that part left as Rasa made it, when with all
patches a turn took 2.7-3.8 / 8.2-9.7; it now takes 3 / 5-7. `palmwise.server.preflight` checks Rasa's version before
anything is patched.

| part | reason | without it |
|---|---|---|
| schema | Rasa compiles the JSON schema of action results at each call; ours need no check | 27-28 / 30-32 |
| copies | Rasa's processor copies all events deeply for debug messages, which are dropped | an eighth more |
| graph | Rasa builds a dask graph at each message to call a dozen nodes in order | 5.8 / 10-12 |
| parses | what people keep saying ("next") is parsed once, what waits together | a repeated text as a new one: + 4 |
| events | Rasa searches all classes of events for the name of each that it reads | + 0.1 |
| actions | custom actions run in this process instead of behind an HTTP call | an action server |
| store | Rasa's wrapper answers a database error by starting the conversation anew | lost conversations |
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import jsonschema
import rasa.core.processor as processor_module
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from palmwise.server.runtime.action_endpoint import InProcessActions
from palmwise.server.runtime.parses import ParseQueue, RecentParses, parse_together

_PARSES = "_palmwise_parses"
"""Attribute of a processor that is patched."""


def install(agent: Agent, package: str = "actions") -> None:
    """Patch `agent`, whose custom actions are in `package`; a second call changes nothing.

    An `action_endpoint` with a `url` in `endpoints.yml` is kept: it is an action server.
    """
    setattr(RemoteAction, "_validate_action_result", validate_action_result)  # noqa: B010 - mypy forbids the assignment
    setattr(processor_module, "copy", Uncopied)  # noqa: B010
    _run_graph_plainly(agent)
    _understand_together(agent)
    _remember_event_classes()
    _run_actions_here(agent, package)
    _unwrap_store(agent)


# --- copies: debug messages --------------------------------------------------------------------------------------


class Uncopied:
    """Replaces the module `copy` in Rasa's processor, which uses it for messages at the level of debugging alone."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        """The value itself, since the message is dropped."""
        return value


# --- schema: validation of action results -------------------------------------------------------------------------


def validate_action_result(action: RemoteAction, result: dict[str, Any]) -> bool:
    """Replace `RemoteAction._validate_action_result`: True, or `jsonschema.ValidationError` for an invalid result.

    What actions in this process return was checked by rasa_sdk, of the same release, which also gave it its form.
    """
    if isinstance(action.action_endpoint, InProcessActions):
        return True
    error = jsonschema.exceptions.best_match(_result_validator().iter_errors(result))
    if error is not None:
        raise error
    return True


@cache
def _result_validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


# --- events: classes by name --------------------------------------------------------------------------------------


def _remember_event_classes() -> None:
    """Let Rasa find the class of an event by one look; it searches all classes for each event that it reads."""
    if not hasattr(Event.resolve_by_type, "cache_clear"):
        setattr(Event, "resolve_by_type", staticmethod(cache(Event.resolve_by_type)))  # noqa: B010


# --- graph: running the model -------------------------------------------------------------------------------------

Plan = tuple[tuple[str, GraphNode, tuple[str, ...]], ...]
"""Nodes in the order in which they run: name, node, names of the nodes or inputs that it needs."""


class PlainGraphRunner(DaskGraphRunner):
    """Runs the loaded nodes of a `DaskGraphRunner` one after the other, in an order that is worked out once."""

    _plans: dict[tuple[str, ...], Plan]

    @classmethod
    def over(cls, runner: DaskGraphRunner) -> PlainGraphRunner:
        """Wrap `runner`, whose nodes are used as they are loaded."""
        plain = cls.__new__(cls)
        vars(plain).update(vars(runner))
        vars(plain)["_plans"] = {}
        return plain

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Results of the `targets` (default: all of the schema's) for `inputs`, by node name.

        Raises `GraphRunError` as Rasa does: for an input that equals the name of a node, and for a `RuntimeError` of
        a node.
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


def _run_graph_plainly(agent: Agent) -> None:
    if agent.processor and type(agent.processor.graph_runner) is DaskGraphRunner:
        agent.processor.graph_runner = PlainGraphRunner.over(agent.processor.graph_runner)


# --- parses: texts ------------------------------------------------------------------------------------------------


def _understand_together(agent: Agent) -> None:
    """Let `palmwise.server.runtime.parses` parse texts, unless that is left to another server.

    Rasa also compares each intent and entity with the domain, which it writes out as a whole for that. All of ours are
    in it: `rasa data validate` sees to that.
    """
    processor: MessageProcessor | None = agent.processor
    if processor is None or processor.http_interpreter or _PARSES in vars(processor):
        return
    parses = RecentParses(ParseQueue(partial(parse_together, processor)).parse)
    by_rasa = processor.parse_message

    async def parse_message(
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,  # noqa: FBT001, FBT002 - Rasa's signature
    ) -> dict[str, Any]:
        if not only_output_properties:
            return await by_rasa(message, tracker, only_output_properties)
        parse = await parses(message)
        processor._update_full_retrieval_intent(parse)  # noqa: SLF001 - what Rasa's own method does next
        return parse

    vars(processor)[_PARSES] = parses
    setattr(processor, "parse_message", parse_message)  # noqa: B010 - mypy forbids the assignment


# --- actions and store --------------------------------------------------------------------------------------------


def _run_actions_here(agent: Agent, package: str) -> None:
    endpoint: EndpointConfig | None = agent.action_endpoint
    if endpoint is None or not endpoint.url:
        settings: dict[str, Any] = endpoint.kwargs if endpoint else {}
        endpoint = InProcessActions(package, **settings)
    agent.action_endpoint = endpoint
    if agent.processor:
        agent.processor.action_endpoint = endpoint


def _unwrap_store(agent: Agent) -> None:
    store = agent.tracker_store
    if isinstance(store, FailSafeTrackerStore):
        store = store._tracker_store  # noqa: SLF001 - no other way in
    agent.tracker_store = store
    if agent.processor:
        agent.processor.tracker_store = store
