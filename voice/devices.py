"""Microphones and voices of this machine, and how the coach can avoid hearing itself on it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

from palmwise.errors import LoudspeakerError, MicrophoneError
from palmwise.speech.endpointing import Policy


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


PROBE_SECONDS = 2.0
_HEADSET = ("headset", "headphone", "earphone", "airpods", "hands-free", "handsfree", "bluez")
_CANCELLED = ("echo-cancel", "echo_cancel", "echocancel", "aec")


def policy(wish: str, told: Callable[[str], str] | None = None) -> Policy:
    """The wish, or for `auto` what the default devices allow; `told` answers pactl's `get-default-...` commands."""
    if wish == "headset":
        return "headset"
    if wish == "gate":
        return "gate"
    if wish == "half":
        return "half"
    ask = told or _pactl
    source, sink = ask("get-default-source").lower(), ask("get-default-sink").lower()
    if any(sign in sink for sign in _HEADSET):
        return "headset"
    # PipeWire's and PulseAudio's echo cancellers name their sources so, unless told otherwise.
    return "gate" if any(sign in source for sign in _CANCELLED) else "half"


def _pactl(question: str) -> str:
    """What the sound server says; nothing on machines without one."""
    program = shutil.which("pactl")
    if program is None:
        return ""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        found = subprocess.run(  # noqa: S603 -- one fixed program
            [program, question], capture_output=True, text=True, timeout=PROBE_SECONDS, check=False
        )
        return found.stdout
    return ""
