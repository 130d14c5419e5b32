"""Patches of Rasa 3.6.21, each with its reason and what it saves.

Figures are CPU milliseconds per turn (button / typed text), measured with that part left as Rasa made it, when with all
patches a turn took 2.7-3.8 / 8.2-9.7. `palmwise.server.preflight` checks Rasa's version before anything is patched.

| part | reason | without it |
|---|---|---|
| schema | Rasa compiles the JSON schema of action results at each call; ours need no check | 27-28 / 30-32 |
| copies | Rasa's processor copies all events deeply for debug messages, which are dropped | an eighth more |
| graph | Rasa builds a dask graph at each message to call a dozen nodes in order | 5.8 / 10-12 |
| parses | what people keep saying ("next", "ok") is parsed once | a repeated text as a new one: + 5 |
| actions | custom actions run in this process instead of behind an HTTP call | an action server |
| store | Rasa's wrapper answers a database error by starting the conversation anew | lost conversations |
"""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
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
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, TEXT
from rasa.utils.endpoints import EndpointConfig

from palmwise.server.runtime.action_endpoint import InProcessActions

MAX_REMEMBERED_CHARACTERS = 20
"""Longest text whose parse is remembered: commands, not stories."""
MAX_REMEMBERED_PARSES = 1000
"""About 3 kB each."""


def install(agent: Agent, package: str = "actions") -> None:
    """Patch `agent`, whose custom actions are in `package`; a second call changes nothing.

    An `action_endpoint` with a `url` in `endpoints.yml` is kept: it is an action server.
    """
    setattr(RemoteAction, "_validate_action_result", validate_action_result)  # noqa: B010 - mypy forbids the assignment
    setattr(processor_module, "copy", Uncopied)  # noqa: B010
    _run_graph_plainly(agent)
    _remember_parses(agent)
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


# --- parses: short texts that people keep saying ------------------------------------------------------------------

Parse = dict[str, Any]
Parser = Callable[[UserMessage, DialogueStateTracker, bool], Parse]
_MESSAGE_ID = "message_id"
_REPEATING = (ENTITIES, "parts", "meant")
"""Values of a parse that repeat words of the text: entities, clauses, and what a correction leaves."""


class RecentParses:
    """Cache in front of a parser whose result depends on the text alone.

    Nobody's words are stored: a text is known by a digest under a key that ends with the process, and parses with
    entities, which would repeat a part of the text, are not kept.
    """

    def __init__(self, parse: Parser, size: int = MAX_REMEMBERED_PARSES) -> None:
        self._parse = parse
        self._size = size
        self._key = secrets.token_bytes(16)
        self._known: OrderedDict[bytes, Parse] = OrderedDict()

    def __call__(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker,
        only_output_properties: bool = True,  # noqa: FBT001, FBT002 - Rasa's signature
    ) -> Parse:
        """Replace `MessageProcessor._parse_message_with_graph`."""
        text = message.text or ""
        if len(text) > MAX_REMEMBERED_CHARACTERS or not only_output_properties:
            return self._parse(message, tracker, only_output_properties)
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()
        known = self._known.get(digest)
        if known is None:
            parse = self._parse(message, tracker, only_output_properties)
            if not any(parse.get(name) for name in _REPEATING):
                self._remember(digest, parse)
            return parse
        self._known.move_to_end(digest)
        # Rasa writes into the intent and the entities of a parse, and into nothing else.
        own = {TEXT: message.text, _MESSAGE_ID: message.message_id, METADATA: message.metadata}
        return {**known, INTENT: dict(known[INTENT]), ENTITIES: [], **own}

    def _remember(self, digest: bytes, parse: Parse) -> None:
        kept = {name: value for name, value in parse.items() if name not in (TEXT, _MESSAGE_ID, METADATA)}
        self._known[digest] = {**kept, INTENT: dict(kept[INTENT])}
        if len(self._known) > self._size:
            self._known.popitem(last=False)


def _remember_parses(agent: Agent) -> None:
    name = "_parse_message_with_graph"
    processor: MessageProcessor | None = agent.processor
    if processor and not isinstance(vars(processor).get(name), RecentParses):
        setattr(processor, name, RecentParses(getattr(processor, name)))


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
