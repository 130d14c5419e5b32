"""Words that the system's voice would mispronounce, written so that it pronounces them well."""

from __future__ import annotations

import re
from pathlib import Path

RESPELLED = Path(__file__).parent / "data" / "respelled.txt"


class Respelling:
    """Replaces words by their respellings. The natural voice knows these words and must be given them as they are."""

    def __init__(self, path: Path = RESPELLED) -> None:
        """`path` has a word and its respelling on each line."""
        rows = (line.split(maxsplit=1) for line in path.read_text(encoding="utf-8").splitlines())
        self._words = {row[0]: row[1] for row in rows if len(row) == 2 and row[0] != "#"}
        self._pattern = re.compile(rf"\b({'|'.join(map(re.escape, self._words))})\b", re.IGNORECASE)

    def respell(self, text: str) -> str:
        """Return the text for the voice."""
        return self._pattern.sub(lambda match: self._words[match[0].lower()], text)
