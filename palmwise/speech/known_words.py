"""What a recognizer of this coach's own words learns from training data and content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from palmwise import resources
from palmwise.coach.content import Content
from palmwise.errors import ContentError, LanguageError, SentencesError
from palmwise.language.phrase_matching import PhraseList
from palmwise.speech.pronunciations import Pronunciations
from palmwise.speech.vocabulary import (
    LONGEST_COMMAND,
    commands,
    count_containing,
    most_usual,
    spoken_form,
    utterances,
    with_please,
)
from palmwise.training_files import ACT, sentences_in, sentences_in_context

TRAINING_DATA = resources.ROOT / "data" / "nlu"
CONTEXT_DATA = resources.ROOT / "data" / "conversation"
NO_ANSWER = "none"
"""Meaning of what is said to a question and does not answer it."""
MISHEARD_FILES = ("spoken.yml",)
"""Training files of what other recognizers make of phrases ("how long does this won take"): nobody says that."""
EXCLUDED_INTENTS = ("out_of_scope",)
"""They would teach the language model what is said to other people."""
RARE, RARE_SHARE = 3, 1 / 6000
"""A word is rare that is in fewer sentences, by number or by share."""
COMMAND_WEIGHT, LARGEST_BONUS = 3, 40
"""How much more often than another sentence a command is said, and what is added at most for those that contain it."""


@dataclass(frozen=True)
class KnownWords:
    """Everything that people say to the coach, as far as its words can be pronounced."""

    commands: Mapping[str, str]
    """The known commands and the intent of each."""
    usual: tuple[str, ...]
    """The most usual ones."""
    sentences: Mapping[str, int]
    """All sentences, commands among them, and how often each counts."""
    dictionary: str
    """Their words and how they sound, in the format of the CMU dictionary."""
    names: tuple[str, ...]
    """What the routines are called: who says a name alone means the routine."""
    answers: Mapping[str, Mapping[str, str]]
    """For each open question of the coach, by its id: short answers, and what each means."""
    alarms: tuple[str, ...]
    """What must not be missed: "stop", "ouch" and the like."""
    red_flags: PhraseList
    """The phrases that tell of a danger."""
    deletion_requests: PhraseList
    """The phrases that ask for deletion of what was said."""


def learn(dictionary: Path, training: Path = TRAINING_DATA, content: Content | None = None) -> KnownWords:
    """Learn from a training data folder and the content, which takes a second.

    `dictionary` has pronunciations in the format of the CMU dictionary. Raises `LanguageError`.
    """
    examples = [path for path in sorted(training.glob("*.yml")) if path.name not in MISHEARD_FILES]
    if not examples:
        raise LanguageError(f"There is no training data in {training}.")
    try:
        content = content or resources.content()
        said = utterances((sentence for path in examples for sentence in sentences_in(path)), content)
    except (ContentError, SentencesError) as error:
        raise LanguageError(f"The recognizer cannot learn its words. {error}") from error
    pronunciations = Pronunciations.read(dictionary)
    sayable = [utterance for utterance in said if pronunciations.known(utterance.text)]
    known = commands(sayable)
    texts = _without_rare_words(
        {utterance.text for utterance in sayable if utterance.intent not in EXCLUDED_INTENTS} | set(known)
    )
    known = {text: intent for text, intent in known.items() if text in texts}
    return KnownWords(
        with_please(known),
        most_usual(known),
        _weights(texts, known),
        pronunciations.dictionary({word for text in texts for word in text.split()}),
        _routine_names(content),
        _answers(CONTEXT_DATA, pronunciations),
        (*content.alarms["stop"].usual, *content.alarms["pain"].usual),
        content.alarms["red_flag"],
        content.forgetting,
    )


def _routine_names(content: Content) -> tuple[str, ...]:
    titles = [routine.title for routine in content.routines.values()]
    names = [name for names in content.vocabulary["routine"].values() for name in names]
    return tuple(dict.fromkeys(spoken_form(name) for name in (*titles, *names)))


def _answers(folder: Path, pronunciations: Pronunciations) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for sentence in sentences_in_context(folder):
        text = spoken_form(sentence.text)
        if sentence.question == ACT or sentence.meaning == NO_ANSWER or not text:
            continue
        if len(text.split()) <= LONGEST_COMMAND and pronunciations.known(text):
            found.setdefault(sentence.question, {}).setdefault(text, sentence.meaning)
    return found


def _without_rare_words(texts: set[str]) -> set[str]:
    """Leave out texts with rare words, which are recognized in place of usual ones more often than they are said."""
    times = Counter(word for text in texts for word in set(text.split()))
    least = max(RARE, len(texts) * RARE_SHARE)
    return {text for text in texts if all(times[word] >= least for word in text.split())}


def _weights(texts: Iterable[str], known: Mapping[str, str]) -> Mapping[str, int]:
    """Return how often each text counts: with their hands busy, people say short commands, mostly the usual ones."""
    containing = count_containing(known)
    return {
        text: COMMAND_WEIGHT + min(LARGEST_BONUS, containing.get(text, 0)) if text in known else 1 for text in texts
    }
