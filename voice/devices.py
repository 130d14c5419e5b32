"""Audio devices of this machine: microphones, voices, and the echo policy that they allow."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import Any, Literal

from palmwise.errors import LoudspeakerError, MicrophoneError
from palmwise.speech.endpointing import Policy


@contextlib.contextmanager
def discard_stderr() -> Iterator[None]:
    """Discard standard error, where ALSA and JACK write about devices that nobody asked for."""
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
    """Return the names of microphones, by PyAudio's numbers. Raises `MicrophoneError` if PyAudio is missing."""
    import speech_recognition as sr  # noqa: PLC0415 -- slow to load

    try:
        with discard_stderr():
            return [str(name) for name in sr.Microphone.list_microphone_names()]
    except (AttributeError, OSError) as error:
        raise MicrophoneError(f"Microphones cannot be listed ({error}).") from error


def voices() -> list[str]:
    """Return the names of the voices. Raises `LoudspeakerError`."""
    import pyttsx3  # noqa: PLC0415 -- slow to load

    try:
        engine: Any = pyttsx3.init()
        return [f"{voice.name} ({voice.id})" for voice in engine.getProperty("voices")]
    except Exception as error:  # whatever a driver raises
        raise LoudspeakerError(f"There is no voice ({error}).") from error


def describe_devices() -> str:
    """Return the list of microphones and English voices, for `--list-devices`."""
    lines = ["Microphones (--device NUMBER):"]
    lines += [f"  {number}: {name}" for number, name in enumerate(microphones())] or ["  none"]
    english = [voice for voice in voices() if "english" in voice.lower() or "/en" in voice.lower() or "en-" in voice]
    return "\n".join([*lines, "English voices (--voice NAME):", *(f"  {voice}" for voice in english)])


PACTL_TIMEOUT = 2.0
"""Seconds."""
EchoSetting = Literal["auto", "headset", "gate", "half"]
_HEADSET = ("headset", "headphone", "earphone", "airpods", "hands-free", "handsfree", "bluez")


def echo_policy(setting: EchoSetting, pactl: Callable[[str], str] | None = None) -> Policy:
    """Return the policy that is set, or for `auto` what the default devices allow.

    Nothing but a headset is trusted by its name: whether the coach hears itself is found out while it greets
    (`voice.echo_cancelling`). `pactl` returns the output of the command `get-default-sink`.
    """
    if setting != "auto":
        return setting
    sink = (pactl or _pactl)("get-default-sink").lower()
    return "headset" if any(part in sink for part in _HEADSET) else "half"


def _pactl(command: str) -> str:
    """Return the output of pactl; empty on machines without it."""
    program = shutil.which("pactl")
    if program is None:
        return ""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        found = subprocess.run(  # noqa: S603 -- one fixed program
            [program, command], capture_output=True, text=True, timeout=PACTL_TIMEOUT, check=False
        )
        return found.stdout
    return ""
