"""Courtesy."""

from __future__ import annotations

from actions.base import CoachAction


class Greet(CoachAction):
    """A hello."""

    intent = "greet"


class Goodbye(CoachAction):
    """A goodbye."""

    intent = "goodbye"


class Thank(CoachAction):
    """A thank-you."""

    intent = "thank"


class Affirm(CoachAction):
    """A yes, to whatever was asked."""

    intent = "affirm"


class Deny(CoachAction):
    """A no, to whatever was asked."""

    intent = "deny"


class BotChallenge(CoachAction):
    """Whether this is a person."""

    intent = "bot_challenge"


class Praise(CoachAction):
    """Kind words."""

    intent = "praise"


class Complain(CoachAction):
    """Unkind words."""

    intent = "complain"
