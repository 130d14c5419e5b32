"""How fast the routine goes, how loud the voice is."""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach import plan
from palmwise.coach.command import Command
from palmwise.coach.scene import Draft, Outcome, Scene, lasting
from palmwise.coach.steps import step_draft


def slow_down(scene: Scene, command: Command) -> Outcome:
    """Longer holds."""
    return _pace(scene, plan.PACE_STEP, "slower", "slowest")


def speed_up(scene: Scene, command: Command) -> Outcome:
    """Shorter holds."""
    return _pace(scene, -plan.PACE_STEP, "faster", "fastest")


def _pace(scene: Scene, change: float, key: str, at_the_end: str) -> Outcome:
    session = scene.session
    pace = plan.clamp_pace(session.pace + change)
    if pace == session.pace:
        return scene.note(at_the_end)
    if not session.at_a_step:
        return Outcome(replace(session, pace=pace), Draft("note", (scene.line(f"{key}_from_the_start"),)))
    frozen = session.frozen_at(scene.now)
    timeline = frozen.timeline.rescaled(frozen.elapsed, pace / session.pace)
    after = scene.with_session(replace(frozen, pace=pace, holds=timeline.holds))
    hand = after.line(f"hand_{after.place.hold.hand}")
    left = after.line("left_on_hand", hand=hand, left=lasting(max(1.0, after.hold_left)))
    return Outcome(after.session, step_draft(after, after.line(key), left))


def speak_up(scene: Scene, command: Command) -> Outcome:
    """A louder voice."""
    return _volume(scene, 1, "louder")


def speak_softly(scene: Scene, command: Command) -> Outcome:
    """A softer voice."""
    return _volume(scene, -1, "softer")


def _volume(scene: Scene, change: int, key: str) -> Outcome:
    volume = max(-3, min(3, scene.session.volume + change))
    return scene.note(key, replace(scene.session, volume=volume))
