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
FIRST, TYPICAL = 12, 15
"""Phrases of each intent that the grammar takes: those listed first, those made of the intent's most usual words."""
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


def shortlist(known: Mapping[str, str]) -> tuple[str, ...]:
    """The commands for a grammar, which gets slow with thousands of phrases; `known` in the order of the data."""
    chosen: dict[str, None] = {}
    for intent in sorted(set(known.values())):
        phrases = [phrase for phrase, of in known.items() if of == intent]
        usual = Counter(word for phrase in phrases for word in set(phrase.split()))
        ranked = sorted(phrases, key=lambda phrase: _rarity(phrase, usual))
        chosen.update(dict.fromkeys([*phrases[:FIRST], *ranked[:TYPICAL]]))
    return tuple(chosen)


def _rarity(phrase: str, usual: Mapping[str, int]) -> tuple[float, str]:
    """Low for short phrases of usual words."""
    words = phrase.split()
    return 0.3 * len(words) - sum(math.log(usual[word]) for word in words) / len(words), phrase
