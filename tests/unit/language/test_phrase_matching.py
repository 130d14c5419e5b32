"""Phrase rules: groups, exceptions, allowed words, limits, sets, and the JSON form."""

import json

import pytest

from palmwise.language.phrase_matching import PhraseList, PhraseRule

LIST = PhraseList.from_json(
    {
        "sets": {"part": ["hand", "finger*"]},
        "flags": [
            {
                "id": "fracture",
                "rules": [{"all": [["broken", "snapped off"], ["@part"]], "within": 4, "unless": ["old"]}],
            },
            {"id": "stop", "rules": [{"all": [["stop"]], "only": ["please", "now"]}]},
            {"id": "end", "rules": [{"all": [["enough"]], "closing": True, "most": 3}]},
        ],
        "hints": {"fracture": ["broken", "@part"]},
    }
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


def test_a_list_survives_the_way_to_json_and_back() -> None:
    exported = json.loads(json.dumps(LIST.to_json()))
    again = PhraseList.from_json(exported)
    assert again.rules == LIST.rules
    assert again.resolved_hints == LIST.resolved_hints
    assert again.to_json() == exported
    assert not list(again.unknown_sets)


def test_unknown_sets_are_listed() -> None:
    written = PhraseList.from_json({"flags": [{"id": "x", "rules": [{"all": [["@b"]], "unless": ["@a"]}]}]})
    assert list(written.unknown_sets) == ["a", "b"]


def test_a_rule_has_limits_that_no_message_reaches_unless_given() -> None:
    assert PhraseRule((("stop",),)).match(["stop", *["now"] * 500]) == (0, 1)
