"""The coach's own sentences: `content/phrases.yml`, with places to fill in."""

from __future__ import annotations

import string
from collections.abc import Mapping

from palmwise.coach.errors import PhraseError
from palmwise.coach.model import Spoken


class Phrases:
    """Sentences by key; several variants a key take turns, so that nothing is said three times running."""

    def __init__(self, lines: Mapping[str, tuple[Spoken, ...]]) -> None:
        """`lines`: the variants of each key."""
        self.lines = lines

    def line(self, key: str, turn: int, **values: object) -> Spoken:
        """The variant of `key` whose turn it is, filled in.

        A value that is a `Spoken` fills the text with its text, what is said with what it says.
        Raises `PhraseError` for an unknown key or a missing value.
        """
        variants = self.lines.get(key)
        if not variants:
            raise PhraseError(f'content/phrases.yml has no "{key}"')
        line = variants[turn % len(variants)]
        eye = {name: value.text if isinstance(value, Spoken) else value for name, value in values.items()}
        ear = {name: value.say if isinstance(value, Spoken) else value for name, value in values.items()}
        try:
            return Spoken(line.text.format_map(eye), line.say.format_map(ear))
        except KeyError as error:
            raise PhraseError(f'the phrase "{key}" wants {error}, which is not known there') from error


def places(line: Spoken) -> frozenset[str]:
    """The names between braces in a line."""
    parts = (*string.Formatter().parse(line.text), *string.Formatter().parse(line.say))
    return frozenset(name for _, name, _, _ in parts if name)
