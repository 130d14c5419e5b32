"""The coach's own sentences: which there are, and how they are filled in."""

from __future__ import annotations

import pytest

from palmwise.coach.content import PHRASES, PhraseBook
from palmwise.coach.model import Spoken
from palmwise.errors import PhraseError
from palmwise.resources import ROOT, content
from tests.unit.coach.driver import Talk

SOURCE = "\n".join(
    file.read_text(encoding="utf-8")
    for file in sorted((ROOT / "palmwise" / "coach").glob("*.py"))
    if file.name != "wording.py"
)


def is_said(key: str) -> bool:
    """Whether the coach's modules have the key: as it is, or put together of two parts at an underscore."""
    if f'"{key}"' in SOURCE or f'("{key.removeprefix("button_")}", ' in SOURCE:
        return True
    cuts = [at for at, letter in enumerate(key) if letter == "_"]
    return any(f'"{key[: at + 1]}{{' in SOURCE or f'{key[at:]}"' in SOURCE for at in cuts)


@pytest.mark.parametrize("key", PHRASES)
def test_every_declared_phrase_is_said_somewhere(key: str) -> None:
    assert is_said(key)


@pytest.mark.parametrize(
    ("key", "values", "reason"),
    [("no_such_key", {}, "is not declared"), ("other_hand", {"left": "20 s"}, "needs hand")],
)
def test_a_phrase_that_is_not_declared_or_not_filled_in_is_an_error(
    key: str, values: dict[str, str], reason: str
) -> None:
    with pytest.raises(PhraseError, match=reason):
        content().phrases.line(key, 0, **values)


def test_variants_take_turns_and_a_value_may_differ_for_eye_and_ear() -> None:
    phrases = PhraseBook({"left_out": (Spoken("No {titles}.", "No {titles}."), Spoken("Without {titles}.", "Less."))})
    titles = Spoken("**A**", "a")

    assert phrases.line("left_out", 0, titles=titles) == Spoken("No **A**.", "No a.")
    assert phrases.line("left_out", 1, titles=titles) == Spoken("Without **A**.", "Less.")
    assert phrases.line("left_out", 2, titles=titles) == phrases.line("left_out", 0, titles=titles)


@pytest.mark.parametrize("intent", ["how_long", "slow_down", "ask_progress"])
def test_a_step_for_both_hands_is_on_both_hands_not_on_the_both_hands(intent: str) -> None:
    talk = Talk().says("start_routine").says("affirm").says("deny").says("affirm")
    talk.says("go_to_step", technique="relaxation_strokes").says(intent)

    assert talk.reply is not None
    said = " ".join([*talk.reply.texts, talk.reply.custom["say"]])
    assert "both hands" in said
    assert "the both hands" not in said
