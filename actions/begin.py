"""Which massage, how long."""

from __future__ import annotations

from actions.base import CoachAction


class StartRoutine(CoachAction):
    """A massage is to begin."""

    intent = "start_routine"


class SetDuration(CoachAction):
    """The person has so much time."""

    intent = "set_duration"
