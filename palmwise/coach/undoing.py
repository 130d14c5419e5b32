"""Undoing: handlers that take the last change back, or leave everything as it is."""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach.commands import Command
from palmwise.coach.scene import Outcome, Scene
from palmwise.coach.transitions import current_draft, note, step_draft

FRESH = 6
"""Number of turns for which a change can be taken back."""


def undo(scene: Scene, command: Command) -> Outcome:
    """Takes the last change back; a second time, it is made again."""
    session = scene.session
    if session.before is None or session.turns - session.changed > FRESH:
        return note(scene, "nothing_to_undo")
    # What was told of one's health stays told, and a massage that a danger has ended stays ended.
    if session.flagged:
        return note(scene, "nothing_to_undo")
    restored = session.before.restored_at(scene.now, session)
    after = scene.with_session(restored)
    draft = current_draft(after)
    if restored.state == "paused":
        draft = replace(draft, lines=draft.lines[1:])
    return Outcome(restored, draft).after(after.line("undone"))


def stay(scene: Scene, command: Command) -> Outcome:
    """Leaves everything as it is, and says so."""
    if scene.session.state == "paused":
        return Outcome(scene.session, step_draft(scene, scene.line("still_paused")))
    return note(scene, "stays")
