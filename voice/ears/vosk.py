"""Vosk, with a model from a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from voice.endpointing import RATE
from voice.errors import ModelError
from voice.protocols import Clip


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
