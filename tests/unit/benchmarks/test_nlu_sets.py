"""Where test sentences come from, how they are spoilt, which of them training knows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.nlu.duplicates import near_duplicates
from benchmarks.nlu.noise import heard, sound, sounding_alike, typed
from benchmarks.nlu.plots import by_noise, confusions
from benchmarks.nlu.sets import LEVELS, Case, load_cases, unseen, with_noise

ALIKE = sounding_alike(["wrist rest", "rest wrist", "next nest", "nest next", "seen once"])


def test_sets_of_others_are_told_apart(tmp_path: Path) -> None:
    folder = tmp_path / "others"
    folder.mkdir()
    lines = [{"text": "next", "intent": "next_step"}, {"text": "go on", "intent": ["resume", "next_step"]}]
    (folder / "moves.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n\n", encoding="utf-8")
    first, second = load_cases([folder])
    assert (first.set, first.intents, first.own) == ("others/moves", ("next_step",), False)
    assert second.intents == ("resume", "next_step")


def test_known_sentences_are_left_out() -> None:
    cases = [Case("typed", "Next, please!", ("next_step",)), Case("typed", "please next", ("next_step",))]
    assert [case.text for case in unseen(cases, ["next please"])] == ["please next"]


def test_every_level_of_noise_has_a_copy() -> None:
    cases = [Case("typed", "go to the next step", ("next_step",)), Case("breath", "thanks, next", ("next_step",))]
    noisy = with_noise(cases)
    assert [case.set for case in noisy] == [f"{kind} {level}" for kind in ("typos", "misheard") for level in LEVELS]
    assert all(case.noisy and not case.own for case in noisy)
    assert noisy == with_noise(cases)


@pytest.mark.parametrize("spoil", [typed, lambda text, slips: heard(text, slips, ALIKE)])
@pytest.mark.parametrize("text", ["next", "?", "what's next", "a"])
def test_noise_never_fails_nor_leaves_nothing(spoil: Callable[[str, int], str], text: str) -> None:
    assert all(spoil(text, slips) for slips in range(9))


def test_a_recogniser_writes_words_that_exist() -> None:
    words = {word for slips in range(5) for word in heard("Rest your wrist, next!", slips, ALIKE).split()}
    assert words <= {"rest", "your", "wrist", "next", "nest", *"um uh er like so well you know i mean".split()}


@pytest.mark.parametrize(
    ("word", "code"), [("wrist", "W623 1"), ("rest", "R23 1"), ("tap", "T1 1"), ("robert", "R163 2"), ("5", "5")]
)
def test_soundex(word: str, code: str) -> None:
    assert sound(word) == code


def test_words_that_occur_once_may_be_misspelt() -> None:
    assert sounding_alike(["stop step", "stop step", "stoop"]) == {"S31 1": ("step", "stop")}


def test_near_duplicates_of_four_words_or_more() -> None:
    trained = ["how do I massage my own thumb", "next step", "where is the kitchen"]
    tested = ["how do i massage my own thumbs", "next step", "thumb my own massage I do how", "what is the plan today"]
    assert [twin.tested for twin in near_duplicates(tested, trained)] == [tested[0], tested[2]]


def test_a_twin_names_its_likeness() -> None:
    (twin,) = near_duplicates(["go to the step four"], ["unlike", "Go to the step, four!"])
    assert (twin.trained, twin.cosine) == ("Go to the step, four!", 1.0)


@pytest.mark.parametrize(("tested", "trained"), [([], ["a b c d"]), (["a b c d"], []), (["one"], ["one"])])
def test_without_sentences_there_are_no_twins(tested: list[str], trained: list[str]) -> None:
    assert near_duplicates(tested, trained) == []


def test_confusions_leave_noise_and_hits_out() -> None:
    pairs = [
        (Case("typed", "wait", ("pause",)), {"label": "stop"}),
        (Case("typed", "next", ("next_step",)), {"label": "next_step"}),
        (Case("typos 1", "wiat", ("pause",)), {"label": "stop"}),
    ]
    assert confusions(pairs) == {("pause", "stop"): 1}
    assert by_noise(pairs, "typos") == [0.5, 0.0, 0.0, 0.0]
