"""Test cases: where they come from, which of them training has, and their noisy copies."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.nlu.cases import LEVELS, Case, load_cases, misheard, soundex, typed, unseen, with_noise, words_by_sound

ALIKE = words_by_sound(["wrist rest", "rest wrist", "next nest", "nest next", "seen once"])


def test_other_sets_have_their_folder_in_the_name(tmp_path: Path) -> None:
    folder = tmp_path / "others"
    folder.mkdir()
    lines = [{"text": "next", "intent": "next_step"}, {"text": "go on", "intent": ["resume", "next_step"]}]
    (folder / "moves.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n\n", encoding="utf-8")
    first, second = load_cases([folder])
    assert (first.set, first.intents, first.is_own) == ("others/moves", ("next_step",), False)
    assert second.intents == ("resume", "next_step")


def test_sentences_of_the_training_data_are_left_out() -> None:
    cases = [Case("typed", "Next, please!", ("next_step",)), Case("typed", "please next", ("next_step",))]
    assert [case.text for case in unseen(cases, ["next please"])] == ["please next"]


def test_every_level_of_noise_has_a_copy() -> None:
    cases = [Case("typed", "go to the next step", ("next_step",)), Case("breath", "thanks, next", ("next_step",))]
    noisy = with_noise(cases)
    assert [case.set for case in noisy] == [f"{kind} {level}" for kind in ("typos", "misheard") for level in LEVELS]
    assert all(case.is_noisy and not case.is_own for case in noisy)
    assert noisy == with_noise(cases)


@pytest.mark.parametrize("add_noise", [typed, lambda text, errors: misheard(text, errors, ALIKE)])
@pytest.mark.parametrize("text", ["next", "?", "what's next", "a"])
def test_noise_leaves_some_text_of_every_sentence(add_noise: Callable[[str, int], str], text: str) -> None:
    assert all(add_noise(text, errors) for errors in range(9))


def test_recognition_errors_are_existing_words() -> None:
    words = {word for errors in range(5) for word in misheard("Rest your wrist, next!", errors, ALIKE).split()}
    assert words <= {"rest", "your", "wrist", "next", "nest", *"um uh er like so well you know i mean".split()}


@pytest.mark.parametrize(
    ("word", "code"), [("wrist", "W623 1"), ("rest", "R23 1"), ("tap", "T1 1"), ("robert", "R163 2"), ("5", "5")]
)
def test_soundex_codes_are_those_of_the_literature(word: str, code: str) -> None:
    assert soundex(word) == code


def test_words_that_occur_once_are_not_written_for_others() -> None:
    assert words_by_sound(["stop step", "stop step", "stoop"]) == {"S31 1": ("step", "stop")}
