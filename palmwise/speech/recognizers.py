"""Speech recognizers behind `speech_recognition.Recognizer`, and the choice among them."""

from __future__ import annotations

import importlib
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import speech_recognition as sr

from palmwise.errors import ModelError
from palmwise.speech import model_files, moonshine
from palmwise.speech.endpointing import RATE
from palmwise.speech.events import Clip, Heard
from palmwise.speech.language_files import Language
from palmwise.speech.sphinx import Sphinx, SureSphinx, own_language
from palmwise.speech.vocabulary import similarity, spoken, unfinished


class Backend(Protocol):
    """Turns a clip into text."""

    def text(self, clip: Clip) -> str:
        """What was said; empty when there is no telling. Raises `VoiceError`."""
        ...


class CoachRecognizer(sr.Recognizer):  # type: ignore[misc]  # its package has no types
    """One ear, or two: a closed one that knows commands by heart, a free one that tells when it was none of them."""

    def __init__(
        self,
        name: str,
        free: Backend,
        closed: Sequence[tuple[Backend, float]],
        words: Language,
        *,
        otherwise: Backend | None = None,
    ) -> None:
        """`closed`: each with how alike (0 to 1) it and the free one must hear to be believed; `words`: the commands,
        beside words of danger or to be forgotten, which count by the free one alone; `otherwise`: asked for a command
        where the free one, made for sentences, hears nothing in a single word.
        """
        super().__init__()
        self.name = name
        self._free = free
        self._closed = closed
        self._known = words.commands()
        self._alarms = words.alarms()
        self._wishes = words.wishes()
        self._otherwise = otherwise
        self._open = unfinished(self._known)

    def recognize_coach(self, clip: Clip) -> str:
        """The words in a clip, beside `recognize_sphinx` and its kind. Raises `VoiceError`."""
        return self.hear(clip).text

    def hear(self, clip: Clip) -> Heard:
        """The words in a clip. Raises `VoiceError`."""
        free = spoken(self._free.text(clip))
        alarm = self._alarms.heard(free)
        wish = self._wishes.heard(free)
        text = free if alarm or wish else self._believed(free, clip)
        return Heard(text, self._known.get(text), text in self._known and text not in self._open, alarm, wish)

    def _believed(self, free: str, clip: Clip) -> str:
        if not free and self._otherwise is not None:
            text = spoken(self._otherwise.text(clip))
            return text if text in self._known else ""
        if not free or free in self._known:
            return free
        for backend, alike in self._closed:
            closed = spoken(backend.text(clip))
            if closed in self._known and similarity(free, closed) >= alike:
                return closed
        return free


class Google:
    """`recognize_google`, which needs the internet."""

    def __init__(self) -> None:
        self._recognizer: Any = sr.Recognizer()

    def text(self, clip: Clip) -> str:
        """What was said. Raises `ModelError` without a connection."""
        try:
            return str(self._recognizer.recognize_google(clip))
        except sr.UnknownValueError:
            return ""
        except sr.RequestError as error:
            raise ModelError(f"Google's recogniser cannot be reached ({error}). Try --ear sphinx.") from error


class Vosk:
    """Kaldi's recogniser with open vocabulary; the model is loaded once."""

    def __init__(self, folder: Path) -> None:
        """Raises `ModelError` where package or model are missing."""
        try:
            import vosk  # noqa: PLC0415 -- optional
        except ImportError as error:
            raise ModelError("Vosk is not installed: make voice-extra") from error
        vosk.SetLogLevel(-1)
        try:
            self._recognizer: Any = vosk.KaldiRecognizer(vosk.Model(str(folder)), RATE)
        except Exception as error:  # its package raises the bare class
            raise ModelError(f"{folder} holds no model for Vosk.") from error

    def text(self, clip: Clip) -> str:
        """What was said."""
        self._recognizer.AcceptWaveform(clip.get_raw_data(RATE, 2))
        return str(json.loads(self._recognizer.FinalResult()).get("text", ""))


QUIET = 0.6
"""Whisper's own probability from which on there was no speech."""


class Whisper:
    """Quantised to eight bits, English, one beam; the model is loaded once."""

    def __init__(self, folder: Path) -> None:
        """Raises `ModelError` where package or model are missing."""
        try:
            package: Any = importlib.import_module("faster_whisper")
        except ImportError as error:
            raise ModelError("faster-whisper is not installed: make voice-extra") from error
        try:
            self._model: Any = package.WhisperModel(
                str(folder), device="cpu", compute_type="int8", local_files_only=True
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError(f"{folder} holds no model for faster-whisper.") from error

    def text(self, clip: Clip) -> str:
        """What was said."""
        samples = np.frombuffer(clip.get_raw_data(RATE, 2), np.int16).astype(np.float32) / 32_768
        parts, _ = self._model.transcribe(samples, language="en", beam_size=1, condition_on_previous_text=False)
        return " ".join(part.text for part in parts if part.no_speech_prob < QUIET)


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
            found = model_files.folder(choice, None)
            if found is not None:
                try:
                    return _two(choice, _free(choice, found), words, grammar)
                except ModelError as error:
                    log.warning("%s", error)
        name = "sphinx"
    if name == "sphinx":
        return CoachRecognizer(name, SureSphinx(words), [grammar], words)
    return _two(name, _free(name, model_files.folder(name, model)), words, grammar)


def _two(name: str, free: Backend, words: Language, grammar: tuple[Backend, float]) -> CoachRecognizer:
    sure = SureSphinx(words)
    model = (sure.words, ALIKE_BY_MODEL)
    return CoachRecognizer(f"{name} and sphinx", free, [model, grammar], words, otherwise=sure)


def _free(name: str, folder: Path | None) -> Backend:
    if name == "google":
        return Google()
    if folder is None:
        raise ModelError(model_files.missing(name))
    if name == "moonshine":
        return moonshine.Moonshine(folder)
    return Vosk(folder) if name == "vosk" else Whisper(folder)
