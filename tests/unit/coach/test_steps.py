"""Steps with words of their own, and steps that time may not take away."""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach import plan
from palmwise.coach.behaviour import act
from palmwise.coach.commands import Command
from palmwise.resources import content
from tests.unit.coach.driver import running

NOW = 1_700_000_010.0


def test_a_step_s_own_words_are_shown_and_said_after_a_pause() -> None:
    known, talk = content(), running()
    first, *rest = known.routines["classic"].steps
    own = replace(first, text="Stroke as **you** like.", say="Stroke as you like.")
    classic = replace(known.routines["classic"], steps=(own, *rest))
    changed = replace(known, routines={**known.routines, "classic": classic})
    paused = act(changed, talk.session, Command("pause"), NOW).session
    reply = act(changed, paused, Command("resume"), NOW + 10).reply
    assert reply is not None
    assert reply.texts[-1] == own.text
    assert reply.custom["say"].endswith(own.say)


def test_a_step_that_matters_most_is_never_left_out() -> None:
    steps = tuple(replace(step, keep=5) for step in plan.whole(content().routines["classic"].steps))
    assert len(plan.without_hurry(steps, 30.0)) == len(steps)
    some = tuple(replace(step, keep=5 if step.source in (1, 3) else 1) for step in steps)
    assert [step.source for step in plan.without_hurry(some, 30.0)] == [1, 3]
