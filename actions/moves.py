"""Moving through a routine."""

from __future__ import annotations

from actions.base import CoachAction


class NextStep(CoachAction):
    """The person is done with this step, or skips it."""

    intent = "next_step"


class PreviousStep(CoachAction):
    """Back to the step before."""

    intent = "previous_step"


class RepeatStep(CoachAction):
    """The same step once more."""

    intent = "repeat_step"


class GoToStep(CoachAction):
    """To a certain step, by number or by technique."""

    intent = "go_to_step"


class Pause(CoachAction):
    """Hold where we are."""

    intent = "pause"


class Resume(CoachAction):
    """Pick up after a pause or a stop."""

    intent = "resume"


class Stop(CoachAction):
    """The session ends."""

    intent = "stop"
    safety = True


class Restart(CoachAction):
    """The routine from its beginning; named as Rasa's own action so that Rasa's does not wipe the conversation."""

    intent = "restart"


class SwitchHand(CoachAction):
    """To the other hand."""

    intent = "switch_hand"
