"""Phrases that recognizers should know, from the training data and the content."""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from palmwise.errors import LanguageError

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = {"1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth", "5th": "fifth", "6th": "sixth"}
_I_AM = re.compile(r"\bi am\b(?= .)")
"""Said in one word by nearly all, except where it ends a sentence."""
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*'?|\d+(?:st|nd|rd|th)?")


def spoken(text: str) -> str:
    """As it sounds: lower case words with one blank between them, numbers in words, nothing else."""
    plain = text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("-", " ")
    words = " ".join(_in_words(word) for word in _WORD.findall(plain))
    return _I_AM.sub("i'm", words)


_SAME = {
    "ok": "okay",
    "whats": "what's",
    "thats": "that's",
    "im": "i'm",
    "dont": "don't",
    "lets": "let's",
    "ive": "i've",
    "cant": "can't",
}


def _in_words(word: str) -> str:
    if word in _SAME:
        return _SAME[word]
    if word in _ORDINALS:
        return _ORDINALS[word]
    if not word[0].isdigit():
        return word
    digits = re.sub(r"\D", "", word)
    value = int(digits)
    if value < len(_SMALL):
        return _SMALL[value]
    if value >= 100:
        return " ".join(_SMALL[int(digit)] for digit in digits)
    tens, ones = divmod(value, 10)
    return _TENS[tens - 2] + (f" {_SMALL[ones]}" if ones else "")


def similarity(one: str, other: str) -> float:
    """How much two texts sound alike, letter by letter without blanks: 0 to 1."""
    return difflib.SequenceMatcher(None, one.replace(" ", ""), other.replace(" ", ""), autojunk=False).ratio()


def word_errors(said: str, heard: str) -> int:
    """The least number of words put in, left out or changed between what was said and what was heard."""
    wanted, got = said.split(), heard.split()
    row = list(range(len(got) + 1))
    for i, word in enumerate(wanted, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(got, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != other))
    return row[-1]


FOLDERS = ("data/nlu", "content/en/techniques", "content/en/routines", "content/en/symptoms", "content/en/vocabulary")
FORGETTING = "content/en/forgetting.yml"
MISHEARD = ("spoken.yml",)
"""Files of what other recognisers make of phrases ("how long does this won take"): nobody says that."""
_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_EXAMPLE = re.compile(r"^\s*-\s+(.*\S)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Line:
    """Something that people say."""

    intent: str
    """As in the training data: `next_step`, `faq/oils`; `names` for what content calls things."""
    text: str
    """As it sounds: lower case words, no digits, no punctuation."""


def sources(root: Path) -> list[Path]:
    """The files that lines are read from, in a fixed order."""
    found = (path for folder in FOLDERS for path in (root / folder).glob("*.yml"))
    return sorted(path for path in (*found, root / FORGETTING) if path.is_file() and path.name not in MISHEARD)


def lines(root: Path) -> tuple[Line, ...]:
    """Everything that people say, without repetitions. Raises `LanguageError` where there is nothing to read."""
    found: dict[Line, None] = {}
    for path in sources(root):
        for intent, text in _said_in(path):
            if heard := spoken(text):
                found[Line(intent, heard)] = None
    if not found:
        raise LanguageError(f"There is no training data under {root}: start the coach from the project's folder.")
    return tuple(found)


def _said_in(path: Path) -> Iterator[tuple[str, str]]:
    told = content(path)
    if "nlu" in told:
        for block in told["nlu"] or ():
            if "intent" in block:
                for example in _EXAMPLE.findall(block["examples"]):
                    yield block["intent"], _ENTITY.sub(r"\1", example)
        return
    names = [str(name) for name in told.get("names") or ()]
    for value in (told.get("values") or {}).values():
        names += [str(name) for name in value]
    names += [str(phrase) for phrase in told.get("usual") or ()]
    yield from (("names", name) for name in names)


def content(path: Path) -> dict[str, Any]:
    """What a file of content holds. Raises `LanguageError`."""
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 -- both of them are safe
    except (OSError, yaml.YAMLError) as error:
        raise LanguageError(f"{path} cannot be read: {error}") from error
    return found if isinstance(found, dict) else {}


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
_ORDINAL_WORDS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()


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
        texts += [_ORDERED.sub(number, line.text) for number in _ORDINAL_WORDS]
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
