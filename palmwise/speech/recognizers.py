"""Speech recognizers behind `speech_recognition.Recognizer`, and the choice among them.

Moonshine, which knows any words, is paired with the built-in one, which knows the commands.
"""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Sequence
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
from palmwise.speech.known_words import KnownWords
from palmwise.speech.sphinx import ConfidentSphinx, Sphinx, sphinx_words
from palmwise.speech.vocabulary import incomplete_commands, similarity, spoken_form

log = logging.getLogger(__name__)
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
        known: KnownWords,
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
        self._known = known
        self._commands = known.commands
        self._incomplete = incomplete_commands(self._commands)

    def recognize_coach(self, clip: Clip) -> str:
        """Return the text of a clip, as `recognize_sphinx` and its kind do. Raises `VoiceError`."""
        return self.transcribe(clip).text

    def transcribe(self, clip: Clip) -> Transcript:
        """Return the text of a clip and what is known of it. Raises `VoiceError`."""
        heard = self._open_backend.text(clip)
        words = words_of(heard)
        red_flag = self._known.red_flags.match(words) is not None
        deletion_request = self._known.deletion_requests.match(words) is not None
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
    """Return the recognizer of that name; `model` is the folder of Moonshine if it is not in the usual place.

    `auto` takes `moonshine` if it is there, else `sphinx`. Raises `ModelError`, which says what to do about what is
    missing, and `LanguageError`.
    """
    known = sphinx_words()
    confident, grammar = ConfidentSphinx(known), (Sphinx(known, "grammar"), LIKENESS_TO_GRAMMAR)
    folder = None if name == "sphinx" else model_files.find_moonshine(model)
    if folder is not None:
        try:
            checks = [(confident.sphinx, LIKENESS_TO_MODEL), grammar]
            return CoachRecognizer("moonshine and sphinx", Moonshine(folder), checks, known, fallback=confident)
        except ModelError as error:
            if name != "auto":
                raise
            log.warning("%s", error)
    if name == "moonshine":
        raise ModelError(model_files.explain_missing())
    return CoachRecognizer("sphinx", confident, [grammar], known)
