"""Reads the training data: sentences by intent (`data/nlu`), and by what they mean in context (`data/conversation`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from palmwise.errors import SentencesError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ANNOTATION = re.compile(r"\[[^\]]+\][({\[]")
"""An annotated entity, as in "my [thumb](body_part)"."""


class Sentence(NamedTuple):
    """Something that people say, with what is meant by it."""

    text: str
    label: str
    """An intent such as `next_step`, a question of the content such as `faq/oils`, or what is told of: a red flag."""


def read_yaml(file: Path) -> Any:
    """What a YAML file of the project holds; raises `OSError` or `yaml.YAMLError`.

    The parser is PyYAML's in C, which takes a tenth of the time of the one that is its default.
    """
    # Bytes, so that the parser in C reads them by itself.
    return yaml.load(file.read_bytes(), _LOADER)  # noqa: S506 - both are safe


def sentences_in(file: Path, kind: str = "nlu", label: str = "intent") -> Iterator[Sentence]:
    """Yield the sentences of one training file, whose blocks are under `kind`; none if it is about something else.

    Rasa's own reader understands more, and takes seconds where this takes hundredths of one. Entities, synonyms and
    lookup tables are not missed: all of them come from the content. Raises `SentencesError`.
    """
    try:
        blocks = (read_yaml(file) or {}).get(kind) or ()
    except (yaml.YAMLError, AttributeError) as error:
        raise SentencesError(f"{file} is not a YAML file of training data: {error}") from error
    for block in blocks:
        yield from _sentences_of_block(block, file, label)


class SentenceInContext(NamedTuple):
    """Something that people say where it means more than its words, such as an answer."""

    text: str
    question: str
    """Id of the open question that it is said to, or `act` for what kind of act of speech it is."""
    meaning: str
    """What it means there; `none` if it is no answer."""


ACT = "act"
"""Stands for the question what kind of act of speech a sentence is."""


def sentences_in_context(folder: Path) -> Iterator[SentenceInContext]:
    """Yield the sentences of `answers/*.yml` and `speech_acts.yml` in a folder; raises `SentencesError`."""
    for file in (*sorted((folder / "answers").glob("*.yml")), folder / "speech_acts.yml"):
        yield from _sentences_of_file(file)


def _sentences_of_file(file: Path) -> Iterator[SentenceInContext]:
    try:
        written = read_yaml(file)
        question = written.get("question", ACT)
        by_meaning = written.get("meanings") or {act: "\n".join(each.values()) for act, each in written["acts"].items()}
        pairs = [(meaning, line.strip()) for meaning, lines in by_meaning.items() for line in lines.splitlines()]
    except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        raise SentencesError(f"{file} is not a YAML file of sentences in context: {error}") from error
    yield from (SentenceInContext(line, question, meaning) for meaning, line in pairs if line)


def _sentences_of_block(block: Any, file: Path, label: str) -> Iterator[Sentence]:
    if not isinstance(block, dict) or set(block) != {label, "examples"} or not isinstance(block["examples"], str):
        raise SentencesError(
            f"{file} may only have blocks of {label} with a text of examples, not this: {str(block)[:80]}"
        )
    for line in block["examples"].splitlines():
        text = line[1:].strip()
        if not line.startswith("-") or not text or _ANNOTATION.search(text):
            raise SentencesError(f"{file}, {block[label]}: not a dash before a plain sentence: {line}")
        yield Sentence(text, block[label].strip())
