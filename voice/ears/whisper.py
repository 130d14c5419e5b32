"""Whisper by faster-whisper, with a CTranslate2 model from a folder."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np

from voice.endpointing import RATE
from voice.errors import ModelError
from voice.protocols import Clip

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
