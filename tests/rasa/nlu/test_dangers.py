"""Dangers and what only sounds like one, as the trained pipeline hears them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from palmwise.language.tokens import tokenize
from palmwise.nlu.component import DANGER, TOKENS
from palmwise.nlu.danger_model import Danger
from palmwise.nlu.safety_phrases import SafetyPhrases

Parse = Callable[[str], dict[str, Any]]


@pytest.mark.parametrize(
    ("said", "flag"),
    [
        ("grandad has collapsed and won't answer", "unconscious"),
        ("the little one got into the medicine cabinet and ate some tablets", "poisoning"),
        ("I don't think I want to be around any longer", "self_harm"),
        ("my daughter is having a seizure on the carpet", "seizure"),
        ("I came off the ski slope and two fingers are white and hard", "frostbite"),
        ("my waters went an hour ago", "childbirth"),
        ("half of my face won't move", "sudden_weakness"),
        ("it's squeezing my chest and running down into my arm", "chest_pain"),
        ("I can't get this bleeding to stop, the cloth is soaked", "heavy_bleeding"),
        ("since the lotion my lips and tongue are swelling", "severe_allergy"),
        ("I'm on anticoagulants", "blood_thinners"),
        ("they operated on my thumb nine days ago", "recent_surgery"),
    ],
)
def test_a_danger_is_told_from_the_others(parse: Parse, said: str, flag: str) -> None:
    found = parse(said)
    assert found["intent"]["name"] == "report_red_flag"
    assert [each["value"] for each in found["entities"] if each["entity"] == "symptom"] == [flag]


@pytest.mark.parametrize(
    "said",
    [
        "I tore a ligament there back in 1987",
        "this scene is brutal, the sheriff has been shot",
        "the price of this oil nearly gave me a heart attack",
        "there's no swelling, it only aches",
        "is a massage wrong with a blood clot",
        "two long strokes towards the elbow",
        "my palms are glowing and warm",
        "the bowl of water is still too hot",
        "my friend says it tickles",
    ],
)
def test_what_only_sounds_like_a_danger_is_none(parse: Parse, said: str) -> None:
    assert parse(said)["intent"]["name"] != "report_red_flag"


def read(said: str, intent: str, probability: float, **flags: float) -> Message:
    """A message that the danger model and the classifier have read so, after the safety lists."""
    message = Message({TEXT: said, TOKENS: tokenize(said)})
    ranking = [{"name": intent, "confidence": probability}, {"name": "out_of_scope", "confidence": 1 - probability}]
    message.set(INTENT, dict(ranking[0]))
    message.set(INTENT_RANKING_KEY, ranking)
    message.set(DANGER, Danger(sum(flags.values()), flags, 0.1))
    storage = LocalModelStorage(Path("unused"))
    lists = SafetyPhrases(SafetyPhrases.get_default_config(), storage, Resource("lists"))
    return lists.process([message])[0]


def flags_of(message: Message) -> list[str]:
    """The red flags that were set."""
    is_flagged = message.get(INTENT)["name"] == "report_red_flag"
    return [each["value"] for each in message.get(ENTITIES) or [] if each["entity"] == "symptom" and is_flagged]


def test_a_plain_stop_is_no_crisis() -> None:
    assert flags_of(read("I'd like to end here now", "stop", 0.99, self_harm=0.9)) == []
    assert flags_of(read("stop, I want to die", "stop", 0.99, self_harm=0.9)) == ["self_harm"]


def test_pain_of_the_massage_needs_more_to_be_a_danger() -> None:
    assert flags_of(read("it twinges and you go too fast", "report_pain", 0.9, heavy_bleeding=0.6)) == []
    assert flags_of(read("it twinges and you go too fast", "report_pain", 0.9, injury=0.9)) == ["injury"]


def test_a_danger_that_is_denied_needs_more() -> None:
    assert flags_of(read("the thorn is out, it's not bleeding", "report_red_flag", 0.9, open_wound=0.7)) == []
    assert flags_of(read("the thorn is out, it's bleeding", "report_red_flag", 0.9, open_wound=0.7)) == ["open_wound"]


def test_a_denial_beside_a_danger_takes_nothing_from_it() -> None:
    said = "it's not bleeding but all swollen and hot"
    assert flags_of(read(said, "report_red_flag", 0.9, hot_swelling=0.5)) == ["hot_swelling"]


def test_hands_that_swell_in_the_heat_need_more_to_be_a_danger() -> None:
    assert flags_of(read("my hands swell in the heat", "report_red_flag", 0.9, hot_swelling=0.7)) == []
    assert flags_of(read("my hand is swollen and hot", "report_red_flag", 0.9, hot_swelling=0.7)) == ["hot_swelling"]
    said = "my hands swell in the heat, and today one is red"
    assert flags_of(read(said, "report_red_flag", 0.9, hot_swelling=0.7)) == ["hot_swelling"]


def test_an_emergency_among_many_dangers_has_no_name() -> None:
    vague = read("the strap left a dent", "report_red_flag", 0.9, severe_injury=0.4, open_wound=0.3, bite=0.2)
    assert flags_of(vague) == ["general"]
    clear = read("the strap left a dent", "report_red_flag", 0.9, severe_injury=0.6, open_wound=0.3)
    assert flags_of(clear) == ["severe_injury"]
