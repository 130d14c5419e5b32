"""Everything that the coach knows can be reached by asking in words."""

from __future__ import annotations

import pytest

from palmwise.resources import content
from tests.e2e.walker import Server, Walker

CONTENT = content()
pytestmark = pytest.mark.server


@pytest.mark.parametrize("id", sorted(CONTENT.faqs))
def test_every_question(id: str, server: Server) -> None:
    answer = Walker(server).say(CONTENT.faqs[id].question)
    assert answer.card.get("id") == f"faq/{id}"
    answered = CONTENT.answers.get(str(answer.card.get("answer")))
    assert (answered.say if answered else CONTENT.faqs[id].text) in answer.text


@pytest.mark.parametrize("id", sorted(CONTENT.techniques))
def test_every_technique(id: str, server: Server) -> None:
    name = CONTENT.techniques[id].title.lower()
    answer = Walker(server).say(f"what is {name}")
    assert (answer.card["card"], answer.card.get("technique")) == ("technique", id)
    assert CONTENT.techniques[id].what in answer.text


@pytest.mark.parametrize("id", sorted(CONTENT.routines))
def test_every_routine(id: str, server: Server) -> None:
    answer = Walker(server).say(f"start the {CONTENT.routines[id].names[0]} massage")
    assert answer.session["routine"] == id


@pytest.mark.parametrize("id", sorted(CONTENT.symptoms))
def test_every_symptom(id: str, server: Server) -> None:
    symptom = CONTENT.symptoms[id]
    answer = Walker(server).say(f"I have {symptom.title.lower()}")
    assert symptom.because in answer.text
    # A sore back is none of ours, but the reflex point that it is believed to have is told.
    assert answer.session["routine"] == symptom.routine or symptom.belief
