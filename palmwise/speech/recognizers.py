"""Speech recognizers behind `speech_recognition.Recognizer`, and the choice among them.

A recognizer of any words (Moonshine, Vosk, Whisper, Google) is paired with the built-in one, which knows the commands.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import speech_recognition as sr
from numpy.typing import NDArray

from palmwise.errors import ModelError
from palmwise.language.tokens import words_of
from palmwise.speech import model_files
from palmwise.speech.endpointing import RATE
from palmwise.speech.events import Clip, Transcript
from palmwise.speech.language_files import LanguageFiles
from palmwise.speech.sphinx import ConfidentSphinx, Sphinx, sphinx_files
from palmwise.speech.vocabulary import incomplete_commands, similarity, spoken_form

log = logging.getLogger(__name__)
OPEN_VOCABULARY = ("moonshine", "whisper", "vosk")
"""Recognizers of any words that work offline, the best first."""
LIKENESS_TO_MODEL, LIKENESS_TO_GRAMMAR = 0.45, 0.7
"""How alike (0 to 1) a command and the text of the open recognizer must be for the command to count. A grammar finds a
command in every sound, a language model seldom where there was none."""


class Backend(Protocol):
    """Turns a clip into text."""

    def text(self, clip: Clip) -> str:
        """Return what was said, empty if nothing was understood. Raises `VoiceError`."""
        ...


class CoachRecognizer(sr.Recognizer):  # type: ignore[misc]  # its package has no types
    """A recognizer of any words, checked against others that know only the commands."""

    def __init__(
        self,
        name: str,
        open_backend: Backend,
        command_backends: Sequence[tuple[Backend, float]],
        files: LanguageFiles,
        *,
        fallback: Backend | None = None,
    ) -> None:
        """`command_backends` come with the likeness to the text of `open_backend` that their commands need.

        Red flags and deletion requests are looked for in the text of `open_backend` alone. `fallback` is asked for a
        command where `open_backend` hears nothing: those made for sentences miss single words.
        """
        super().__init__()
        self.name = name
        self._open_backend = open_backend
        self._command_backends = command_backends
        self._fallback = fallback
        self._commands = files.commands()
        self._incomplete = incomplete_commands(self._commands)
        self._red_flags = files.red_flags()
        self._deletion_requests = files.deletion_requests()

    def recognize_coach(self, clip: Clip) -> str:
        """Return the text of a clip, as `recognize_sphinx` and its kind do. Raises `VoiceError`."""
        return self.transcribe(clip).text

    def transcribe(self, clip: Clip) -> Transcript:
        """Return the text of a clip and what is known of it. Raises `VoiceError`."""
        heard = self._open_backend.text(clip)
        words = words_of(heard)
        red_flag = self._red_flags.match(words) is not None
        deletion_request = self._deletion_requests.match(words) is not None
        text = spoken_form(heard)
        if not (red_flag or deletion_request):
            text = self._check_for_command(text, clip)
        complete = text in self._commands and text not in self._incomplete
        return Transcript(text, self._commands.get(text), complete, red_flag, deletion_request)

    def _check_for_command(self, text: str, clip: Clip) -> str:
        """Return the command that was probably said, otherwise the text as it was heard."""
        if not text and self._fallback is not None:
            command = spoken_form(self._fallback.text(clip))
            return command if command in self._commands else ""
        if not text or text in self._commands:
            return text
        for backend, likeness in self._command_backends:
            command = spoken_form(backend.text(clip))
            if command in self._commands and similarity(text, command) >= likeness:
                return command
        return text


class Google:
    """`recognize_google`, which needs the internet."""

    def __init__(self) -> None:
        self._recognizer: Any = sr.Recognizer()

    def text(self, clip: Clip) -> str:
        """Return what was said. Raises `ModelError` without a connection."""
        try:
            return str(self._recognizer.recognize_google(clip))
        except sr.UnknownValueError:
            return ""
        except sr.RequestError as error:
            raise ModelError(f"Google's recognizer cannot be reached ({error}). Try --ear sphinx.") from error


class Vosk:
    """Kaldi with an open vocabulary."""

    def __init__(self, folder: Path) -> None:
        """Load the model in `folder`. Raises `ModelError` if it or the package is missing."""
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
        """Return what was said."""
        self._recognizer.AcceptWaveform(clip.get_raw_data(RATE, 2))
        return str(json.loads(self._recognizer.FinalResult()).get("text", ""))


class Whisper:
    """faster-whisper, quantised to eight bits, English, with one beam."""

    NO_SPEECH = 0.6
    """Whisper's own probability from which on there was no speech."""

    def __init__(self, folder: Path) -> None:
        """Load the model in `folder`. Raises `ModelError` if it or the package is missing."""
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
        """Return what was said."""
        parts, _ = self._model.transcribe(_samples(clip), language="en", beam_size=1, condition_on_previous_text=False)
        return " ".join(part.text for part in parts if part.no_speech_prob < self.NO_SPEECH)


class Moonshine:
    """Moonshine base (Jeffries et al. 2024), decoded greedily by ONNX Runtime."""

    LAYERS, HEADS, HEAD_SIZE = 8, 8, 52
    START_TOKEN, END_TOKEN = 1, 2
    TOKENS_A_SECOND = 6.5
    """More is a loop, according to its authors."""
    TOKENIZER = "tokenizer.json"

    def __init__(self, folder: Path) -> None:
        """Load the model in `folder`. Raises `ModelError` if it or a package is missing, or not the right one."""
        try:
            import onnxruntime  # noqa: PLC0415 -- optional
            import tokenizers  # noqa: PLC0415 -- optional
        except ImportError as error:
            raise ModelError("Moonshine needs onnxruntime and tokenizers: make voice-extra") from error
        model_files.check(folder, model_files.MOONSHINE)
        try:
            self._tokenizer: Any = tokenizers.Tokenizer.from_file(str(self._tokenizer_file(folder)))
        except Exception as error:  # its package raises the bare class
            raise ModelError(f"{self.TOKENIZER} of Moonshine is missing or damaged: make voice-extra") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        self._encoder, self._decoder = (
            onnxruntime.InferenceSession(str(folder / name), options) for name in model_files.MOONSHINE
        )

    def text(self, clip: Clip) -> str:
        """Return what was said."""
        samples = _samples(clip)[None, :]
        if samples.shape[1] < RATE // 4:
            return ""
        encoded = self._encoder.run(None, {"input_values": samples})[0]
        return str(self._tokenizer.decode(self._decode(encoded, samples.shape[1] / RATE))).strip()

    def _decode(self, encoded: NDArray[np.float32], seconds: float) -> list[int]:
        tokens, past = [self.START_TOKEN], self._empty_cache()
        names = [output.name for output in self._decoder.get_outputs()[1:]]
        for position in range(max(2, int(seconds * self.TOKENS_A_SECOND))):
            inputs = {
                "input_ids": np.array([tokens[-1:]], np.int64),
                "encoder_hidden_states": encoded,
                "use_cache_branch": np.array([position > 0]),
                **past,
            }
            scores, *present = self._decoder.run(None, inputs)
            tokens.append(int(scores[0, -1].argmax()))
            if tokens[-1] == self.END_TOKEN:
                break
            for name, value in zip(names, present, strict=True):
                # The keys and values of the encoder are computed at the first position only.
                if position == 0 or "decoder" in name:
                    past[name.replace("present", "past_key_values")] = value
        return tokens[1:]

    def _empty_cache(self) -> dict[str, NDArray[np.float32]]:
        empty = np.zeros((0, self.HEADS, 1, self.HEAD_SIZE), np.float32)
        return {
            f"past_key_values.{layer}.{part}.{kind}": empty
            for layer in range(self.LAYERS)
            for part in ("decoder", "encoder")
            for kind in ("key", "value")
        }

    def _tokenizer_file(self, folder: Path) -> Path:
        """Return the file beside the model, else the one in its authors' package, of which nothing else is used."""
        package = importlib.util.find_spec("moonshine_onnx")
        if (folder / self.TOKENIZER).is_file() or package is None or package.origin is None:
            return folder / self.TOKENIZER
        return Path(package.origin).parent / "assets" / self.TOKENIZER


def _samples(clip: Clip) -> NDArray[np.float32]:
    """Return the samples of a clip at 16 kHz, -1 to 1."""
    return np.frombuffer(clip.get_raw_data(RATE, 2), np.int16).astype(np.float32) / 32_768


def create_recognizer(name: str, model: Path | None = None) -> CoachRecognizer:
    """Return the recognizer of that name; `model` is the folder of its model if it is not in the usual place.

    `auto` takes the first of `OPEN_VOCABULARY` whose model is there, else `sphinx`. Raises `ModelError`, which says
    what to do about what is missing, and `LanguageError`.
    """
    files = sphinx_files()
    if name == "auto":
        for choice in OPEN_VOCABULARY:
            if folder := model_files.find(choice, None):
                try:
                    return _paired(choice, folder, files)
                except ModelError as error:
                    log.warning("%s", error)
        name = "sphinx"
    if name == "sphinx":
        return CoachRecognizer(name, ConfidentSphinx(files), [_grammar(files)], files)
    return _paired(name, model_files.find(name, model), files)


def _paired(name: str, folder: Path | None, files: LanguageFiles) -> CoachRecognizer:
    open_backend = _open_backend(name, folder)
    confident = ConfidentSphinx(files)
    command_backends = [(confident.sphinx, LIKENESS_TO_MODEL), _grammar(files)]
    return CoachRecognizer(f"{name} and sphinx", open_backend, command_backends, files, fallback=confident)


def _grammar(files: LanguageFiles) -> tuple[Backend, float]:
    return Sphinx(files, "grammar"), LIKENESS_TO_GRAMMAR


def _open_backend(name: str, folder: Path | None) -> Backend:
    if name == "google":
        return Google()
    if folder is None:
        raise ModelError(model_files.explain_missing(name))
    backends: Mapping[str, Callable[[Path], Backend]] = {"moonshine": Moonshine, "vosk": Vosk, "whisper": Whisper}
    return backends[name](folder)
