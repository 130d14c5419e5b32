"""Shows microphones and voices."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

from voice.errors import LoudspeakerError, MicrophoneError


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Sends what ALSA and JACK write about devices that nobody asked for to nowhere."""
    try:
        kept = os.dup(2)
    except OSError:
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def microphones() -> list[str]:
    """Names by PyAudio's numbers. Raises `MicrophoneError` where PyAudio is missing."""
    import speech_recognition as sr  # noqa: PLC0415 -- slow to load

    try:
        with quiet():
            return [str(name) for name in sr.Microphone.list_microphone_names()]
    except (AttributeError, OSError) as error:
        raise MicrophoneError(f"Microphones cannot be listed ({error}).") from error


def voices() -> list[str]:
    """Names of the voices of this machine. Raises `LoudspeakerError`."""
    import pyttsx3  # noqa: PLC0415 -- slow to load

    try:
        engine: Any = pyttsx3.init()
        return [f"{voice.name} ({voice.id})" for voice in engine.getProperty("voices")]
    except Exception as error:  # whatever a driver raises
        raise LoudspeakerError(f"There is no voice ({error}).") from error


def listing() -> str:
    """Both, for people."""
    lines = ["Microphones (--device NUMBER):"]
    lines += [f"  {number}: {name}" for number, name in enumerate(microphones())] or ["  none"]
    english = [voice for voice in voices() if "english" in voice.lower() or "/en" in voice.lower() or "en-" in voice]
    return "\n".join([*lines, "English voices (--voice NAME):", *(f"  {voice}" for voice in english)])
