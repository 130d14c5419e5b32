"""Decides what was said from what Moonshine makes of it, decoded freely and along the phrases that the coach knows.

The free text is right where people say what nobody foresaw; known phrases win in noise, where single words get lost.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from palmwise.speech.moonshine import Candidate
from palmwise.speech.vocabulary import similarity

URGENT_INTENTS = frozenset({"stop", "pause", "report_pain"})
"""What must not be missed: a pause too many costs a moment, one too few may hurt."""


@dataclass(frozen=True)
class Margins:
    """How sure a known phrase must be to be taken. Chosen on the tuning voices of `benchmarks.voice.speakers`.

    Likelihoods are natural logarithms over all tokens of a text.
    """

    likeness: float = 0.4
    """How alike (0 to 1) a phrase must be to the free text, where there is one."""
    likeness_of_answer: float = 0.6
    """The same for the answer to an open question: a "no" may open the way to a massage."""
    likeness_weight: float = 6.0
    """How much likelihood full likeness is worth when phrases are compared."""
    urgency: float = 1.5
    """What likelihood an urgent intent is given."""
    base: float = 2.0
    """By how much a phrase may be less likely than the free text..."""
    per_word: float = 1.0
    """...and how much more for each of its words."""
    ahead: float = 1.0
    """By how much it must be ahead of the best phrase of another intent."""


def choose_phrase(
    free: Candidate,
    phrases: Sequence[Candidate],
    intents: Mapping[str, str],
    answers: Mapping[str, str],
    margins: Margins | None = None,
) -> str | None:
    """Return the known phrase that was probably said; None if none is sure enough.

    `free` has its text in spoken form. `intents` has the intent of each command, `answers` the meaning of each answer
    to the open question, which wins: there "no" is the answer, whatever it may mean elsewhere.
    """
    limits = margins or Margins()

    def meaning(text: str) -> str:
        return f"answer {answers[text]}" if text in answers else intents.get(text, text)

    def score(phrase: Candidate) -> float:
        urgent = limits.urgency if intents.get(phrase.text) in URGENT_INTENTS else 0.0
        return phrase.likelihood + limits.likeness_weight * similarity(free.text, phrase.text) + urgent

    ranked = sorted(phrases, key=score, reverse=True)
    if not ranked:
        return None
    best = ranked[0]
    rivals = [score(other) for other in ranked if meaning(other.text) != meaning(best.text)]
    ahead = not rivals or score(best) - rivals[0] >= limits.ahead
    allowance = limits.base + limits.per_word * len(best.text.split())
    likely = best.likelihood >= free.likelihood - allowance
    needed = limits.likeness_of_answer if best.text in answers else limits.likeness
    alike = not free.text or similarity(free.text, best.text) >= needed
    return best.text if ahead and likely and alike else None


@dataclass(frozen=True)
class AlarmMargins:
    """When a short sound counts as a word of alarm. Likelihoods as in `Margins`."""

    sure: float = 3.0
    """By how much the word may be less likely than the free text."""
    doubtful: float = 7.0
    """By how much it may be for a pause."""
    likeness: float = 0.34
    """How alike (0 to 1) it must be to the free text, where there is one."""
    longest: float = 2.4
    """Seconds of a clip, silence included, that may be a single word."""
    most_words: int = 3
    """Words of the free text."""
    unlike: float = 4.0
    """By how much it may be less likely than a free text that is nothing like it, as among people who talk..."""
    ahead: float = 2.0
    """...if it is by so much likelier than every known phrase that is not urgent."""


def choose_alarm(
    free: Candidate, alarms: Sequence[Candidate], seconds: float, rival: float, margins: AlarmMargins | None = None
) -> tuple[str, bool]:
    """Return the word of alarm that may have been said, and whether that is sure; empty if it was something else.

    `free` has its text in spoken form; `seconds` is how long the clip is; `rival` is the likelihood of the likeliest
    known phrase that is not urgent.
    """
    limits = margins or AlarmMargins()
    if seconds > limits.longest or not alarms:
        return "", False
    best = max(alarms, key=lambda each: each.likelihood + 4 * similarity(free.text, each.text))
    behind = free.likelihood - best.likelihood
    alike = not free.text or similarity(free.text, best.text) >= limits.likeness
    if alike and behind <= limits.doubtful and len(free.text.split()) <= limits.most_words:
        return best.text, behind <= limits.sure
    likeliest = max(alarms, key=lambda each: each.likelihood)
    close = free.likelihood - likeliest.likelihood <= limits.unlike
    return (likeliest.text if close and likeliest.likelihood - rival >= limits.ahead else ""), False


def likelihood_of_others(phrases: Iterable[Candidate], intents: Mapping[str, str]) -> float:
    """Return the likelihood of the likeliest phrase that is not urgent."""
    others = (phrase.likelihood for phrase in phrases if intents.get(phrase.text) not in URGENT_INTENTS)
    return max(others, default=-math.inf)


def without_loops(text: str) -> str:
    """Return "stop" for "stop stop stop": what is said again and again, by people in a fright and by the recognizer."""
    words = text.split()
    for length in (1, 2, 3):
        if len(words) >= 2 * length and all(word == words[at % length] for at, word in enumerate(words)):
            return " ".join(words[:length])
    return text


def merge(*lists: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates of several lists, each text once, with its best likelihood."""
    best: dict[str, Candidate] = {}
    for candidate in (each for one in lists for each in one):
        known = best.get(candidate.text)
        if known is None or candidate.likelihood > known.likelihood:
            best[candidate.text] = candidate
    return sorted(best.values(), key=lambda each: -each.likelihood)
