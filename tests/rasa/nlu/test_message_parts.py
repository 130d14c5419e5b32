"""Corrections, clauses and readings in context, as the trained pipeline gives them."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "intent", "meant"),
    [
        ("go to step four, no, three", "go_to_step", "go to step three"),
        ("slower, no, faster", "speed_up", "faster"),
        ("skip it, pause it I meant", "pause", "pause it"),
        ("no I meant how long is it", "how_long", "how long is it"),
    ],
)
def test_a_correction_is_read_as_it_is_meant(parse: Any, text: str, intent: str, meant: str) -> None:
    found = parse(text)
    assert (found["intent"]["name"], found["meant"]) == (intent, meant)


def test_a_danger_is_not_taken_back_by_what_follows_it(parse: Any) -> None:
    assert parse("my chest hurts and my arm is numb, no, next")["intent"]["name"] == "report_red_flag"


def test_the_clauses_are_read_one_by_one(parse: Any) -> None:
    parts = parse("done, how long is the next one")["parts"]
    assert [part["intent"]["name"] for part in parts] == ["next_step", "how_long"]


def test_one_clause_has_no_parts(parse: Any) -> None:
    assert not parse("next please").get("parts")


@pytest.mark.parametrize(
    ("text", "question", "meaning"),
    [("sounds lovely, go on then", "offer", "yes"), ("skip this one please", "ease", "skip")],
)
def test_an_answer_is_read_for_each_question(parse: Any, text: str, question: str, meaning: str) -> None:
    assert parse(text)["reading"]["answers"][question][0] == meaning


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("should I stop when it clicks?", "question"),
        ("would you go a bit slower please", "command"),
        ("put your coat on, the bus leaves in ten minutes", "not_addressed"),
    ],
)
def test_acts_of_speech_are_told_apart(parse: Any, text: str, act: str) -> None:
    acts = parse(text)["reading"]["acts"]
    assert max(acts, key=lambda each: acts[each]) == act


def test_a_clause_that_asks_keeps_its_question_mark(parse: Any) -> None:
    assert [part["text"][-1] for part in parse("is it the other hand? thank you. Then go on")["parts"]] == [
        "?",
        "u",
        "n",
    ]


@pytest.mark.parametrize(
    ("text", "is_danger"),
    [
        ("a finger of mine has just cracked, no pain, is that fine", False),
        ("I fell and my thumb cracked, it doesn't hurt", True),
    ],
)
def test_what_cracks_without_pain_is_no_danger(parse: Any, text: str, *, is_danger: bool) -> None:
    parsed = parse(text)
    told = [each["intent"]["name"] for each in (parsed, *(parsed.get("parts") or ()))]
    assert ("report_red_flag" in told) == is_danger
