"""Patched parts decide as Rasa's own do, and one variable brings Rasa's own back."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.core.actions.action import RemoteAction

from palmwise.errors import StartError
from palmwise.server import preflight
from palmwise.server.preflight import stock_parts
from palmwise.server.runtime import patches
from palmwise.server.runtime.action_endpoint import InProcessActions

# Taken when the module is imported: another test may have patched the class by the time a test runs.
RASA_VALIDATE = RemoteAction._validate_action_result

events = st.dictionaries(
    st.sampled_from(["event", "name", "value", "timestamp", "metadata", "text", "entities", "more"]),
    st.one_of(st.sampled_from(["slot", "user", "bot", "action"]), st.none(), st.integers(), st.lists(st.integers())),
)
results = st.fixed_dictionaries(
    {},
    optional={
        "events": st.one_of(st.none(), st.lists(events, max_size=3)),
        "responses": st.one_of(st.none(), st.lists(st.one_of(st.integers(), st.just({"text": "a"})), max_size=2)),
    },
)


def is_valid(validate: Any, result: dict[str, Any]) -> bool:
    try:
        return bool(validate(RemoteAction("a", None), result))
    except jsonschema.ValidationError:
        return False


@settings(deadline=None)  # Rasa takes 25 ms to judge one result
@given(results)
def test_action_results_are_valid_exactly_when_rasa_says_so(result: dict[str, Any]) -> None:
    assert is_valid(RASA_VALIDATE, result) == is_valid(patches.validate_action_result, result)


def test_slot_events_are_checked_as_strictly_as_by_rasa() -> None:
    good = {"events": [{"event": "slot", "timestamp": None, "name": "a", "value": {"b": 1}}], "responses": [{}]}
    bad = {"events": [{"event": "slot", "timestamp": "now", "name": "a", "value": 1}], "responses": []}
    for result in (good, bad):
        assert is_valid(RASA_VALIDATE, result) == is_valid(patches.validate_action_result, result)


def test_the_stock_engine_variable_names_parts_or_all() -> None:
    assert stock_parts({}) == frozenset()
    assert stock_parts({"PALMWISE_STOCK_ENGINE": "1"}) == {"all"}
    assert stock_parts({"PALMWISE_STOCK_ENGINE": "store, graph"}) == {"store", "graph"}


@pytest.mark.parametrize(("stock", "in_process"), [("", True), ("graph", True), ("actions", False), ("1", False)])
def test_a_stock_part_is_left_alone(stock: str, in_process: bool) -> None:  # noqa: FBT001
    agent: Any = SimpleNamespace(action_endpoint=None, tracker_store=None, processor=None)
    leave = {"": "schema", "graph": "graph,schema", "actions": "actions,schema", "1": "1"}[stock]
    patches.install(agent, environment={"PALMWISE_STOCK_ENGINE": leave})
    assert isinstance(agent.action_endpoint, InProcessActions) == in_process


def test_another_version_of_rasa_is_refused_with_the_two_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "version", lambda _: "3.6.20")
    with pytest.raises(StartError, match=r"install 3\.6\.21 .*PALMWISE_STOCK_ENGINE=1"):
        preflight._check_rasa({})
    preflight._check_rasa({"PALMWISE_STOCK_ENGINE": "1"})


def test_the_version_in_the_lock_is_the_one_that_was_patched() -> None:
    preflight._check_rasa({})
