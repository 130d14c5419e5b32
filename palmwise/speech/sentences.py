"""Cuts what is to be spoken into lines."""

from __future__ import annotations

import re
from pathlib import Path

RESPELLED = Path(__file__).parent / "data" / "respelled.txt"
LONGEST = 160
"""Characters of a line: some ten seconds. What is cut off by a listener is said again from the line's start."""
_END = re.compile(r"(?<=[.!?:;])\s+")
_MARKS = re.compile(r"[*_`#]+")


def lines(text: str) -> tuple[str, ...]:
    """Its sentences; very long ones are cut at a comma."""
    found: list[str] = []
    for sentence in _END.split(_MARKS.sub("", text).strip()):
        found += _parts(sentence.strip())
    return tuple(line for line in found if re.search(r"\w", line))


def _parts(sentence: str) -> list[str]:
    if len(sentence) <= LONGEST:
        return [sentence]
    comma = sentence.rfind(", ", 0, LONGEST)
    if comma < 0:
        return [sentence]
    return [sentence[: comma + 1], *_parts(sentence[comma + 2 :])]


class Respelling:
    """Words that a voice would say wrongly, written so that it says them rightly."""

    def __init__(self, path: Path = RESPELLED) -> None:
        """`path`: a word and its respelling a line."""
        rows = (line.split(maxsplit=1) for line in path.read_text(encoding="utf-8").splitlines())
        self._words = {row[0]: row[1] for row in rows if len(row) == 2 and row[0] != "#"}
        self._pattern = re.compile(rf"\b({'|'.join(map(re.escape, self._words))})\b", re.IGNORECASE)

    def of(self, text: str) -> str:
        """The text for the voice."""
        return self._pattern.sub(lambda found: self._words[found[0].lower()], text)
