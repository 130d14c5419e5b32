"""The embedded ear: PocketSphinx with this skill's own words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from palmwise.errors import ModelError
from palmwise.speech.endpointing import RATE
from palmwise.speech.events import Clip
from palmwise.speech.language_files import Language, language
from palmwise.speech.vocabulary import similarity

SURE, SURE_OF_KNOWN = -0.58, -0.6
"""How much less well than bare phones the words may fit (logarithm): of 134 commands all, of 80 other sentences 5 %
fitted better. Measured with two synthetic voices, clean and at 20 dB."""
NOTHING = -99.0
LIKELY = 60
"""Other ways to hear it that are looked at, of which many are the same but for pauses."""
ALIKE = 0.75
"""How alike a command must be to what was heard best, to be heard instead."""
WIDTH = 2
"""Bytes of a sample."""


class Sphinx:
    """One decoder, kept loaded: SpeechRecognition's own call loads 0.3 s worth of model for every phrase."""

    def __init__(self, words: Language, *, closed: bool = False, phones: bool = False) -> None:
        """`closed`: only known commands are understood; `phones`: no words at all. Raises `ModelError`."""
        self._known: Mapping[str, str] = {}
        if phones:
            model = str(_sphinx().get_model_path("en-us/en-us-phone.lm.bin"))
            # Weights of the recogniser's own documentation for phones.
            self._decoder = _decoder(words, allphone=model, lw=2.0, pip=0.3, beam=1e-10, pbeam=1e-10)
        elif closed:
            self._decoder = _decoder(words, jsgf=str(words.grammar))
        else:
            self._decoder = _decoder(words, lm=str(words.model))
            self._known = words.commands()

    def text(self, clip: Clip) -> str:
        """What was said; empty when there is no telling."""
        return self.scored(clip)[0]

    def scored(self, clip: Clip) -> tuple[str, float]:
        """What was said, and the logarithm of how well the sound fits it."""
        self._decoder.start_utt()
        self._decoder.process_raw(clip.get_raw_data(RATE, WIDTH), no_search=False, full_utt=True)
        self._decoder.end_utt()
        found = self._decoder.hyp()
        if not found:
            return "", NOTHING
        return self._likely(str(found.hypstr)), math.log(max(found.best_score, 1e-9))

    def _likely(self, text: str) -> str:
        """What was heard best; where that is no command and one was heard almost as well, the command."""
        if not self._known or text in self._known:
            return text
        others = (str(other.hypstr) for other in islice(self._decoder.nbest() or (), LIKELY) if other)
        return next((other for other in others if other in self._known and similarity(other, text) >= ALIKE), text)


class SureSphinx:
    """Any of the words that people say to this coach, and nothing where other words must have been said.

    A model of a few thousand words finds words of its own in all that is said. So the sound is decoded once more into
    bare phones: where these fit much better than the words do, they were other words.
    """

    def __init__(self, words: Language) -> None:
        """Raises `ModelError`."""
        self.words = Sphinx(words)
        """Without asking whether it is sure."""
        self._known = words.commands()
        self._phones = Sphinx(words, phones=True)

    def text(self, clip: Clip) -> str:
        """What was said; empty where it was nothing for the coach, or not to be understood."""
        text, fit = self.words.scored(clip)
        if not text:
            return ""
        needed = SURE_OF_KNOWN if text in self._known else SURE
        return text if fit - self._phones.scored(clip)[1] >= needed else ""


def own_language(root: Path) -> Language:
    """The skill's words for PocketSphinx. Raises `ModelError` where it is not installed, `LanguageError`."""
    return language(root, Path(_sphinx().get_model_path("en-us/cmudict-en-us.dict")))


def _decoder(words: Language, **search: Any) -> Any:
    sphinx = _sphinx()
    options: Mapping[str, Any] = {
        "hmm": sphinx.get_model_path("en-us/en-us"),
        "dict": str(words.dictionary),
        "loglevel": "FATAL",
        # A second pass over a flat lexicon takes two thirds of the time and finds nothing more in short phrases.
        "fwdflat": False,
        "cmn": "batch",
    }
    return sphinx.Decoder(**options, **search)


def _sphinx() -> Any:
    try:
        import pocketsphinx  # noqa: PLC0415 -- said in words when it is missing
    except ImportError as error:
        raise ModelError("PocketSphinx is not installed: make voice-env") from error
    return pocketsphinx
