"""Numbers and units as people say them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palmwise.coach.content import Content
from palmwise.language.numbers import shown_seconds
from palmwise.language.reading_aloud import read_aloud
from palmwise.resources import content


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1:30", "one minute thirty"),
        ("1:30 min", "one minute thirty"),
        ("10:05 min left", "ten minutes five left"),
        ("2:00", "two minutes"),
        ("0:45", "forty-five seconds"),
        ("54 s", "fifty-four seconds"),
        ("1 s", "one second"),
        ("5-10 min", "five to ten minutes"),
        ("5 \N{EN DASH} 10 minutes", "five to ten minutes"),
        ("3x", "three times"),
        ("2x 30 s", "twice thirty seconds"),
        ("1 x a day", "once a day"),
        ("step 3 of 6", "step three of six"),
        ("7.5 min", "seven point five minutes"),
        ("½ min", "half a minute"),
        ("1½ h", "one and a half hours"),
        ("20%", "twenty per cent"),
        ("40 °C", "forty degrees Celsius"),
        ("the 3rd step", "the third step"),
        ("112 or 911", "one hundred and twelve or nine hundred and eleven"),
        ("warm & dry", "warm and dry"),
        ("10 min.", "ten minutes."),
        ("(5 min)", "(five minutes)"),
        ("vitamin B12", "vitamin B12"),
        ("on 1/2/2030", "on 1/2/2030"),
        ("no numbers here", "no numbers here"),
    ],
)
def test_what_is_written_is_said_as_people_say_it(written: str, said: str) -> None:
    assert read_aloud(written) == said


@given(st.integers(min_value=1, max_value=7200))
def test_every_time_that_the_coach_shows_has_words(seconds: int) -> None:
    said = read_aloud(shown_seconds(seconds))
    assert not re.search(r"\d", said)
    assert re.search(r"(minute|second)", said)


@given(st.text(alphabet="0123456789:.-xs min½%°/ a", max_size=30))
def test_reading_twice_changes_nothing_more(text: str) -> None:
    once = read_aloud(text)
    assert read_aloud(once) == once


def test_no_digit_of_the_content_is_left_to_the_voice() -> None:
    loaded: Content = content()
    said = [line.say for variants in loaded.phrases.lines.values() for line in variants]
    assert said
    assert not [line for line in said if re.search(r"\d", read_aloud(re.sub(r"\{\w+\}", "", line)))]
