"""Answers here: which of the answers that a question may ask for belongs to what is on.

"Little ones or big ones?" asks of circles where circles are made. The finder knows only the words and gives the chances
of some answers; the state of the conversation and the movement that is on shift their odds.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

from palmwise.coach.commands import HALTING, LEAST, MOVING, Command
from palmwise.coach.model import KnownAnswer, Moment
from palmwise.coach.scene import Scene

BELONGS = 3.0
"""What the odds of an answer that belongs to what is on are multiplied by."""
OF_MOVEMENT = 4.0
"""The same for an answer that is about the movement that is on."""
PLAINLY = 1.5
"""How many times as likely as the second an answer must be that the words alone do not ask for."""
NEAR = 0.1
"""Chance from which on an answer is offered."""
MOST_NEAR = 3
_MOMENTS: dict[str, AbstractSet[Moment]] = {
    "offered": {"before"},
    "preparing": {"before"},
    "running": {"at_step"},
    "paused": {"at_step", "paused"},
    "finished": {"after"},
    "stopped": {"after", "paused"},
}
"""State -> the moments that an answer may belong to there."""


def fitted_to_scene(scene: Scene, command: Command) -> Command:
    """The command, and its clauses, with the answers that are likeliest in the scene.

    A question that is asked before the safety question is answered is taken by its words alone.
    """
    moments = _moments(scene)
    if not moments:
        return command
    parts = tuple(_fitted(scene, moments, part) for part in command.parts)
    return replace(_fitted(scene, moments, command), parts=parts)


def _fitted(scene: Scene, moments: AbstractSet[Moment], command: Command) -> Command:
    answers = scene.content.answers
    shifted = {id: _shifted(chance, _fit(scene, moments, answers[id])) for id, chance in command.chances.items()}
    if not shifted:
        return command
    ranked = sorted(shifted, key=lambda id: -shifted[id])
    best, second = shifted[ranked[0]], shifted[ranked[1]] if len(ranked) > 1 else 0.0
    is_plain = best >= max(command.needed, PLAINLY * second)
    found = ranked[0] if is_plain and (command.answer or _may_be_question(scene, command)) else command.answer
    near = [id for id in ranked if id != found] if best >= NEAR else []
    return replace(command, answer=found, near=tuple(near[:MOST_NEAR]))


def _may_be_question(scene: Scene, command: Command) -> bool:
    """Whether a message may ask what its words alone do not: it is for the coach, and no likely command at a step."""
    is_command = scene.session.at_a_step and command.intent in MOVING | HALTING
    return not (is_command and command.confidence >= LEAST) and command.acts.get("not_addressed", 0.0) < LEAST


def _moments(scene: Scene) -> AbstractSet[Moment]:
    moments = _MOMENTS.get(scene.session.state, frozenset())
    return moments | {"pain"} if scene.session.easing else moments


def _fit(scene: Scene, moments: AbstractSet[Moment], answer: KnownAnswer) -> float:
    """What the odds of an answer are multiplied by: at a step an answer of some movements belongs to these."""
    if answer.movements and scene.session.at_a_step:
        return OF_MOVEMENT if scene.session.current.technique in answer.movements else 1.0
    return 1.0 if moments.isdisjoint(scene.content.moments_of(answer)) else BELONGS


def _shifted(chance: float, fit: float) -> float:
    """The chance whose odds are `fit` times those of another one."""
    return fit * chance / (fit * chance + 1 - chance)
