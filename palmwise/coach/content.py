"""`Content`: everything that the coach knows and says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from palmwise.coach.model import (
    AnswerTopic,
    Benefit,
    Contraindications,
    Faq,
    KnownAnswer,
    RedFlag,
    Routine,
    Source,
    Spoken,
    Symptom,
    Technique,
    Words,
)
from palmwise.coach.wording import PhraseBook
from palmwise.language.phrase_matching import PhraseList

DEFAULT_ROUTINE = "classic"


@dataclass(frozen=True)
class Content:
    """A content folder. Mappings are by id; `palmwise.coach.content_loader` reads and checks the files."""

    routines: Mapping[str, Routine]
    techniques: Mapping[str, Technique]
    faqs: Mapping[str, Faq]
    topics: Mapping[str, AnswerTopic]
    """Answers to single questions, beside the paragraphs of `faqs`."""
    symptoms: Mapping[str, Symptom]
    red_flags: Mapping[str, RedFlag]
    alarms: Mapping[str, PhraseList]
    """One of `SAFETY_KINDS` -> its phrase list."""
    contraindications: Contraindications
    holding: PhraseList
    """Phrases at which a client holds the clock by itself; `usual` has the words that cut the coach off."""
    forgetting: PhraseList
    """Ways of asking that everything said be deleted."""
    questions: Mapping[str, PhraseList]
    """Id of an open question of the coach -> the answers that it takes, by meaning."""
    readings: Mapping[str, PhraseList]
    """Theme, such as "time" -> what a message says of it, by meaning; the words are marked (`language.marking`)."""
    privacy: PhraseList
    """Ways of asking how what is said is kept, and how it can be deleted."""
    words: tuple[Words, ...]
    preparation: Spoken
    aftercare: Spoken
    benefits: tuple[Benefit, ...]
    sources: tuple[Source, ...]
    phrases: PhraseBook

    @cached_property
    def answers(self) -> Mapping[str, KnownAnswer]:
        """The answers of all topics by id."""
        return {answer.id: answer for topic in self.topics.values() for answer in topic.answers}

    @cached_property
    def topic_of(self) -> Mapping[str, AnswerTopic]:
        """Id of an answer -> its topic."""
        return {answer.id: topic for topic in self.topics.values() for answer in topic.answers}

    @cached_property
    def vocabulary(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Entity -> value -> the names that people use for it."""
        named: dict[str, Mapping[str, tuple[str, ...]]] = {words.entity: words.values for words in self.words}
        named["technique"] = {id: technique.names for id, technique in self.techniques.items()}
        named["routine"] = {id: routine.names for id, routine in self.routines.items()}
        named["symptom"] = {id: symptom.names for id, symptom in self.symptoms.items()}
        return named
