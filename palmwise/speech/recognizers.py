"""The coach's recognizer behind `speech_recognition.Recognizer`, and the choice of its ear."""

from __future__ import annotations

import logging
from pathlib import Path

import speech_recognition as sr

from palmwise.errors import ModelError
from palmwise.language.tokens import words_of
from palmwise.speech import model_files
from palmwise.speech.ears import CheckedEar, Ear, MoonshineEar
from palmwise.speech.events import Clip, Transcript
from palmwise.speech.known_words import KnownWords
from palmwise.speech.moonshine import load_moonshine
from palmwise.speech.sphinx import ConfidentSphinx, Sphinx, sphinx_words
from palmwise.speech.vocabulary import incomplete_commands, spoken_form
from palmwise.speech.wyoming_ear import WyomingEar
from palmwise.speech.wyoming_voice import SCHEME

log = logging.getLogger(__name__)
LIKENESS_TO_MODEL, LIKENESS_TO_GRAMMAR = 0.45, 0.7
"""How alike (0 to 1) a command and the text of the open recognizer must be for the command to count. A grammar finds a
command in every sound, a language model seldom where there was none."""


class CoachRecognizer(sr.Recognizer):  # type: ignore[misc]  # its package has no types
    """A recognizer of what people say to this coach."""

    def __init__(self, name: str, ear: Ear, known: KnownWords) -> None:
        super().__init__()
        self.name = name
        self._ear = ear
        self._known = known
        self._incomplete = incomplete_commands(known.commands)
        self._question: str | None = None

    def recognize_coach(self, clip: Clip) -> str:
        """Return the text of a clip, as `recognize_sphinx` and its kind do. Raises `VoiceError`."""
        return self.transcribe(clip).text

    def expect(self, question: str | None) -> None:
        """Note which question of the coach is open."""
        self._question = question

    def transcribe(self, clip: Clip) -> Transcript:
        """Return the text of a clip and what is known of it. Raises `VoiceError`."""
        heard = self._ear.hear(clip, self._question)
        words = words_of(heard.words)
        red_flag = self._known.red_flags.match(words) is not None
        deletion_request = self._known.deletion_requests.match(words) is not None
        if red_flag or deletion_request:
            return Transcript(spoken_form(heard.words), red_flag=red_flag, deletion_request=deletion_request)
        intent = self._known.commands.get(heard.text)
        complete = intent is not None and heard.text not in self._incomplete
        return Transcript(heard.text, intent, complete, doubtful=heard.doubtful)


def create_recognizer(name: str, model: Path | None = None) -> CoachRecognizer:
    """Return the recognizer of that name; `model` is the folder of Moonshine if it is not in the usual place.

    `auto` takes `moonshine` if it is there, else `sphinx`; `wyoming://host:port` is a service elsewhere. Raises
    `ModelError`, which says what to do about what is missing, and `LanguageError`.
    """
    known = sphinx_words()
    confident, grammar = ConfidentSphinx(known), (Sphinx(known, "grammar"), LIKENESS_TO_GRAMMAR)
    checks = [(confident.sphinx, LIKENESS_TO_MODEL), grammar]
    if name.startswith(SCHEME):
        checked = CheckedEar(WyomingEar(name, confident), checks, known.commands, fallback=confident)
        return CoachRecognizer(f"{name} and sphinx", checked, known)
    folder = None if name == "sphinx" else model_files.find_moonshine(model)
    if folder is not None:
        try:
            moonshine = load_moonshine(folder)
            checked = CheckedEar(moonshine, checks, known.commands, fallback=confident)
            return CoachRecognizer("moonshine and sphinx", MoonshineEar(moonshine, known, checked.check), known)
        except ModelError as error:
            if name != "auto":
                raise
            log.warning("%s", error)
    if name == "moonshine":
        raise ModelError(model_files.explain_missing())
    return CoachRecognizer("sphinx", CheckedEar(confident, [grammar], known.commands), known)
