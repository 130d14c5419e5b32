"""Content: everything that the coach knows, by id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from palmwise.coach.model import (
    Benefit,
    Contraindications,
    Faq,
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


@dataclass(frozen=True)
class Content:
    """Everything under `content/`, by id."""

    routines: Mapping[str, Routine]
    techniques: Mapping[str, Technique]
    faqs: Mapping[str, Faq]
    symptoms: Mapping[str, Symptom]
    red_flags: Mapping[str, RedFlag]
    alarms: Mapping[str, PhraseList]
    """Kind of alarm -> the phrases that raise it; `palmwise.language.phrase_matching` matches them."""
    contraindications: Contraindications
    holding: PhraseList
    """Phrases at which a client holds the clock by itself; `usual` has the words that cut the coach off."""
    forgetting: PhraseList
    """Ways of asking that what was said be deleted; `palmwise.coach.talk` hears by them."""
    privacy: PhraseList
    """Questions about what becomes of it."""
    words: tuple[Words, ...]
    preparation: Spoken
    aftercare: Spoken
    benefits: tuple[Benefit, ...]
    sources: tuple[Source, ...]
    phrases: PhraseBook

    @cached_property
    def vocabulary(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Entity -> value -> what people call it; techniques, routines and symptoms by their `names`."""
        named: dict[str, Mapping[str, tuple[str, ...]]] = {words.entity: words.values for words in self.words}
        named["technique"] = {id: technique.names for id, technique in self.techniques.items()}
        named["routine"] = {id: routine.names for id, routine in self.routines.items()}
        named["symptom"] = {id: symptom.names for id, symptom in self.symptoms.items()}
        return named
