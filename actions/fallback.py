"""What is not for this coach."""

from __future__ import annotations

from actions.base import CoachAction


class OutOfScope(CoachAction):
    """Something else altogether."""

    intent = "out_of_scope"


class NotUnderstood(CoachAction):
    """Something that was not understood."""

    intent = "nlu_fallback"
