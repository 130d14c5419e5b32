"""Parts of Rasa that repeat the same work in every turn, done once instead."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cache
from typing import Any

import jsonschema
import rasa.core.policies.rule_policy
import rasa.core.processor
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.shared.constants import DOCS_BASE_URL
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet

from palmwise.server.runtime import rules

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
            (RulePolicy, "_get_possible_keys", rules.possible_keys),
            (RulePolicy, "_find_action_from_rules", rules.find_action_from_rules),
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
