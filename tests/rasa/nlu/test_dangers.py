"""Dangers and what only sounds like one, as the trained pipeline hears them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

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
