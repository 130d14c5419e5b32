"""What is done once decides as what Rasa does each time, and Rasa's own can be had back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from palmwise.server.runtime import patches
from palmwise.server.runtime.patches import PARTS, replaced
from tests.rasa.storage.fakes import DOMAIN, session_start, turn

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


@pytest.fixture(autouse=True)
def rasas_own() -> Iterator[None]:
    for part in patches.PATCHES:
        patches.take_back(part)
    yield
    for part in patches.PATCHES:
        patches.take_back(part)


@given(results)
def test_an_actions_answer_is_refused_when_rasa_refuses_it(result: dict[str, Any]) -> None:
    assert _verdict(RemoteAction._validate_action_result, result) == _verdict(patches.validate_action_result, result)


def test_slots_that_are_set_are_no_reason_to_refuse() -> None:
    good = {"events": [{"event": "slot", "timestamp": None, "name": "a", "value": {"b": 1}}], "responses": [{}]}
    bad = {"events": [{"event": "slot", "timestamp": "now", "name": "a", "value": 1}], "responses": []}
    for result in (good, bad):
        assert _verdict(RemoteAction._validate_action_result, result) == _verdict(
            patches.validate_action_result, result
        )


def test_every_event_type_is_found_under_its_name() -> None:
    for kind in [*all_subclasses(Event), *all_subclasses(Event)]:
        assert patches.resolve_by_type(kind.type_name) is Event.resolve_by_type(kind.type_name)
    assert patches.resolve_by_type("topic") is None
    assert patches.resolve_by_type("nothing", SlotSet) is SlotSet
    with pytest.raises(ValueError, match="nothing"):
        patches.resolve_by_type("nothing")


def test_an_empty_domain_is_known_and_another_too() -> None:
    for domain in (DOMAIN, DOMAIN, Domain.empty(), Domain.empty()):
        assert patches.is_empty(domain) == domain.is_empty()


def test_rasas_own_comes_back() -> None:
    before = {part: [vars(owner)[name] for owner, name, _ in patches.replacements(part)] for part in patches.PATCHES}
    for part in patches.PATCHES:
        patches.apply(part)
        patches.apply(part)
        patches.take_back(part)
        assert [vars(owner)[name] for owner, name, _ in patches.replacements(part)] == before[part]


def test_one_variable_chooses_what_is_rasas() -> None:
    assert all(replaced(part, {}) for part in PARTS)
    assert not any(replaced(part, {"PALMWISE_STOCK_ENGINE": "1"}) for part in PARTS)
    assert not replaced("graph", {"PALMWISE_STOCK_ENGINE": "rules, graph"})
    assert replaced("store", {"PALMWISE_STOCK_ENGINE": "rules, graph"})
    assert set(patches.PATCHES) < PARTS


def _verdict(validate: Any, result: dict[str, Any]) -> bool:
    try:
        return bool(validate(RemoteAction("a", None), result))
    except jsonschema.ValidationError:
        return False


RULE_KEYS = {
    json.dumps(states): action
    for states, action in (
        ([{}, {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "next_step"}}], "action_coach"),
        ([{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "next_step"}}], "action_coach"),
        (
            [
                {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "next_step"}},
                {"prev_action": {"action_name": "action_coach"}, "user": {"intent": "next_step"}},
            ],
            "action_listen",
        ),
        (
            [
                {
                    "prev_action": {"action_name": "action_listen"},
                    "user": {"intent": "pause"},
                    "slots": {"name": [1.0]},
                }
            ],
            "action_coach",
        ),
    )
}


class Policy(RulePolicy):
    """Only the part that looks rules up."""

    def __init__(self) -> None:
        self.lookup = {RULES: RULE_KEYS}


@given(st.lists(st.tuples(st.integers(0, 1), st.booleans()), max_size=12), st.integers(0, 4))
def test_the_same_rules_fit_every_conversation(turns: list[tuple[int, bool]], dropped: int) -> None:
    said = session_start()
    for number, named in turns:
        said += turn(number, SlotSet("name", "Ada" if named else None))
    tracker = DialogueStateTracker.from_events("a", said[: len(said) - dropped], DOMAIN.slots)
    states = tracker.past_states(DOMAIN)
    policy = Policy()
    for _ in range(2):
        assert patches.possible_keys(policy, RULE_KEYS, states) == RulePolicy._get_possible_keys(
            policy, RULE_KEYS, states
        )


def test_a_text_is_only_searched_for_where_a_rule_has_one() -> None:
    assert patches._reads_intents_only(Policy())
    with_text = Policy()
    with_text.lookup = {
        RULES: {json.dumps([{"prev_action": {"action_name": "action_listen"}, "user": {"text": "hi"}}]): "action_coach"}
    }
    assert not patches._reads_intents_only(with_text)
    assert UserUttered("hi").use_text_for_featurization
