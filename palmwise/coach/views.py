"""The card of whatever is on now."""

from __future__ import annotations

from palmwise.coach.begin import offer_draft, prepare_draft, screening_draft
from palmwise.coach.scene import Draft, Scene
from palmwise.coach.steps import finished_draft, instruction, step_draft


def current(scene: Scene) -> Draft:
    """What a person who looks away and back again needs."""
    session = scene.session
    if session.state == "running":
        return step_draft(scene, *instruction(scene))
    if session.state == "paused":
        return step_draft(scene, scene.line("still_paused"), *instruction(scene))
    if session.state == "offered":
        return offer_draft(scene)
    if session.state == "screening":
        return screening_draft(scene)
    if session.state == "preparing":
        return prepare_draft(scene)
    if session.state == "finished":
        return finished_draft(scene)
    if session.state == "stopped":
        return Draft("stopped", (scene.line("stopped_flagged" if session.flagged else "stopped"),))
    return Draft("note", (scene.line("welcome"),))
