"""The phrases that a client acts upon by itself take everything that the safety lists take, if it is said plainly."""

from __future__ import annotations

import re

import pytest

from palmwise.coach.content import client_phrases
from palmwise.language.tokens import words_of
from palmwise.resources import ROOT, content
from palmwise.training_files import sentences_in

PHRASES = client_phrases(content())
PATTERNS = [re.compile(PHRASES[name]) for name in ("hold", "danger")]


def holds(text: str) -> bool:
    """Whether a client holds its clock at these words."""
    return any(pattern.search(" ".join(words_of(text))) for pattern in PATTERNS)


def test_whatever_the_safety_lists_match_holds_the_clock() -> None:
    lists = content().alarms.values()
    files = sorted((ROOT / "data" / "nlu").glob("*.yml"))
    texts = [sentence.text for file in files for sentence in sentences_in(file)][::10]
    matched = [text for text in texts if any(each.match(words_of(text)) for each in lists)]
    assert len(matched) > 100
    assert [text for text in matched if not holds(text)] == []


@pytest.mark.parametrize("text", ["next", "at my own pace", "how long is this", "which oil is good", "do it slower"])
def test_other_words_do_not_hold_the_clock(text: str) -> None:
    assert not holds(text)


def test_a_danger_is_told_from_a_pain_or_a_stop() -> None:
    texts = ["my chest is tight", "ouch", "stop"]
    assert [bool(PATTERNS[1].search(text)) for text in texts] == [True, False, False]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_patterns_are_such_that_javascript_reads_them_as_well(pattern: re.Pattern[str]) -> None:
    assert not re.search(r"\(\?(?!:|=|!|<!)|\\[AZzpP]|[*+}]\+", pattern.pattern)


def test_a_move_that_a_client_makes_by_itself_is_what_the_coach_learns_to_understand() -> None:
    files = sorted((ROOT / "data" / "nlu").glob("*.yml"))
    learned: dict[str, set[str]] = {}
    for sentence in (each for file in files for each in sentences_in(file)):
        learned.setdefault(" ".join(words_of(sentence.text)), set()).add(sentence.label)
    assert {phrase: learned.get(phrase) for phrase in PHRASES["moves"]} == {
        phrase: {intent} for phrase, intent in PHRASES["moves"].items()
    }


def test_words_that_cut_the_coach_off_are_single_words() -> None:
    assert {"stop", "ouch"} <= set(PHRASES["cut_in"])
    assert all(word.isalpha() for word in PHRASES["cut_in"])
