"""How fast the massage goes, how loud the voice is."""

from __future__ import annotations

from actions.base import CoachAction


class SlowDown(CoachAction):
    """Longer holds."""

    intent = "slow_down"


class SpeedUp(CoachAction):
    """Shorter holds."""

    intent = "speed_up"


class SpeakUp(CoachAction):
    """A louder voice."""

    intent = "speak_up"


class SpeakSoftly(CoachAction):
    """A quieter voice."""

    intent = "speak_softly"
