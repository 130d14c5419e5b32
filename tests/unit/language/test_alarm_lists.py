"""The phrase lists hear what they must, and leave everyday talk alone."""

from pathlib import Path

import pytest

from palmwise.coach.content_loader import load_alarms, load_content
from palmwise.language.phrase_matching import Alarms

CONTENT = Path("content/en")


@pytest.fixture(scope="module")
def alarms() -> Alarms:
    return load_alarms(CONTENT / "safety")


@pytest.mark.parametrize(
    ("said", "flag"),
    [
        ("i think my finger is broken", "fracture"),
        ("can i massage with a broken finger", "fracture"),
        ("not sure if my thumb is broken", "fracture"),
        ("my hand went numb after a fall", "numb_after_injury"),
        ("it's swollen and hot", "hot_swelling"),
        ("there's pus coming out of it", "infection"),
        ("i have a blood clot in my arm", "clot"),
        ("i burnt my hand on the oven", "burn"),
        ("my face is drooping", "sudden_weakness"),
        ("my chest feels tight", "chest_pain"),
        ("i had surgery on my wrist last week", "recent_surgery"),
    ],
)
def test_a_red_flag_is_heard_with_its_id(alarms: Alarms, said: str, flag: str) -> None:
    alarm = alarms.hear(said.split())
    assert alarm is not None
    assert (alarm.kind, alarm.id) == ("red_flag", flag)


@pytest.mark.parametrize(
    "said",
    [
        "is it ok for arthritis",
        "no numbness no fall",
        "nothing is broken",
        "my hands are sore from typing",
        "don't stop",
        "where is the bus stop",
        "how do i make it stop",
        "did they stop",
        "stop i mean step three",
        "stop my alarm",
        "should it hurt",
        "long gentle strokes please",
        "the next step",
        "my phone is broken",
    ],
)
def test_everyday_talk_raises_no_alarm(alarms: Alarms, said: str) -> None:
    assert alarms.hear(said.split()) is None


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("stop", "stop"),
        ("please stop now", "stop"),
        ("stop the massage", "stop"),
        ("no stop", "stop"),
        ("that's enough", "stop"),
        ("well this is a waste of time stop", "stop"),
        ("stop i have a train to catch", "stop"),
        ("stop my dinner is burning", "stop"),
        ("stop it hurts", "pain"),
        ("ouch", "pain"),
        ("that hurts", "pain"),
        ("you're hurting me", "pain"),
    ],
)
def test_stop_and_pain_are_heard(alarms: Alarms, said: str, kind: str) -> None:
    alarm = alarms.hear(said.split())
    assert alarm is not None
    assert alarm.kind == kind


def test_an_alarm_tells_which_words_raised_it(alarms: Alarms) -> None:
    words = "well i think my finger is broken you know".split()
    alarm = alarms.hear(words)
    assert alarm is not None
    assert "broken" in words[alarm.first : alarm.end]


def test_what_is_denied_is_known_as_denied(alarms: Alarms) -> None:
    assert alarms.denied("no injuries nothing swollen no infection".split())
    assert not alarms.denied("my hand is swollen".split())
    assert not alarms.denied("no my hand is swollen".split())


@pytest.mark.parametrize(
    ("said", "flag"),
    [
        ("no i have chest pain", "chest_pain"),
        ("no my chest hurts", "chest_pain"),
        ("no i feel dizzy", "unwell"),
        ("no it's bleeding", "open_wound"),
        ("no my finger broke", "fracture"),
        ("no i can't breathe", "chest_pain"),
        ("no wait my wrist is broken", "fracture"),
        ("nope but i have a fever", "fever"),
    ],
)
def test_a_no_before_a_statement_denies_nothing(alarms: Alarms, said: str, flag: str) -> None:
    alarm = alarms.hear(said.split())
    assert alarm is not None
    assert alarm.id == flag
    assert not alarms.denied(said.split())


@pytest.mark.parametrize(
    "said",
    [
        "no i don't have a broken finger",
        "none of them i don't have cancer",
        "no i have no fever",
        "no it isn't swollen",
        "no i've not had an operation",
        "no i didn't fall",
    ],
)
def test_a_statement_that_denies_is_still_a_denial(alarms: Alarms, said: str) -> None:
    assert alarms.hear(said.split()) is None
    assert alarms.denied(said.split())


def test_every_listed_flag_is_one_that_the_coach_can_answer(alarms: Alarms) -> None:
    known = set(load_content(CONTENT).red_flags)
    assert {id for kind, id, _ in alarms.rules if kind == "red_flag"} <= known
    assert set(alarms.hints) <= known
