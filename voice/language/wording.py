"""Turns written sentences into the words that are heard, and compares what was heard."""

from __future__ import annotations

import difflib
import re

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
