"""The errors that the heart raises, one sentence each."""

from __future__ import annotations

from collections.abc import Sequence


class CoachError(Exception):
    """Anything that goes wrong in the heart."""


class ContentError(CoachError):
    """Raised when `content/` has mistakes; tells all of them at once."""

    def __init__(self, problems: Sequence[str]) -> None:
        """`problems`: one "file:line: sentence" a mistake."""
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class PhraseError(CoachError):
    """Raised when the code asks for a phrase that `content/phrases.yml` does not have."""
