"""Chooses the phrases that a closed ear knows: short ways to ask for what can be asked for in mid-routine."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from voice.language.reading import Line

INTENTS = frozenset(
    "start_routine next_step previous_step repeat_step go_to_step pause resume stop restart switch_hand slow_down "
    "speed_up speak_up speak_softly how_long ask_progress explain_step explain_benefit explain_technique list_steps "
    "list_routines help report_pain set_duration affirm deny thank greet goodbye".split()
)
LONGEST = 6
"""Words of a phrase: longer ones are said in too many ways to be listed."""
TYPICAL = 32
"""Phrases of each intent that the grammar takes."""
WORDY = 0.25
"""What each word takes off a phrase's being usual, against the logarithm of how many it is part of."""
PRELUDES = ("affirm", "deny", "thank", "greet")
"""Intents of what people say first: "yes, but...", "no, my...", "okay, and..."."""
_COUNTED = re.compile(r"\b(one|two|three|four|five|six|seven|eight|nine|ten)\b")
_ORDERED = re.compile(r"\b(first|second|third|fourth|fifth|sixth)\b")
_NUMBERS = "one two three four five six seven eight nine ten".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()


def commands(lines: Iterable[Line]) -> Mapping[str, str]:
    """Phrases and the intent of each. A phrase that several intents have goes to the one that moves the massage."""
    found: dict[str, str] = {}
    for line in lines:
        if line.intent in INTENTS and len(line.text.split()) <= LONGEST:
            for text in _counted(line):
                found.setdefault(text, line.intent)
    return found


def _counted(line: Line) -> list[str]:
    """The line, and where it names a step or minutes, the same with every number."""
    if line.intent not in ("go_to_step", "set_duration"):
        return [line.text]
    texts = [line.text]
    if len(_COUNTED.findall(line.text)) == 1:
        texts += [_COUNTED.sub(number, line.text) for number in _NUMBERS]
    if len(_ORDERED.findall(line.text)) == 1:
        texts += [_ORDERED.sub(number, line.text) for number in _ORDINALS]
    return texts


def politely(known: Mapping[str, str]) -> Mapping[str, str]:
    """The commands, and each with a "please" after it."""
    return {f"{text} please": intent for text, intent in known.items()} | dict(known)


def cores(known: Mapping[str, str]) -> Mapping[str, int]:
    """How many longer commands of the same intent each command is part of: the more, the more usual it is itself.

    Training data list the ways to say a thing, not how often each is said; but what is said most is what people
    decorate ("go back" in "okay go back please").
    """
    found: Counter[str] = Counter()
    for text, intent in known.items():
        words = text.split()
        parts = {" ".join(words[a:b]) for a in range(len(words)) for b in range(a + 1, len(words) + 1)}
        found.update(part for part in parts if part != text and known.get(part) == intent)
    return found


def unfinished(known: Mapping[str, str]) -> frozenset[str]:
    """Commands that mostly begin one of another intent, and what people say before they come to the point."""
    same: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for text, intent in known.items():
        words = text.split()
        for begun in (" ".join(words[:count]) for count in range(1, len(words))):
            if begun in known:
                (same if known[begun] == intent else other)[begun] += 1
    return frozenset(text for text, intent in known.items() if intent in PRELUDES or other[text] > same[text])


def shortlist(known: Mapping[str, str]) -> tuple[str, ...]:
    """The commands for a grammar, which gets slow with thousands of phrases: the most usual ones of each intent."""
    inside = cores(known)
    chosen: list[str] = []
    for intent in sorted(set(known.values())):
        phrases = (phrase for phrase, of in known.items() if of == intent)
        chosen += sorted(phrases, key=lambda phrase: _rarity(phrase, inside))[:TYPICAL]
    return tuple(chosen)


def _rarity(phrase: str, inside: Mapping[str, int]) -> tuple[float, str]:
    """Low for short phrases that are part of many."""
    return WORDY * len(phrase.split()) - math.log1p(inside.get(phrase, 0)), phrase
