"""Moonshine base: the best free ear of those that are small enough for a bedside."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from palmwise.errors import ModelError
from palmwise.speech import model_files
from palmwise.speech.endpointing import RATE
from palmwise.speech.events import Clip

LAYERS, HEADS, WIDTH = 8, 8, 52
"""Of Moonshine base (Jeffries et al. 2024)."""
START, END = 1, 2
"""Of a sentence, among its tokens."""
TOKENS_A_SECOND = 6.5
"""More is a loop, by its makers."""
TOKENIZER = "tokenizer.json"


class Moonshine:
    """Greedy decoding over ONNX Runtime; the model is loaded once."""

    def __init__(self, folder: Path) -> None:
        """`folder` has both halves and the tokenizer. Raises `ModelError`."""
        try:
            import onnxruntime  # noqa: PLC0415 -- optional
            import tokenizers  # noqa: PLC0415 -- optional
        except ImportError as error:
            raise ModelError("Moonshine needs onnxruntime and tokenizers: make voice-extra") from error
        model_files.check(folder, model_files.MOONSHINE)
        try:
            self._tokenizer: Any = tokenizers.Tokenizer.from_file(str(_tokenizer(folder)))
        except Exception as error:  # its package raises the bare class
            raise ModelError(f"{TOKENIZER} of Moonshine is missing or damaged: make voice-extra") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        encoder, decoder = (str(folder / name) for name in model_files.MOONSHINE)
        self._encoder: Any = onnxruntime.InferenceSession(encoder, options)
        self._decoder: Any = onnxruntime.InferenceSession(decoder, options)

    def text(self, clip: Clip) -> str:
        """What was said."""
        samples = np.frombuffer(clip.get_raw_data(RATE, 2), np.int16).astype(np.float32)[None, :] / 32_768
        if samples.shape[1] < RATE // 4:
            return ""
        heard = self._encoder.run(None, {"input_values": samples})[0]
        return str(self._tokenizer.decode(self._decoded(heard, samples.shape[1] / RATE))).strip()

    def _decoded(self, heard: NDArray[np.float32], seconds: float) -> list[int]:
        tokens, past = [START], _nothing_before()
        names = [output.name for output in self._decoder.get_outputs()[1:]]
        for position in range(max(2, int(seconds * TOKENS_A_SECOND))):
            given = {
                "input_ids": np.array([tokens[-1:]], np.int64),
                "encoder_hidden_states": heard,
                "use_cache_branch": np.array([position > 0]),
                **past,
            }
            scores, *present = self._decoder.run(None, given)
            following = int(scores[0, -1].argmax())
            tokens.append(following)
            if following == END:
                break
            for name, value in zip(names, present, strict=True):
                # What was made of the sound stays as it was at first.
                if position == 0 or "decoder" in name:
                    past[name.replace("present", "past_key_values")] = value
        return tokens[1:]


def _tokenizer(folder: Path) -> Path:
    """Beside the model, else in its makers' Python package, of which nothing else is used."""
    package = importlib.util.find_spec("moonshine_onnx")
    if (folder / TOKENIZER).is_file() or package is None or package.origin is None:
        return folder / TOKENIZER
    return Path(package.origin).parent / "assets" / TOKENIZER


def _nothing_before() -> dict[str, NDArray[np.float32]]:
    empty = np.zeros((0, HEADS, 1, WIDTH), np.float32)
    return {
        f"past_key_values.{layer}.{part}.{kind}": empty
        for layer in range(LAYERS)
        for part in ("decoder", "encoder")
        for kind in ("key", "value")
    }
