"""Numbers, durations and step references are read and written as people mean them."""

import pytest

from palmwise.language.numbers import (
    find_minutes,
    read_cardinal,
    read_ordinal,
    spoken_seconds,
    write_cardinal,
    write_ordinal,
)
from palmwise.language.step_references import find_steps, resolve_step
from palmwise.language.tokens import tokenize, words_of


def test_tokens_keep_their_offsets() -> None:
    text = "Don\u2019t STOP, at 5min!"
    assert [(token.text, text[token.start : token.end]) for token in tokenize(text)] == [
        ("don't", "Don\u2019t"),
        ("stop", "STOP"),
        ("at", "at"),
        ("5", "5"),
        ("min", "min"),
    ]


@pytest.mark.parametrize("value", range(1, 100))
def test_written_numbers_are_read_back(value: int) -> None:
    number = read_cardinal(words_of(write_cardinal(value)), 0)
    assert number is not None
    assert number.value == value
    ordinal = read_ordinal(words_of(write_ordinal(value)), 0)
    assert ordinal is not None
    assert ordinal.value == value


@pytest.mark.parametrize(
    ("value", "cardinal", "ordinal"),
    [(0, "zero", "0th"), (3, "three", "third"), (22, "twenty-two", "22nd"), (112, "112", "112th"), (-1, "-1", "-1th")],
)
def test_numbers_are_written(value: int, cardinal: str, ordinal: str) -> None:
    assert write_cardinal(value) == cardinal
    assert value < 0 or write_ordinal(value) == ordinal


@pytest.mark.parametrize(
    ("message", "minutes"),
    [
        ("i've got five minutes", "5"),
        ("quarter of an hour", "15"),
        ("half an hour", "30"),
        ("three quarters of an hour", "45"),
        ("an hour", "60"),
        ("an hour and a half", "90"),
        ("five or ten minutes", "5"),
        ("a couple of minutes", "2"),
        ("twenty five minutes", "25"),
        ("15 mins", "15"),
        ("\u00bd hour", "30"),
        ("4\u00bd minutes", "4.5"),
        ("1\u00bd hours", "90"),
        ("1/2 hour", "30"),
        ("7.5 minutes", "7.5"),
        ("7 1/2 minutes", "7.5"),
        ("seven and a half minutes", "7.5"),
        ("a minute and a half", "1.5"),
        ("one and a half hours", "90"),
        ("an hour and a quarter", "75"),
        ("a hundred and twenty minutes", "120"),
    ],
)
def test_minutes_are_read(message: str, minutes: str) -> None:
    assert [span.value for span in find_minutes(words_of(message), "")] == [minutes]


@pytest.mark.parametrize(
    ("message", "minutes"),
    [
        ("i've 90 seconds", ["1.5"]),
        ("just thirty seconds", ["0.5"]),
        ("thirty more seconds", ["0.5"]),
        ("out of here in ten", ["10"]),
        ("until 5 pm", []),
        ("i have one", []),
    ],
)
def test_bare_numbers_and_seconds_are_minutes_if_a_duration_is_meant(message: str, minutes: list[str]) -> None:
    assert [span.value for span in find_minutes(words_of(message), "set_duration")] == minutes


@pytest.mark.parametrize("message", ["give me a minute", "wait a sec", "that one", "step four"])
def test_no_minutes_are_read_where_none_are_meant(message: str) -> None:
    assert find_minutes(message.split(), "pause") == []


@pytest.mark.parametrize(
    ("seconds", "spoken"),
    [
        (0.4, "one second"),
        (14, "fourteen seconds"),
        (31, "half a minute"),
        (92, "a minute and a half"),
        (600, "ten minutes"),
        (3600, "sixty minutes"),
    ],
)
def test_durations_are_spoken_roughly(seconds: float, spoken: str) -> None:
    assert spoken_seconds(seconds) == spoken


@pytest.mark.parametrize(
    ("message", "intent", "reference"),
    [
        ("jump to step four", "go_to_step", "4"),
        ("the fourth one", "go_to_step", "4"),
        ("the 3 rd step", "go_to_step", "3"),
        ("number 2", "go_to_step", "2"),
        ("the last step", "go_to_step", "last"),
        ("go back two steps", "go_to_step", "-2"),
        ("two steps ahead", "go_to_step", "+2"),
        ("how long is step 3", "how_long", "3"),
        ("how long is the next one", "how_long", "+1"),
        ("the second last step", "go_to_step", "last-1"),
        ("to the last but one", "go_to_step", "last-1"),
        ("the one before last", "go_to_step", "last-1"),
        ("the third to last step", "go_to_step", "last-2"),
        ("second from the end", "go_to_step", "last-1"),
        ("the third to the last step", "how_long", "last-2"),
        ("skip two", "go_to_step", "+2"),
        ("step one hundred", "go_to_step", "100"),
    ],
)
def test_step_references_are_read(message: str, intent: str, reference: str) -> None:
    assert [span.value for span in find_steps(message.split(), intent)] == [reference]


@pytest.mark.parametrize("message", ["that one", "this one", "wait a second", "one more time", "the other one"])
def test_no_step_reference_is_read_where_none_is_meant(message: str) -> None:
    assert find_steps(message.split(), "repeat_step") == []


@pytest.mark.parametrize(
    ("reference", "step"),
    [("4", 4), ("last", 6), ("last-1", 5), ("-2", 1), ("+1", 4), ("9", 9), ("", None), ("lastly", None)],
)
def test_step_references_are_resolved(reference: str, step: int | None) -> None:
    assert resolve_step(reference, current=3, count=6) == step
