"""The built-in recognizer: PocketSphinx with the words of this coach."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from palmwise.errors import ModelError
from palmwise.speech.endpointing import RATE
from palmwise.speech.events import Clip
from palmwise.speech.language_files import LanguageFiles, language_files
from palmwise.speech.vocabulary import similarity

CONFIDENT, CONFIDENT_OF_COMMAND = -0.58, -0.6
"""How much less well (natural logarithm) words may fit a sound than bare phones do. All of 134 commands fitted better,
and 5 % of 80 other sentences: measured with two synthetic voices, clean and at 20 dB."""
NO_FIT = -99.0
HYPOTHESES = 60
"""How many are looked at; many differ only in pauses."""
LIKENESS = 0.75
"""How alike (0 to 1) a command must be to the best hypothesis to be taken instead of it."""
SAMPLE_WIDTH = 2
"""Bytes."""


class Sphinx:
    """A decoder that stays loaded: SpeechRecognition's own call loads a model for 0.3 s with every phrase."""

    def __init__(self, files: LanguageFiles, search: Literal["model", "grammar", "phones"] = "model") -> None:
        """`search` is for sentences by the language model, for commands by the grammar, or for bare phones.

        Raises `ModelError` if PocketSphinx is not installed.
        """
        self._commands: Mapping[str, str] = {}
        if search == "phones":
            model = str(_pocketsphinx().get_model_path("en-us/en-us-phone.lm.bin"))
            # The weights that PocketSphinx's documentation gives for phones.
            self._decoder = _decoder(files, allphone=model, lw=2.0, pip=0.3, beam=1e-10, pbeam=1e-10)
        elif search == "grammar":
            self._decoder = _decoder(files, jsgf=str(files.grammar))
        else:
            self._decoder = _decoder(files, lm=str(files.model))
            self._commands = files.commands()

    def text(self, clip: Clip) -> str:
        """Return what was said, empty if nothing was understood."""
        return self.text_and_fit(clip)[0]

    def text_and_fit(self, clip: Clip) -> tuple[str, float]:
        """Return what was said, and the logarithm of how well the sound fits it."""
        self._decoder.start_utt()
        self._decoder.process_raw(clip.get_raw_data(RATE, SAMPLE_WIDTH), no_search=False, full_utt=True)
        self._decoder.end_utt()
        found = self._decoder.hyp()
        if not found:
            return "", NO_FIT
        return self._prefer_command(str(found.hypstr)), math.log(max(found.best_score, 1e-9))

    def _prefer_command(self, best: str) -> str:
        """Return the best hypothesis, or if that is no command, one of the next best that is and is much like it."""
        if not self._commands or best in self._commands:
            return best
        others = (str(other.hypstr) for other in islice(self._decoder.nbest() or (), HYPOTHESES) if other)
        return next((each for each in others if each in self._commands and similarity(each, best) >= LIKENESS), best)


class ConfidentSphinx:
    """Understands what people say to this coach, and nothing where other words were said.

    A model of a few thousand words finds words of its own in everything. So the sound is decoded once more into bare
    phones: if these fit much better than the words, other words were said.
    """

    def __init__(self, files: LanguageFiles) -> None:
        """Raises `ModelError`."""
        self.sphinx = Sphinx(files)
        """The same without the check."""
        self._commands = files.commands()
        self._phones = Sphinx(files, "phones")

    def text(self, clip: Clip) -> str:
        """Return what was said, empty if it was not for the coach or not understood."""
        text, fit = self.sphinx.text_and_fit(clip)
        if not text:
            return ""
        needed = CONFIDENT_OF_COMMAND if text in self._commands else CONFIDENT
        return text if fit - self._phones.text_and_fit(clip)[1] >= needed else ""


def sphinx_files() -> LanguageFiles:
    """Return the language files, with PocketSphinx's dictionary. Raises `ModelError`, `LanguageError`."""
    return language_files(Path(_pocketsphinx().get_model_path("en-us/cmudict-en-us.dict")))


def _decoder(files: LanguageFiles, **search: Any) -> Any:
    sphinx = _pocketsphinx()
    options: Mapping[str, Any] = {
        "hmm": sphinx.get_model_path("en-us/en-us"),
        "dict": str(files.dictionary),
        "loglevel": "FATAL",
        # A second pass over a flat lexicon takes two thirds of the time and finds nothing more in short phrases.
        "fwdflat": False,
        "cmn": "batch",
    }
    return sphinx.Decoder(**options, **search)


def _pocketsphinx() -> Any:
    try:
        import pocketsphinx  # noqa: PLC0415 -- a missing package is reported in words
    except ImportError as error:
        raise ModelError("PocketSphinx is not installed: make voice-env") from error
    return pocketsphinx
