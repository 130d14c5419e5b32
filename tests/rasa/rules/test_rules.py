from __future__ import annotations

from typing import Any

import pytest
import yaml
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa_sdk.executor import ActionExecutor

from palmwise.coach.behaviour import TABLE
from palmwise.nlu.importer import ContentImporter
from palmwise.resources import ROOT

FALLBACK = "nlu_fallback"
"""Rasa declares this intent itself."""


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def rules() -> dict[str, str]:
    """Intent -> action of its rule."""
    importer = ContentImporter(str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")])
    found: dict[str, str] = {}
    for step in importer.get_stories().story_steps:
        intent = next(event.intent_name for event in step.events if isinstance(event, UserUttered))
        actions = [event.action_name for event in step.events if isinstance(event, ActionExecuted)]
        assert intent not in found
        found[str(intent)] = next(str(name) for name in actions if name and name.startswith("action_"))
    return found


def test_the_coach_has_a_row_for_every_intent_of_the_domain(domain: dict[str, Any]) -> None:
    assert set(TABLE) == {*domain["intents"], FALLBACK}


def test_every_intent_has_a_rule_that_leads_to_the_coach(domain: dict[str, Any], rules: dict[str, str]) -> None:
    assert rules == dict.fromkeys([*domain["intents"], FALLBACK], "action_coach")


def test_the_domain_names_the_actions_that_exist(domain: dict[str, Any]) -> None:
    executor = ActionExecutor()
    executor.register_package("actions")
    # The executor finds every action of this process, those of other tests among them.
    own = {
        name
        for name, run in executor.actions.items()
        if getattr(run, "__self__", run).__module__.startswith("actions.")
    }
    assert own == set(domain["actions"])


def test_rules_do_not_depend_on_the_session(domain: dict[str, Any]) -> None:
    assert domain["slots"]["coach_session"]["influence_conversation"] is False


def test_the_session_of_rasa_never_expires(domain: dict[str, Any]) -> None:
    assert domain["session_config"] == {"session_expiration_time": 0, "carry_over_slots_to_new_session": False}
