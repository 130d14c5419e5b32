"""Phrase rules: groups, exceptions, allowed words, limits and sets."""

import json

import pytest

from palmwise import resources
from palmwise.language.phrase_matching import PhraseList, PhraseRule, RuleGroup, _without_possessives, is_denied
from palmwise.language.tokens import words_of
from palmwise.resources import ROOT

LIST = PhraseList(
    (
        RuleGroup("fracture", (PhraseRule((("broken", "snapped off"), ("@part",)), within=4, unless=("old",)),)),
        RuleGroup("stop", (PhraseRule((("stop",),), only=("please", "now")),)),
        RuleGroup("end", (PhraseRule((("enough",),), at_end=True, max_words=3),)),
    ),
    sets={"part": ("hand", "finger*")},
    hints={"fracture": ("broken", "@part")},
)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("my hand is broken", ("fracture", 1, 4)),
        ("broken fingers", ("fracture", 0, 2)),
        ("the tip snapped off my finger", ("fracture", 2, 6)),
        ("my finger's broken", ("fracture", 1, 3)),
        ("broken i am quite sure hand", None),
        ("an old broken hand", None),
        ("my hand is not broken", None),
        ("broken", None),
        ("please stop now", ("stop", 1, 2)),
        ("bus stop", None),
        ("well enough", ("end", 1, 2)),
        ("enough of it", None),
        ("now that is enough", None),
    ],
)
def test_the_first_matching_rule_gives_id_and_words(message: str, expected: tuple[str, int, int] | None) -> None:
    match = LIST.match(message.split())
    assert (match and (match.id, match.first, match.end)) == expected


def test_unknown_sets_are_listed() -> None:
    written = PhraseList((RuleGroup("x", (PhraseRule((("@b",),), unless=("@a",)),)),))
    assert list(written.unknown_sets) == ["a", "b"]


def test_a_rule_has_limits_that_no_message_reaches_unless_given() -> None:
    assert PhraseRule((("stop",),)).match(["stop", *["now"] * 500]) == (0, 1)


@pytest.mark.parametrize(
    ("answer", "denied"),
    [
        ("no fever", True),
        ("no i don't have a fever", True),
        ("i haven't had any recent fever", True),
        ("no i have a fever", False),
        ("not really but a fever", False),
        ("no just a fever", False),
        ("nothing broken yet in all of my long life until fever", False),
    ],
)
def test_a_condition_is_denied_at_once_or_some_words_after_a_verb(answer: str, denied: bool) -> None:  # noqa: FBT001
    words = answer.split()
    assert is_denied(words, words.index("fever")) is denied


def test_the_index_of_a_list_passes_over_no_rule_that_matches() -> None:
    content = resources.content()
    lists = [*content.alarms.values(), *content.questions.values(), *content.readings.values(), content.privacy]
    sentences = (ROOT / "tests" / "understanding" / "red_flags.jsonl").read_text(encoding="utf-8").splitlines()
    found = 0
    for sentence in sentences[::4]:
        words = _without_possessives(words_of(json.loads(sentence)["text"]))
        for each in lists:
            first = next(((id, span) for id, rule in each.rules if (span := rule.match(words))), None)
            match = each.match(words)
            assert (match and (match.id, (match.first, match.end))) == first
            found += match is not None
    assert found > len(sentences) / 8
