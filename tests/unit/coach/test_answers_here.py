"""Of the answers that a question may ask for, the one is given that belongs to the state or the movement that is on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from palmwise.coach.answers_here import fitted_to_scene
from palmwise.coach.commands import Command
from palmwise.coach.scene import Scene
from palmwise.resources import content
from tests.unit.coach.driver import at, running

OPEN = {"which_oil": 0.3, "short_errand": 0.25, "after_avoid": 0.25}
"""Chances of an answer for before, one for a break and one for afterwards; a stopped massage may want either."""


def asked(chances: Mapping[str, float], answer: str | None = None, needed: float = 0.4) -> Command:
    return Command("out_of_scope", text="and that?", answer=answer, chances=chances, needed=needed)


def fitted(way: str, command: Command) -> Command:
    talk = at(way)
    return fitted_to_scene(Scene(content(), talk.session, talk.now), command)


@pytest.mark.parametrize(
    ("way", "id"),
    [
        ("none", None),
        ("screening", None),
        ("preparing", "which_oil"),
        ("running", "short_errand"),
        ("paused", "short_errand"),
        ("stopped", None),
        ("finished", "after_avoid"),
    ],
)
def test_the_state_decides_what_the_words_leave_open(way: str, id: str | None) -> None:
    assert fitted(way, asked(OPEN)).answer == id


def test_what_the_words_ask_for_is_replaced_only_by_what_is_plainly_likelier() -> None:
    command = asked({}, answer="which_oil")
    for oil, avoid, id in ((0.4, 0.35, "after_avoid"), (0.6, 0.3, "which_oil"), (0.9, 0.1, "which_oil")):
        chances = {"which_oil": oil, "after_avoid": avoid}
        assert fitted("finished", replace(command, chances=chances)).answer == id


def test_nothing_is_given_that_stays_unlikely_and_it_is_offered() -> None:
    command = fitted("finished", asked({"which_oil": 0.1, "after_avoid": 0.09}))
    assert (command.answer, command.near) == (None, ("after_avoid", "which_oil"))


def test_what_is_said_to_somebody_else_or_is_a_likely_command_asks_nothing_more() -> None:
    chances = {"short_errand": 0.3}
    assert fitted("running", asked(chances)).answer == "short_errand"
    assert fitted("running", replace(asked(chances), acts={"not_addressed": 0.8})).answer is None
    assert fitted("running", replace(asked(chances), intent="slow_down", confidence=0.8)).answer is None
    assert fitted("running", replace(asked(chances), intent="slow_down", confidence=0.3)).answer == "short_errand"


def test_clauses_are_fitted_as_well() -> None:
    command = replace(asked({}), parts=(asked({"after_avoid": 0.3}),))
    assert fitted("finished", command).parts[0].answer == "after_avoid"


def test_the_answer_of_the_movement_that_is_on_is_given() -> None:
    command = asked({"how_long_each_finger": 0.2, "press_hold": 0.2})
    fingers = content().answers["how_long_each_finger"]
    talk = running().says("next_step").says("next_step")
    pressing = content().techniques["thumb_pressing"]
    assert talk.does(command).text.startswith(pressing.count)
    assert talk.says("next_step").does(command).text.startswith(fingers.say)


def test_a_question_that_names_a_part_of_the_movement_is_answered() -> None:
    command = Command(
        "explain_step", {"body_part": ("thumb",)}, text="the thumb as well or only four", answer="thumb_too"
    )
    talk = running().says("next_step").says("next_step").says("next_step")
    assert talk.does(command).text.startswith(content().answers["thumb_too"].say)
