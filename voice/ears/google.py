"""Google's free speech service: what is said leaves the house, so it is never chosen by itself."""

from __future__ import annotations

from typing import Any

import speech_recognition as sr

from voice.errors import ModelError
from voice.protocols import Clip


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
