"""What a client does by itself before the coach has understood a message: hold the clock, and let itself be cut off.

The phrase rules of the safety lists become one regular expression, so that a client needs no matcher. It asks for less
than the rules do: phrases may be negated, and at any distance. A clock that is held in vain goes on with the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from palmwise.coach.content import Content
from palmwise.language.phrase_matching import UNLIMITED, PhraseRule


def client_phrases(content: Content) -> dict[str, Any]:
    """The phrases as JSON.

    `hold`: a regular expression, of JavaScript or Python, that is found in the lower-case words of a message, separated
    by single blanks, if the clock is to be held. `cut_in`: words that cut the coach off.
    """
    lists = (content.holding, *content.alarms.values())
    rules = dict.fromkeys(_pattern(rule) for each in lists for _, rule in each.rules)
    return {"hold": f"^(?:{'|'.join(rules)})", "cut_in": list(content.holding.usual)}


def _pattern(rule: PhraseRule) -> str:
    """A pattern, for the beginning of a message, of what `rule` takes."""
    end = "$" if rule.at_end else ""
    needed = "".join(f"(?=.*{_any(group)}{end})" for group in rule.required)
    longest = f"(?!(?:\\S+ ){{{rule.max_words}}})" if rule.max_words < UNLIMITED else ""
    unless = f"(?!.*{_any(rule.unless)})" if rule.unless else ""
    allowed = (*rule.only, *(phrase for group in rule.required for phrase in group))
    only = f"(?=(?:{_any(allowed)} ?)+$)" if rule.only else ""
    return f"{longest}{needed}{unless}{only}"


def _any(phrases: Iterable[str]) -> str:
    """A pattern of any of the phrases as whole words; a star stands for the rest of a word."""
    alternatives = "|".join(re.escape(phrase).replace(r"\*", r"\S*").replace(r"\ ", "(?:'s)? ") for phrase in phrases)
    return rf"(?<!\S)(?:{alternatives})(?:'s)?(?!\S)"
