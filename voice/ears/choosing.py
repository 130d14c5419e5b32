"""Makes the ear that was asked for, or the best that this machine has."""

from __future__ import annotations

import logging
from pathlib import Path

from voice.ears import moonshine, weights
from voice.ears.google import Google
from voice.ears.recognizer import Backend, CoachRecognizer
from voice.ears.sphinx import Sphinx, SureSphinx, own_language
from voice.ears.vosk import Vosk
from voice.ears.whisper import Whisper
from voice.errors import ModelError
from voice.language.store import Language

log = logging.getLogger(__name__)
FREE = ("moonshine", "whisper", "vosk")
"""Ears that understand any words, the best for two ears first."""
ALIKE_BY_MODEL, ALIKE = 0.45, 0.7
"""How alike two ears must hear for the command of the closed one to count. A grammar hears a command in everything, a
language model seldom does where there was none."""


def ear(name: str, model: Path | None, root: Path) -> CoachRecognizer:
    """The ear of that name, or for `auto` the first free ear whose model is there with the closed one, else `sphinx`.

    Raises `ModelError` with what to do when something is missing, `LanguageError`.
    """
    words = own_language(root)
    grammar = (Sphinx(words, closed=True), ALIKE)
    if name == "auto":
        for choice in FREE:
            found = weights.folder(choice, None)
            if found is not None:
                try:
                    return _two(choice, _free(choice, found), words, grammar)
                except ModelError as error:
                    log.warning("%s", error)
        name = "sphinx"
    if name == "sphinx":
        return CoachRecognizer(name, SureSphinx(words), [grammar], words)
    return _two(name, _free(name, weights.folder(name, model)), words, grammar)


def _two(name: str, free: Backend, words: Language, grammar: tuple[Backend, float]) -> CoachRecognizer:
    sure = SureSphinx(words)
    model = (sure.words, ALIKE_BY_MODEL)
    return CoachRecognizer(f"{name} and sphinx", free, [model, grammar], words, otherwise=sure)


def _free(name: str, folder: Path | None) -> Backend:
    if name == "google":
        return Google()
    if folder is None:
        raise ModelError(weights.missing(name))
    if name == "moonshine":
        return moonshine.Moonshine(folder)
    return Vosk(folder) if name == "vosk" else Whisper(folder)
