"""Delivery: how calmly a text is spoken. Guidance is slower than answers, with a breath between its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_SENTENCE = re.compile(r".+?<pause \d+(?:\.\d+)?>|.+", re.DOTALL)
_PAUSE = re.compile(r"\s*<pause (\d+(?:\.\d+)?)>\s*")


@dataclass(frozen=True)
class Delivery:
    """How a text is spoken."""

    pace: float
    """Factor on the rate."""
    breath: float
    """Seconds of silence between two sentences."""


PLAIN = Delivery(1.0, 0.22)
"""For answers."""
CALM = Delivery(0.93, 0.5)
"""For guidance, during which hands move and eyes may be closed."""
GUIDING_CARDS = frozenset({"step", "prepare", "paused", "ease", "finished"})
"""Kinds of cards that are guidance; the others answer something."""
SWAP_BREATH = 1.0
"""Seconds after the sentence that changes hands: the hands need them."""


def with_pauses(text: str, delivery: Delivery, *, swaps: bool = False) -> str:
    """The text with a mark for the silence after each sentence but the last; `swaps`: the first one changes hands."""
    sentences = SENTENCE_END.split(text.strip())
    marked = []
    for number, sentence in enumerate(sentences):
        seconds = SWAP_BREATH if swaps and number == 0 else delivery.breath
        marked.append(f"{sentence} {pause_mark(seconds)}" if number < len(sentences) - 1 else sentence)
    return " ".join(marked)


def sentence_at(marked: str, number: int) -> str | None:
    """The sentence of that number (from 0) in a text with marks, with the silence behind it; None beyond the last."""
    sentences = [found.strip() for found in _SENTENCE.findall(marked)]
    return sentences[number] if number < len(sentences) else None


def pause_mark(seconds: float) -> str:
    """The mark for a silence in a text to be spoken."""
    return f"<pause {seconds:g}>"


def parts(text: str) -> Iterator[str | float]:
    """The words and the silences (in seconds) of a text with marks, in order."""
    for at, piece in enumerate(_PAUSE.split(text)):
        if at % 2:
            yield float(piece)
        elif piece.strip():
            yield piece.strip()
