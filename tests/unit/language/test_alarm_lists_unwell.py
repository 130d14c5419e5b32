"""Alarms that are not about a hand's injury: feeling unwell, despair, too little blood, pregnancy."""

from pathlib import Path

import pytest

from palmwise.coach.content_loader import load_alarms, load_content
from palmwise.language.phrase_matching import Alarms


@pytest.fixture(scope="module")
def alarms() -> Alarms:
    return load_alarms(Path("content/en/safety"))


@pytest.mark.parametrize(
    ("said", "flag"),
    [
        ("i feel dizzy", "unwell"),
        ("this makes me light headed", "unwell"),
        ("i want to die", "self_harm"),
        ("i'm going to kill myself", "self_harm"),
        ("my fingers turned blue and cold", "poor_blood_flow"),
        ("my fingers feel numb now", "numb_after_injury"),
        ("i'm pregnant", "pregnancy_doubt"),
    ],
)
def test_it_is_heard_with_its_id(alarms: Alarms, said: str, flag: str) -> None:
    alarm = alarms.hear(said.split())
    assert alarm is not None
    assert (alarm.kind, alarm.id) == ("red_flag", flag)


@pytest.mark.parametrize(
    "said",
    [
        "my hands are killing me",
        "i am sick of typing",
        "is it safe if i'm pregnant",
        "my fingers are numb",
        "which oil for my hands now",
        "my fingers always go blue in winter",
    ],
)
def test_everyday_talk_raises_none(alarms: Alarms, said: str) -> None:
    assert alarms.hear(said.split()) is None


def test_despair_is_an_emergency() -> None:
    assert load_content(Path("content/en")).red_flags["self_harm"].level == "emergency"


def test_weakness_counts_more_than_dizziness(alarms: Alarms) -> None:
    said = "my left hand has gone weak and i'm dizzy".split()
    alarm = alarms.hear(said)
    assert (alarm or alarms.which(said)).id == "sudden_weakness"
