"""What was not understood is told from what is foreign, and hands off goes before both."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from palmwise.language.tokens import tokenize
from palmwise.nlu.fallback import Fallback
from palmwise.nlu.message_repair import STRANGE, WORDS


@pytest.fixture
def fallback(tmp_path: Path) -> Fallback:
    return Fallback(Fallback.get_default_config(), LocalModelStorage(tmp_path), Resource("fallback"))


def judged(fallback: Fallback, chances: dict[str, float], *, strange: bool = False) -> tuple[str, list[str]]:
    ranking = sorted(({"name": name, "confidence": chance} for name, chance in chances.items()), key=_falling)
    data = {TEXT: "some words", WORDS: tokenize("some words"), STRANGE: strange}
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
def test_doubt_is_told(fallback: Fallback, chances: dict[str, float], intent: str) -> None:
    said, ranking = judged(fallback, chances)
    assert said == intent
    assert ranking[0] == said
    assert len(set(ranking)) == len(ranking)


def test_words_that_nobody_knows_are_not_even_a_stop(fallback: Fallback) -> None:
    assert judged(fallback, {"stop": 0.7}, strange=True)[0] == "nlu_fallback"
    assert judged(fallback, {"stop": 0.95}, strange=True)[0] == "stop"
