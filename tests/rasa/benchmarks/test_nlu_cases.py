"""Test cases: where they come from, which of them training has, and their copies with slips."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.nlu.cases import Case, load_cases, slipped, unseen, with_slips


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


def test_a_copy_has_another_spelling_every_time_the_same() -> None:
    cases = [Case("typed", "go to the next step", ("next_step",)), Case("breath", "thanks, next", ("next_step",))]
    (copy,) = with_slips(cases)
    assert copy.text != cases[0].text
    assert not copy.is_own
    assert with_slips(cases) == (copy,)


@pytest.mark.parametrize("text", ["next", "?", "what's next", "a"])
def test_a_slip_leaves_some_text_of_every_sentence(text: str) -> None:
    assert slipped(text)
