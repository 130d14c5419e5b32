"""The rule policy's look-ups, remembered: the same few last states always fit the same rules."""

from __future__ import annotations

import json
from typing import Any

from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

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
