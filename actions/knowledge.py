"""Questions about hand massage in general."""

from __future__ import annotations

from actions.base import CoachAction


class Faq(CoachAction):
    """One of the questions that the content answers."""

    intent = "faq"
