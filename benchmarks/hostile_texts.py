"""What the worst texts cost: `python -m benchmarks.hostile_texts` parses each with the trained model.

A message has 1,000 characters at most. Each of these is meant to be as dear as possible for some step of understanding.
"""

from __future__ import annotations

import asyncio
import logging
import random
import string
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any

import structlog

from benchmarks.tables import table, write_report
from palmwise.nlu.encoder import SentenceEncoder
from palmwise.resources import ROOT
from palmwise.server.runtime import install

LONGEST = 1000
"""Characters of a message."""
ORDINARY = (
    "could you slow down a little bit please",
    "my right thumb is a bit stiff today",
    "how long is the next step",
)
MOST = 5.0
"""What the dearest text may cost, as a multiple of an ordinary one."""
ROUNDS = 5


@dataclass
class Work:
    """What a text costs on every machine alike."""

    calls: int = 0
    """Of functions, those of C included."""
    pieces: int = 0
    """Word pieces that are encoded, padding included."""

    def count(self, frame: FrameType, event: str, _: Any) -> None:
        """Count an event of the interpreter, as `sys.setprofile` tells it."""
        self.calls += event in ("call", "c_call")
        if event == "call" and frame.f_code is SentenceEncoder._run.__code__:  # noqa: SLF001 - where the work is
            batch = frame.f_locals["batch"]
            self.pieces += len(batch) * max(map(len, batch))


FIXED = {
    "one letter": "a" * LONGEST,
    "double letters": "aabbccdd" * 125,
    "misspelt words": "relaksation massge reflexologgy strokse " * 25,
    "short words": "a b " * 250,
    "different words": " ".join(a + b for a in string.ascii_lowercase for b in "aeioubcdfghjk"),
    "no spaces": "nextStepPleaseStop" * 55,
    "the same word": "i " * 500,
    "numbers": "5 6 " * 250,
    "hundreds": "a hundred and " * 71,
    "minutes": "ten minutes " * 83,
    "corrections": "step six no five " * 58,
    "dangers": "my chest hurts " * 66,
    "denials": "no numbness nothing swollen " * 35,
    "stop": "stop " * 200,
    "pain": "it hurts and " * 76,
    "names": "classic massage or reflexology " * 32,
    "hands": "left hand right hand " * 47,
    "full clauses": "my left thumb hurts and then the cream ran out so what can I use instead, and stop the clock "
    "please, no wait, go back to step two and then slow down a little bit because it hurts",
    "clauses": "and then, " * 100,
    "questions": "why? how? what? " * 62,
    "emoji": "\U0001f600" * LONGEST,
    "stop signs": "\U0001f6d1\u270b" * 500,
    "different emoji": "".join(chr(0x1F300 + number % 700) for number in range(LONGEST)),
    "combining marks": "e\u0301" * 500,
    "towers of marks": "ne\u0301\u0302\u0303xt " * 120,
    "Chinese": "\u4f60" * LONGEST,
    "punctuation": "?!" * 500,
    "apostrophes": "a'" * 500,
    "decimals": "1." * 500,
    "digits": "1" * LONGEST,
    "fractions": "1/2" * 333,
    "a long story": "I had a long day at work and my hands are tired and a bit stiff, is there something for it? " * 11,
}
"""Hostile texts by name that need no chance."""


def texts() -> dict[str, str]:
    """Hostile texts by name."""
    chance = random.Random(1)  # noqa: S311 - it guards nothing

    def word(letters: int) -> str:
        return "".join(chance.choices(string.ascii_lowercase, k=letters))

    drawn = {
        "one long word": word(LONGEST),
        "two long words": f"{word(499)} {word(500)}",
        "unknown words": " ".join(word(11) for _ in range(83)),
        "longer unknown words": " ".join(word(29) for _ in range(33)),
        "unknown clauses": " and then ".join(f"stop {word(24)} {word(24)}" for _ in range(11)),
        "unknown corrections": f"{word(24)} {word(24)} step six and then stop {word(24)} no wait step five {word(24)}. "
        "what else",
        "any script": "".join(chr(chance.randrange(0x250, 0x2000)) for _ in range(LONGEST)),
    }
    return {name: text[:LONGEST] for name, text in {**drawn, **FIXED}.items()}


def work(parse: Callable[[str], object], text: str) -> Work:
    """What it takes to parse a text that was not parsed before."""
    found = Work()
    sys.setprofile(found.count)
    try:
        parse(text)
    finally:
        sys.setprofile(None)
    return found


def ordinary_work(parse: Callable[[str], object]) -> Work:
    """The least that an ordinary text takes, once everything is loaded."""
    found = [work(parse, text) for _ in range(2) for text in ORDINARY]
    return Work(min(each.calls for each in found), min(each.pieces for each in found))


def costs(parse: Callable[[str], object]) -> dict[str, float]:
    """CPU time of each text as a multiple of the median of ordinary ones; the least of some tries, without caches."""

    def once(text: str) -> float:
        began = time.process_time()
        parse(text)
        return time.process_time() - began

    ordinary = sorted(min(once(text + " " * number) for number in range(ROUNDS)) for text in ORDINARY)[1]
    return {name: min(once(text) for _ in range(2)) / ordinary for name, text in texts().items()}


def main() -> int:
    """Write the table; 1 if a text costs more than `MOST`."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    from rasa.core.agent import Agent  # noqa: PLC0415 - takes seconds

    agent = Agent.load(ROOT / "models" / "palmwise.tar.gz")
    install(agent)
    loop = asyncio.new_event_loop()

    def parse(text: str) -> object:
        return loop.run_until_complete(agent.parse_message(text))

    found, usual = costs(parse), ordinary_work(parse)
    counted = {name: work(parse, text) for name, text in texts().items()}
    rows = [
        (name, cost, counted[name].calls / usual.calls, counted[name].pieces)
        for name, cost in sorted(found.items(), key=lambda row: -row[1])
    ]
    head = ("text", "times an ordinary one", "its calls", f"word pieces ({usual.pieces})")
    sys.stdout.write(write_report("hostile_texts", table(head, rows)))
    return 0 if max(found.values()) <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
