"""Questions about the routine in hand, or about what is on offer."""

from __future__ import annotations

from actions.base import CoachAction


class HowLong(CoachAction):
    """How long something lasts."""

    intent = "how_long"


class AskProgress(CoachAction):
    """Where we are, what remains."""

    intent = "ask_progress"


class ExplainStep(CoachAction):
    """The step in more detail."""

    intent = "explain_step"


class ExplainBenefit(CoachAction):
    """What the step is good for."""

    intent = "explain_benefit"


class ExplainTechnique(CoachAction):
    """What a technique is."""

    intent = "explain_technique"


class ListSteps(CoachAction):
    """An overview of a routine."""

    intent = "list_steps"


class ListRoutines(CoachAction):
    """Which routines there are."""

    intent = "list_routines"


class Help(CoachAction):
    """What the coach can do."""

    intent = "help"
