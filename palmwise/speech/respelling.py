"""Words that a voice would mispronounce, written so that it pronounces them well."""

from __future__ import annotations

import re
from pathlib import Path

_DATA = Path(__file__).parent / "data"
FOR_SYSTEM, FOR_NATURAL = _DATA / "respelled.txt", _DATA / "pronounced.txt"
"""The system's voice is given other letters, the natural one phonemes."""


class Respelling:
    """Replaces words by their respellings."""

    def __init__(self, path: Path) -> None:
        """`path` has a word and its respelling on each line."""
        rows = (line.split(maxsplit=1) for line in path.read_text(encoding="utf-8").splitlines())
        self._words = {row[0]: row[1] for row in rows if len(row) == 2 and row[0] != "#"}
        self._pattern = re.compile(rf"\b({'|'.join(map(re.escape, self._words))})\b", re.IGNORECASE)

    def respell(self, text: str) -> str:
        """Return the text for the voice."""
        return self._pattern.sub(lambda match: self._words[match[0].lower()], text)
