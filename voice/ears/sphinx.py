"""The embedded ear: PocketSphinx with this skill's own words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from voice.endpointing import RATE
from voice.errors import ModelError
from voice.language.store import Language, language
from voice.protocols import Clip

WIDTH = 2
"""Bytes of a sample."""


class Sphinx:
    """One decoder, kept loaded: SpeechRecognition's own call loads 0.3 s worth of model for every phrase."""

    def __init__(self, words: Language, *, closed: bool) -> None:
        """`closed`: only known commands are understood. Raises `ModelError`."""
        self._decoder = _decoder(words, jsgf=str(words.grammar)) if closed else _decoder(words, lm=str(words.model))

    def text(self, clip: Clip) -> str:
        """What was said; empty when there is no telling."""
        self._decoder.start_utt()
        self._decoder.process_raw(clip.get_raw_data(RATE, WIDTH), no_search=False, full_utt=True)
        self._decoder.end_utt()
        found = self._decoder.hyp()
        return str(found.hypstr) if found else ""


def own_language(root: Path) -> Language:
    """The skill's words for PocketSphinx. Raises `ModelError` where it is not installed, `LanguageError`."""
    return language(root, Path(_sphinx().get_model_path("en-us/cmudict-en-us.dict")))


def _decoder(words: Language, **search: str) -> Any:
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
