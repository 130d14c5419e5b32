"""Patches of Rasa 3.6.21, each one switchable for comparison."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import jsonschema
import rasa.core.policies.rule_policy
import rasa.core.processor
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.constants import DOCS_BASE_URL
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT
from rasa.utils.endpoints import EndpointConfig

from palmwise.server.runtime import recent_parses
from palmwise.server.runtime.action_endpoint import InProcessActions
from palmwise.server.storage.tracker_store import LiveTrackerStore

VARIABLE = "PALMWISE_STOCK_ENGINE"
PARTS = frozenset({"actions", "domain", "events", "graph", "logging", "parses", "rules", "schema", "store"})


def replaced(part: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether `part` (one of `PARTS`) is ours; the variable holds `1`, `all` or a list of stock parts with commas."""
    stock = {name.strip() for name in environment.get(VARIABLE, "").lower().split(",")}
    return not stock & {"1", "all", "true", part}


REMEMBERED = 5000
"""Different endings of conversations per policy."""

_possible_keys = RulePolicy._get_possible_keys  # noqa: SLF001 - what is replaced is still asked
_find_action = RulePolicy._find_action_from_rules  # noqa: SLF001


def possible_keys(policy: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
    """As `RulePolicy._get_possible_keys`, which tries every rule on every state since the session began.

    A rule fits or not by as many states as it has itself, so the last ones decide.
    """
    notes = vars(policy).setdefault("_palmwise_rules", {})
    if id(lookup) not in notes:
        depth = max((len(json.loads(key)) for key in lookup), default=1)
        notes[id(lookup)] = (lookup, depth, {})
    _, depth, found = notes[id(lookup)]
    recent = states[-depth:]
    ending = json.dumps(recent, sort_keys=True, default=repr)
    if ending not in found:
        if len(found) >= REMEMBERED:
            found.clear()
        found[ending] = frozenset(_possible_keys(policy, lookup, recent))
    return set(found[ending])


def find_action_from_rules(
    policy: RulePolicy,
    tracker: DialogueStateTracker,
    domain: Domain,
    use_text_for_last_user_input: bool,  # noqa: FBT001 - the signature of Rasa's own
) -> tuple[str | None, str | None, bool]:
    """As `RulePolicy._find_action_from_rules`, without the search by text where no rule has any text."""
    if use_text_for_last_user_input and tracker.active_loop_name is None and _reads_intents_only(policy):
        return None, None, False
    found: tuple[str | None, str | None, bool] = _find_action(policy, tracker, domain, use_text_for_last_user_input)
    return found


def _reads_intents_only(policy: RulePolicy) -> bool:
    """Whether each rule that answers a person asks for an intent, so that a text without its intent fits none."""
    known: bool | None = vars(policy).get("_palmwise_intents_only")
    if known is None:
        last: list[dict[str, Any]] = [json.loads(key)[-1] for key in policy.lookup.get(RULES, {})]
        known = vars(policy)["_palmwise_intents_only"] = all(
            state.get(USER, {}).get(INTENT)
            for state in last
            if state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME) == ACTION_LISTEN_NAME
        )
    return known


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


_walk_event_types = Event.resolve_by_type
_compare_with_empty = Domain.is_empty


def validate_action_result(action: RemoteAction, result: dict[str, Any]) -> bool:
    """As `RemoteAction._validate_action_result`; what sets slots and nothing else is known to be right."""
    if _only_sets_slots(result):
        return True
    error = jsonschema.exceptions.best_match(_result_validator().iter_errors(result))
    if error is None:
        return True
    error.message += (
        ". Failed to validate Action server response from API, make sure your response from the Action endpoint is "
        f"valid. For more information about the format visit {DOCS_BASE_URL}/custom-actions"
    )
    raise error


@cache
def _result_validator() -> Any:
    """Compiled once: Rasa checks and compiles the same schema at every call of an action."""
    schema = RemoteAction.action_response_format_spec()
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _only_sets_slots(result: Any) -> bool:
    if type(result) is not dict:
        return False
    events, responses = result.get("events", []), result.get("responses", [])
    return (
        type(events) is list
        and type(responses) is list
        and all(type(response) is dict for response in responses)
        and all(_sets_slot(event) for event in events)
    )


def _sets_slot(event: Any) -> bool:
    return (
        type(event) is dict
        and event.get("event") == SlotSet.type_name
        and type(event.get("name")) is str
        and "value" in event
        and (event.get("timestamp") is None or type(event["timestamp"]) in {int, float})
        and (event.get("metadata") is None or type(event["metadata"]) is dict)
    )


_event_types: dict[str, type[Event]] = {}


def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """As `Event.resolve_by_type`, which walks all subclasses each time; only what was found is remembered."""
    if type_name not in _event_types:
        found = _walk_event_types(type_name, default)
        if found is None or found is default:
            return found
        _event_types[type_name] = found
    return _event_types[type_name]


def is_empty(domain: Domain) -> bool:
    """As `Domain.is_empty`, which builds an empty domain at every message to compare with."""
    remembered: bool | None = vars(domain).get("_palmwise_is_empty")
    if remembered is None:
        remembered = vars(domain)["_palmwise_is_empty"] = bool(_compare_with_empty(domain))
    return remembered


class NoCopies:
    """Stands for the `copy` module where Rasa copies values only to log them at a level that is off."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        """`value` itself."""
        return value


class QuietLogger:
    """A structured logger whose debug messages cost nothing while nobody reads them."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def debug(self, *arguments: object, **values: object) -> None:
        """Nothing: it is only in place while debugging is off."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def log_no_slots(tracker: Any) -> None:
    """Instead of writing out every slot for a debug message."""


Replacement = tuple[object, str, Any]


def _logging() -> Sequence[Replacement]:
    if logging.getLogger("rasa").isEnabledFor(logging.DEBUG):
        return ()
    processor, policy = rasa.core.processor, rasa.core.policies.rule_policy
    return (
        (MessageProcessor, "_log_slots", staticmethod(log_no_slots)),
        (processor, "structlogger", QuietLogger(vars(processor)["structlogger"])),
        (processor, "copy", NoCopies),
        (policy, "structlogger", QuietLogger(vars(policy)["structlogger"])),
        (policy, "copy", NoCopies),
    )


def replacements(part: str) -> Sequence[Replacement]:
    """What `part` puts in the place of Rasa's own: whose attribute, which, by what."""
    if part == "logging":
        return _logging()
    return {
        "schema": ((RemoteAction, "_validate_action_result", validate_action_result),),
        "events": ((Event, "resolve_by_type", staticmethod(resolve_by_type)),),
        "domain": ((Domain, "is_empty", is_empty),),
        "rules": (
            (RulePolicy, "_get_possible_keys", possible_keys),
            (RulePolicy, "_find_action_from_rules", find_action_from_rules),
        ),
    }[part]


PATCHES = ("schema", "events", "domain", "logging", "rules")
_applied: dict[str, list[Replacement]] = {}


def apply(part: str) -> None:
    """Puts `part` (one of `PATCHES`) in place; a second time changes nothing."""
    if part in _applied:
        return
    new = replacements(part)
    _applied[part] = [(owner, name, vars(owner)[name]) for owner, name, _ in new]
    for owner, name, value in new:
        setattr(owner, name, value)


def take_back(part: str) -> None:
    """Puts Rasa's own back in place."""
    for owner, name, value in _applied.pop(part, ()):
        setattr(owner, name, value)


logger = logging.getLogger(__name__)


def install(agent: Agent, package: str = "actions") -> None:
    """Replaces what `agent` works with; calling it again changes nothing.

    `package` holds the custom actions. An `action_endpoint` with a `url` is left alone: that is an action server.
    """
    for part in PATCHES:
        if replaced(part):
            apply(part)
    if replaced("actions"):
        _actions(agent, package)
    if replaced("store"):
        _store(agent)
    if replaced("graph") and agent.processor:
        runner = agent.processor.graph_runner
        if type(runner) is DaskGraphRunner:
            agent.processor.graph_runner = PlainGraphRunner.over(runner)
    if replaced("parses") and agent.processor:
        recent_parses.stand_before(agent.processor)


def _actions(agent: Agent, package: str) -> None:
    endpoint: EndpointConfig | None = agent.action_endpoint
    if endpoint is None or not endpoint.url:
        settings: dict[str, Any] = endpoint.kwargs if endpoint else {}
        endpoint = InProcessActions(package, **settings)
    agent.action_endpoint = endpoint
    if agent.processor:
        agent.processor.action_endpoint = endpoint


def _store(agent: Agent) -> None:
    """Takes out the wrapper that would turn a database error into a conversation that begins anew."""
    store = agent.tracker_store
    inner = store._tracker_store if isinstance(store, FailSafeTrackerStore) else store  # noqa: SLF001 - no other way in
    if isinstance(inner, InMemoryTrackerStore):
        logger.warning("Conversations are kept in memory only and end with this process.")
    if isinstance(inner, LiveTrackerStore):
        agent.tracker_store = inner
        if agent.processor:
            agent.processor.tracker_store = inner
