"""The sentences to learn from: those of the training files, then those that the content's own titles give."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from palmwise.coach.content import Content, load_content
from palmwise.nlu.errors import SentencesError

FOLDER = Path("content")
_WHAT_IS = ("what is", "what's", "explain", "tell me about", "what does it mean,")
_BEGIN = ("start the", "do the", "i'd like the")
_I_HAVE = ("i have", "i've got")
_MARK = re.compile(r"\[[^\]]+\][({\[]")
"""An entity marked in a sentence, as in "my [thumb](body_part)"."""


class Sentence(NamedTuple):
    """What somebody may say, with what is meant by it."""

    text: str
    label: str
    """An intent, or a question's id behind `faq/`."""


def all_sentences(files: Iterable[str]) -> list[Sentence]:
    """Every sentence once, in order: the files' own, then what the content adds; raises `SentencesError`."""
    written = list(dict.fromkeys(sentence for file in files for sentence in sentences_in(Path(file))))
    return [*written, *sentences_of(content(), written)]


def sentences_in(file: Path) -> Iterator[Sentence]:
    """The sentences of one training file; none where it is about something else.

    Rasa's own reader understands more, and takes seconds where this takes hundredths of one. Entities, synonyms and
    lookup tables are not missed: all of them come from the content.
    """
    try:
        # Bytes, so that the parser in C reads them by itself.
        blocks = (yaml.load(file.read_bytes(), yaml.CSafeLoader) or {}).get("nlu") or ()
    except (yaml.YAMLError, AttributeError) as error:
        raise SentencesError(f"{file} is no YAML as Rasa wants it: {error}") from error
    for block in blocks:
        yield from _sentences_of_block(block, file)


def _sentences_of_block(block: Any, file: Path) -> Iterator[Sentence]:
    if not isinstance(block, dict) or set(block) != {"intent", "examples"} or not isinstance(block["examples"], str):
        raise SentencesError(f"{file} may hold intents with a text of examples only, not this: {str(block)[:80]}")
    for line in block["examples"].splitlines():
        text = line[1:].strip()
        if not line.startswith("-") or not text or _MARK.search(text):
            raise SentencesError(f"{file}, {block['intent']}: not a dash before a plain sentence: {line}")
        yield Sentence(text, block["intent"].strip())


def sentences_of(content: Content, written: Iterable[Sentence]) -> list[Sentence]:
    """How people ask for each thing by its title; what `written` has already is left out."""
    known = {_plain(sentence.text) for sentence in written}
    asked = [
        Sentence(f"{opening} {title.lower()}", intent)
        for titles, intent, openings in (
            ([item.title for item in content.techniques.values()], "explain_technique", _WHAT_IS),
            ([item.title for item in content.routines.values()], "start_routine", _BEGIN),
            ([item.title for item in content.symptoms.values() if not item.belief], "report_symptom", _I_HAVE),
        )
        for title in titles
        for opening in openings
    ]
    asked += [Sentence(item.question, f"faq/{item.id}") for item in content.faqs.values()]
    return [sentence for sentence in dict.fromkeys(asked) if _plain(sentence.text) not in known]


def names_of(content: Content) -> dict[str, dict[str, str]]:
    """What the things of the content are called: entity -> name -> value."""
    return {
        entity: {name: value for value, names in values.items() for name in (value.replace("_", " "), *names)}
        for entity, values in content.vocabulary.items()
    }


@lru_cache(maxsize=1)
def content() -> Content:
    """The content as it is on disk, read once in a process."""
    return load_content(FOLDER)


def _plain(text: str) -> str:
    return " ".join("".join(char for char in text.lower() if char.isalnum() or char.isspace()).split())
