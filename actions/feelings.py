"""What hurts."""

from __future__ import annotations

from actions.base import CoachAction


class ReportSymptom(CoachAction):
    """An everyday complaint to be helped with."""

    intent = "report_symptom"


class ReportPain(CoachAction):
    """The massage itself hurts."""

    intent = "report_pain"
    safety = True


class ReportRedFlag(CoachAction):
    """Something that a massage must not be started on."""

    intent = "report_red_flag"
    safety = True
