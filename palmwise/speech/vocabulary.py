"""What people say to the coach, in words as they sound, and the commands among it that recognizers should know."""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from palmwise.coach.content import Content
from palmwise.language.numbers import write_cardinal, write_ordinal
from palmwise.training_files import Sentence

_COLLOQUIAL = {
    "ok": "okay",
    "whats": "what's",
    "thats": "that's",
    "im": "i'm",
    "dont": "don't",
    "lets": "let's",
    "ive": "i've",
    "cant": "can't",
}
_I_AM = re.compile(r"\bi am\b(?= .)")
"""Nearly everybody says it as one word, except where it ends a sentence."""
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*'?|(\d+)(st|nd|rd|th)?")


def spoken_form(text: str) -> str:
    """Return the text as it sounds: lower case words separated by single spaces, numbers in words, no punctuation."""
    plain = text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("-", " ")
    return _I_AM.sub("i'm", " ".join(map(_in_words, _WORD.finditer(plain))))


def _in_words(match: re.Match[str]) -> str:
    word, digits, ending = match[0], match[1], match[2]
    if digits is None:
        return _COLLOQUIAL.get(word, word)
    if ending and (ordinal := write_ordinal(int(digits))).isalpha():
        return ordinal
    if len(digits) > 2:
        return " ".join(map(write_cardinal, map(int, digits)))
    return write_cardinal(int(digits)).replace("-", " ")


def similarity(one: str, other: str) -> float:
    """Return how alike two texts are, letter by letter without spaces: 0 to 1."""
    return difflib.SequenceMatcher(None, one.replace(" ", ""), other.replace(" ", ""), autojunk=False).ratio()


@dataclass(frozen=True)
class Utterance:
    """Something that people say."""

    intent: str
    """As in the training data, such as `next_step` or `faq/oils`; `names` for what the content calls things."""
    text: str
    """Its spoken form."""


def utterances(sentences: Iterable[Sentence], content: Content) -> tuple[Utterance, ...]:
    """Return everything that people say, without repetitions: the training data, names of things, deletion requests."""
    said = [(sentence.label, sentence.text) for sentence in sentences]
    said += [("names", name) for values in content.vocabulary.values() for names in values.values() for name in names]
    said += [("names", phrase) for phrase in content.forgetting.usual]
    said += [(f"faq/{faq.id}", text) for faq in content.faqs.values() for text in faq.asked]
    found = dict.fromkeys(Utterance(intent, spoken_form(text)) for intent, text in said)
    return tuple(utterance for utterance in found if utterance.text)


COMMAND_INTENTS = frozenset(
    "start_routine next_step previous_step repeat_step go_to_step pause resume stop restart switch_hand slow_down "
    "speed_up speak_up speak_softly how_long ask_progress explain_step explain_benefit explain_technique list_steps "
    "list_routines help report_pain set_duration affirm deny thank greet goodbye".split()
)
NUMBERED_INTENTS = ("go_to_step", "set_duration")
LONGEST_COMMAND = 6
"""Words; longer ones are said in too many ways to be listed."""
PHRASES_PER_INTENT = 32
"""In the grammar, which gets slow with thousands of phrases."""
RARITY_PER_WORD = 0.25
"""How much rarer a command is for each of its words, against the logarithm of how many others it is part of."""
PRELUDES = ("affirm", "deny", "thank", "greet")
"""Intents of what people say before they come to the point: "yes, but...", "no, my...", "okay, and..."."""
_NUMBERS = [write_cardinal(number) for number in range(1, 11)]
_ORDINAL_NUMBERS = [write_ordinal(number) for number in range(1, 11)]
_CARDINAL = re.compile(rf"\b({'|'.join(_NUMBERS)})\b")
_ORDINAL = re.compile(rf"\b({'|'.join(_ORDINAL_NUMBERS)})\b")


def commands(said: Iterable[Utterance]) -> Mapping[str, str]:
    """Return the commands and the intent of each; of several intents of one command, the first."""
    found: dict[str, str] = {}
    for utterance in said:
        if utterance.intent in COMMAND_INTENTS and len(utterance.text.split()) <= LONGEST_COMMAND:
            for text in _with_all_numbers(utterance):
                found.setdefault(text, utterance.intent)
    return found


def _with_all_numbers(utterance: Utterance) -> list[str]:
    """Return the text, and if it names a step or minutes, the same with every other number."""
    texts = [utterance.text]
    if utterance.intent in NUMBERED_INTENTS:
        for pattern, words in ((_CARDINAL, _NUMBERS), (_ORDINAL, _ORDINAL_NUMBERS)):
            if len(pattern.findall(utterance.text)) == 1:
                texts += [pattern.sub(word, utterance.text) for word in words]
    return texts


def with_please(known: Mapping[str, str]) -> Mapping[str, str]:
    """Return the commands, and each with a "please" after it."""
    return {f"{text} please": intent for text, intent in known.items()} | dict(known)


def count_containing(known: Mapping[str, str]) -> Mapping[str, int]:
    """Return for each command how many longer ones of the same intent contain it: an estimate of how usual it is.

    Training data list the ways to say a thing, not how often each is said; but what is said most is what people
    decorate ("go back" in "okay go back please").
    """
    found: Counter[str] = Counter()
    for text, intent in known.items():
        words = text.split()
        parts = {" ".join(words[a:b]) for a in range(len(words)) for b in range(a + 1, len(words) + 1)}
        found.update(part for part in parts if part != text and known.get(part) == intent)
    return found


def incomplete_commands(known: Mapping[str, str]) -> frozenset[str]:
    """Return the commands after which more is likely: preludes, and those that mostly begin one of another intent."""
    same: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for text, intent in known.items():
        words = text.split()
        for beginning in (" ".join(words[:count]) for count in range(1, len(words))):
            if beginning in known:
                (same if known[beginning] == intent else other)[beginning] += 1
    return frozenset(text for text, intent in known.items() if intent in PRELUDES or other[text] > same[text])


def most_usual(known: Mapping[str, str]) -> tuple[str, ...]:
    """Return the `PHRASES_PER_INTENT` most usual commands of each intent: short ones that many others contain."""
    containing = count_containing(known)

    def rarity(text: str) -> tuple[float, str]:
        return RARITY_PER_WORD * len(text.split()) - math.log1p(containing.get(text, 0)), text

    chosen: list[str] = []
    for intent in sorted(set(known.values())):
        chosen += sorted((text for text, of in known.items() if of == intent), key=rarity)[:PHRASES_PER_INTENT]
    return tuple(chosen)
