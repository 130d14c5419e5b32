"""The fallback replaces low-confidence intents, except where a safety list decided or halting is likely."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from palmwise.language.tokens import tokenize
from palmwise.nlu.component import DECIDED_BY, NO_KNOWN_WORD, TOKENS
from palmwise.nlu.fallback import Fallback


@pytest.fixture
def fallback(tmp_path: Path) -> Fallback:
    return Fallback(Fallback.get_default_config(), LocalModelStorage(tmp_path), Resource("fallback"))


def classified(
    fallback: Fallback, chances: dict[str, float], *, no_known_word: bool = False, decided_by: str | None = None
) -> tuple[str, list[str]]:
    ranking = sorted(({"name": name, "confidence": chance} for name, chance in chances.items()), key=_falling)
    data = {TEXT: "some words", TOKENS: tokenize("some words"), NO_KNOWN_WORD: no_known_word, DECIDED_BY: decided_by}
    (message,) = fallback.process([Message({**data, INTENT: dict(ranking[0]), INTENT_RANKING_KEY: ranking})])
    return message.get(INTENT)["name"], [each["name"] for each in message.get(INTENT_RANKING_KEY)]


def _falling(entry: dict[str, object]) -> float:
    return -float(str(entry["confidence"]))


@pytest.mark.parametrize(
    ("chances", "intent"),
    [
        ({"next_step": 0.9}, "next_step"),
        ({"next_step": 0.2, "thank": 0.19}, "nlu_fallback"),
        ({"next_step": 0.6, "out_of_scope": 0.35}, "nlu_fallback"),
        ({"out_of_scope": 0.2}, "out_of_scope"),
        ({"report_red_flag": 0.2}, "report_red_flag"),
        ({"slow_down": 0.23, "stop": 0.21, "pause": 0.18}, "stop"),
        ({"slow_down": 0.24, "pause": 0.2, "stop": 0.1, "report_pain": 0.1}, "pause"),
        ({"stop": 0.45, "out_of_scope": 0.5}, "out_of_scope"),
        ({"pause": 0.4, "out_of_scope": 0.41, "report_red_flag": 0.1}, "out_of_scope"),
        ({"slow_down": 0.23, "stop": 0.2}, "nlu_fallback"),
    ],
)
def test_low_confidence_is_replaced(fallback: Fallback, chances: dict[str, float], intent: str) -> None:
    name, ranking = classified(fallback, chances)
    assert name == intent
    assert ranking[0] == name
    assert len(set(ranking)) == len(ranking)


def test_a_message_without_a_known_word_needs_high_confidence(fallback: Fallback) -> None:
    assert classified(fallback, {"stop": 0.7}, no_known_word=True)[0] == "nlu_fallback"
    assert classified(fallback, {"stop": 0.95}, no_known_word=True)[0] == "stop"


def test_what_another_component_decided_is_kept_at_any_confidence(fallback: Fallback) -> None:
    assert classified(fallback, {"stop": 0.1}, decided_by="SafetyPhrases")[0] == "stop"
    assert classified(fallback, {"stop": 0.1}, no_known_word=True, decided_by="SafetyPhrases")[0] == "stop"
