from __future__ import annotations

from typing import get_args

import pytest

from palmwise.behaviour_docs import behaviour_markdown
from palmwise.coach.behaviour import GUARDS, QUESTIONS, TABLE
from palmwise.coach.cards import BODIES, CardKind
from palmwise.coach.commands import TRAITS
from palmwise.coach.rules import Row
from palmwise.coach.talk import Say
from palmwise.resources import ROOT, content
from tests.unit.coach.driver import WAYS, at, running


def test_the_behaviour_document_is_current() -> None:
    written = (ROOT / "docs/behaviour.md").read_text(encoding="utf-8")
    assert written == behaviour_markdown(content()), "run `make docs`"


def test_every_handler_tells_what_it_does() -> None:
    handlers = {getattr(row, state) for row in TABLE.values() for state in Row.__dataclass_fields__}
    handlers |= {handler for each in (*GUARDS, *QUESTIONS) for handler in each.answers.values()}
    handlers |= {handler for question in QUESTIONS for handler in question.commands.values()}
    for handler in handlers:
        if isinstance(handler, Say):
            assert handler.key in content().phrases.lines
        else:
            assert (handler.__doc__ or "").strip().splitlines()[0].endswith(".")


def test_every_guard_answers_commands_of_the_table() -> None:
    assert {intent for guard in GUARDS for intent in guard.answers} <= {*TABLE, "*"}
    assert {intent for question in QUESTIONS for intent in question.commands} <= {*TABLE}


def test_traits_are_those_of_known_intents() -> None:
    assert TRAITS.keys() <= TABLE.keys()


def test_no_trait_is_misspelt() -> None:
    known = (
        "moving onward placing halting urgent reported hinted inquiring answering empty vague courteous leaving talking"
    )
    assert {trait for traits in TRAITS.values() for trait in traits.split()} == set(known.split())


def test_every_kind_of_card_has_a_body() -> None:
    assert set(BODIES) == set(get_args(CardKind))


@pytest.mark.parametrize("way", sorted(WAYS))
@pytest.mark.parametrize("intent", sorted(TABLE))
def test_the_body_of_a_card_is_the_one_of_its_kind(way: str, intent: str) -> None:
    talk = at(way)
    talk.says(intent)
    assert talk.reply is not None
    card = talk.reply.card
    assert type(card.body) in (BODIES[card.kind], BODIES["progress"])


def test_a_step_card_tells_its_holds_and_its_instruction() -> None:
    talk = running()
    assert talk.reply is not None
    custom = talk.reply.custom
    assert custom["holds"] == [{"hand": "left", "from": 0, "to": 48}, {"hand": "right", "from": 54, "to": 102}]
    assert custom["instruction"] == content().techniques["effleurage"].text
    assert custom["instruction"] in talk.text
    paused = talk.says("pause").reply
    assert paused is not None
    assert paused.custom["instruction"] == custom["instruction"]
