"""Parts of Rasa that repeat the same work in every turn, done once instead."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from typing import Any

import jsonschema
import rasa.core.policies.rule_policy
import rasa.core.processor
from rasa.core.actions.action import RemoteAction
from rasa.shared.constants import DOCS_BASE_URL
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event


@cache
def _result_validator() -> Any:
    """Compiled once: Rasa checks and compiles the same schema at every call of an action."""
    schema = RemoteAction.action_response_format_spec()
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _validate_action_result(action: RemoteAction, result: dict[str, Any]) -> bool:
    """As `RemoteAction._validate_action_result`."""
    error = jsonschema.exceptions.best_match(_result_validator().iter_errors(result))
    if error is None:
        return True
    error.message += (
        ". Failed to validate Action server response from API, make sure your response from the Action endpoint is "
        f"valid. For more information about the format visit {DOCS_BASE_URL}/custom-actions"
    )
    raise error


_walk_event_types = Event.resolve_by_type
_event_types: dict[str, type[Event]] = {}


def _resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """As `Event.resolve_by_type`, which walks all subclasses each time; only what was found is remembered."""
    if type_name not in _event_types:
        found = _walk_event_types(type_name, default)
        if found is None or found is default:
            return found
        _event_types[type_name] = found
    return _event_types[type_name]


_compare_with_empty = Domain.is_empty


def _is_empty(domain: Domain) -> bool:
    """As `Domain.is_empty`, which builds an empty domain at every message to compare with."""
    remembered: bool | None = vars(domain).get("_palmwise_is_empty")
    if remembered is None:
        remembered = vars(domain)["_palmwise_is_empty"] = bool(_compare_with_empty(domain))
    return remembered


class _NoCopies:
    """Stands for the `copy` module where Rasa copies values only to log them at a level that is off."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        return value


class _QuietLogger:
    """A structured logger whose debug messages cost nothing while nobody reads them."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def debug(self, *arguments: object, **values: object) -> None:
        """Nothing: it is only in place while debugging is off."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _quieten() -> None:
    for module in (rasa.core.processor, rasa.core.policies.rule_policy):
        if not logging.getLogger("rasa").isEnabledFor(logging.DEBUG) and not isinstance(
            module.structlogger, _QuietLogger
        ):
            module.structlogger = _QuietLogger(module.structlogger)
            module.copy = _NoCopies


def _schema() -> None:
    RemoteAction._validate_action_result = _validate_action_result


def _events() -> None:
    Event.resolve_by_type = staticmethod(_resolve_by_type)


def _domain() -> None:
    Domain.is_empty = _is_empty


PATCHES: dict[str, Callable[[], None]] = {
    "schema": _schema,
    "events": _events,
    "domain": _domain,
    "logging": _quieten,
}
