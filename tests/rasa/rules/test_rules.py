from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

from palmwise.coach.behaviour import HANDLERS
from palmwise.resources import ROOT

UNLISTED = {"nlu_fallback"}
"""Rasa declares it itself."""


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    return dict(read(ROOT / "domain.yml"))


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, str]]:
    """Intent and action of each rule."""
    rules = [rule for file in sorted((ROOT / "data" / "rules").glob("*.yml")) for rule in read(file)["rules"]]
    assert all(len(rule["steps"]) == 2 for rule in rules)
    return [(rule["steps"][0]["intent"], rule["steps"][1]["action"]) for rule in rules]


def test_every_intent_has_exactly_one_rule(domain: dict[str, Any], steps: list[tuple[str, str]]) -> None:
    counted = Counter(intent for intent, _ in steps)
    assert set(counted) == set(domain["intents"]) | UNLISTED
    assert set(counted.values()) == {1}


def test_every_rule_leads_to_the_action_of_its_intent(steps: list[tuple[str, str]]) -> None:
    assert [action for intent, action in steps if action != f"action_{intent}"] == []


def test_the_domain_names_the_actions_that_exist(domain: dict[str, Any], steps: list[tuple[str, str]]) -> None:
    executor = ActionExecutor()
    executor.register_package("actions")
    # The executor finds every action of this process, those of other tests among them.
    own = {
        name
        for name, run in executor.actions.items()
        if getattr(run, "__self__", run).__module__.startswith("actions.")
    }
    assert own == set(domain["actions"]) == {action for _, action in steps}


def test_the_heart_answers_what_the_domain_declares(domain: dict[str, Any]) -> None:
    assert set(HANDLERS) == set(domain["intents"]) | UNLISTED


def test_no_rule_reads_the_session(domain: dict[str, Any]) -> None:
    assert domain["slots"]["coach_session"]["influence_conversation"] is False
    assert domain["session_config"] == {"session_expiration_time": 60, "carry_over_slots_to_new_session": False}
