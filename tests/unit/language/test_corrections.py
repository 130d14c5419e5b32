"""What is left of a message when what was taken back is dropped."""

import pytest

from palmwise.language.sentences import breaks_of
from palmwise.language.tokens import EntitySpan, tokenize
from palmwise.resources import content

NAMES = {
    "kneading": "technique",
    "rolling": "technique",
    "classic": "routine",
    "reflexology": "routine",
    "left": "hand",
}
NAMES |= {"right": "hand"}


def corrected(text: str) -> str | None:
    tokens = tokenize(text)
    words = [token.text for token in tokens]
    names = [EntitySpan(NAMES[word], word, at, 1) for at, word in enumerate(words) if word in NAMES]
    correction = content().corrections.read(words, names, breaks_of(tokens, text))
    return None if correction is None else " ".join(words[at] for at in correction.kept)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("go to step four, no, three", "go to step three"),
        ("take me to two i mean six", "take me to six"),
        ("ten minutes sorry twelve", "twelve minutes"),
        ("the third, er, the fifth", "the fifth"),
        ("start the classic no wait reflexology", "start the reflexology"),
        ("kneading, scratch that, rolling", "rolling"),
        ("left no right", "right"),
        ("not the classic, reflexology", "reflexology"),
        ("step five not two", "step five"),
        ("quicker, no, calmer", "calmer"),
        ("go back oops go on", "go on"),
        ("stop no don't stop", "don't stop"),
        ("skip it, say it again i mean", "say it again"),
        ("how long is this one no the kneading", "how long is this one the kneading"),
        ("no i meant the whole massage", "the whole massage"),
        ("i said seven", "seven"),
        ("stop that's the wrong one i wanted the classic", "the classic"),
        ("no i didn't mean carry on, i meant tell me about this one", "tell me about this one"),
        ("i never asked for the classic, i wanted reflexology", "reflexology"),
    ],
)
def test_what_is_taken_back_is_dropped(text: str, meant: str) -> None:
    assert corrected(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "no pain at all",
        "there is no hurry",
        "i have no oil",
        "next please",
        "i'm sorry for that",
        "no problem",
        "it no longer hurts",
        "yes no",
        "five or ten minutes",
        "which of them am i meant to rub",
        "was i meant to use oil",
        "hands and wrists",
        "",
    ],
)
def test_what_is_no_correction_is_left_alone(text: str) -> None:
    assert corrected(text) is None


def clauses(text: str) -> list[str]:
    tokens = tokenize(text)
    return [" ".join(token.text for token in tokens[first:end]) for first, end in content().clauses.split(tokens, text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("done how long is the next one", ["done", "how long is the next one"]),
        ("thanks, which oil is best?", ["thanks", "which oil is best"]),
        ("pause and tell me what it is good for", ["pause", "tell me what it is good for"]),
        ("no the whole thing", ["no", "the whole thing"]),
        ("finished my round at last", ["finished my round at last"]),
        ("hands and wrists", ["hands and wrists"]),
        ("yes please", ["yes"]),
        ("one. two. three. four", ["one", "two", "three four"]),
    ],
)
def test_clauses_are_parted(text: str, parts: list[str]) -> None:
    assert clauses(text) == parts
