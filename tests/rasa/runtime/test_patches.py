"""Patched parts decide as Rasa's own do, and only in the version that they were made for."""

from __future__ import annotations

import ast
import inspect
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.core import processor
from rasa.core.actions.action import RemoteAction

from palmwise.errors import StartError
from palmwise.server import preflight
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


def test_results_of_an_action_server_are_checked_and_those_of_this_process_are_not() -> None:
    bad = {"events": [{"event": "slot", "timestamp": "now", "name": "a", "value": 1}], "responses": []}
    assert not is_valid(patches.validate_action_result, bad)
    here = RemoteAction("a", InProcessActions("tests.rasa.runtime.sample_actions"))
    assert patches.validate_action_result(here, bad)


def test_the_processor_copies_for_debug_messages_alone() -> None:
    """The patch would be wrong if a copy were used for anything else."""
    tree = ast.parse(inspect.getsource(processor))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    copied = {id(node) for node in calls if ast.unparse(node.func).startswith("copy.")}
    logged = {
        id(inner)
        for node in calls
        if ast.unparse(node.func) == "structlogger.debug"
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call)
    }
    assert copied
    assert copied <= logged


def test_another_version_of_rasa_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    preflight._check_rasa()
    monkeypatch.setattr(preflight, "version", lambda _: "3.6.20")
    with pytest.raises(StartError, match=r"patches Rasa 3\.6\.21, but Rasa 3\.6\.20"):
        preflight._check_rasa()
