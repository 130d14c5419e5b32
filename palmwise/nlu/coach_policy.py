"""Rasa's dialogue policy: every message is answered by the coach's action."""

from __future__ import annotations

from typing import Any

from rasa.core.constants import DEFAULT_POLICY_PRIORITY, POLICY_PRIORITY
from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

ACTION = "action_coach"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class CoachPolicy(Policy):
    """After a message runs `action_coach`, after that listens.

    Rasa's `RulePolicy` gives the same by a rule per intent, and looks for the rule in the states of the whole
    conversation: a fifth of a turn's CPU time.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa wants a priority, even of the only policy."""
        return {POLICY_PRIORITY: DEFAULT_POLICY_PRIORITY}

    @staticmethod
    def supported_data() -> SupportedData:
        """Rules, which are there for `rasa data validate`: it warns of an intent that none mentions."""
        return SupportedData.RULE_DATA

    def train(self, *_: Any, **__: Any) -> Resource:
        """Learn nothing."""
        return self._resource

    def predict_action_probabilities(
        self, tracker: DialogueStateTracker, domain: Domain, *_: Any, **__: Any
    ) -> PolicyPrediction:
        """Predict the coach's action or `action_listen`, whichever did not come last."""
        probabilities = self._default_predictions(domain)
        action = ACTION if tracker.latest_action_name == ACTION_LISTEN_NAME else ACTION_LISTEN_NAME
        probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(probabilities)
