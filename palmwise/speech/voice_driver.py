"""A driver for pyttsx3 that speaks with a `Voice` through a `Player`."""

from __future__ import annotations

import contextlib
import sys
import types
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from palmwise.speech.player import Player
from palmwise.speech.voices import NATURAL_RATE, Sound, Voice, with_volume

NAME = "palmwise"
Work = Callable[[], bool]
"""Speaks or saves a text; returns whether it came to its end."""


def register(voice: Voice, player: Player) -> str:
    """Make the voice known to pyttsx3; return the name of its driver.

    pyttsx3 imports `pyttsx3.drivers.<name>`, so a module that is there by that name is a driver.
    """
    module = types.ModuleType(f"pyttsx3.drivers.{NAME}", __doc__)
    vars(module)["buildDriver"] = lambda proxy: VoiceDriver(proxy, voice, player)
    sys.modules[module.__name__] = module
    return NAME


@dataclass(frozen=True)
class VoiceEntry:
    """An entry in pyttsx3's list of voices."""

    id: str
    name: str
    languages: tuple[str, ...] = ("en-us",)
    gender: str | None = None
    age: int | None = None


class VoiceDriver:
    """What pyttsx3 calls. It speaks in the thread that runs the loop; only `stop` may come from another."""

    def __init__(self, proxy: Any, voice: Voice, player: Player) -> None:
        """`proxy` is pyttsx3's own side of the driver."""
        self._proxy = proxy
        self._voice = voice
        self._player = player
        self._entry = VoiceEntry(f"{NAME}.{voice.name}", voice.name)
        self._properties: dict[str, Any] = {"rate": NATURAL_RATE, "volume": 1.0, "voice": self._entry.id}
        self._looping = False
        self._waiting: Work | None = None

    def destroy(self) -> None:
        """Fall silent; called when the engine goes."""
        self._player.stop()

    def say(self, text: str) -> None:
        """Speak a text with marks for pauses."""
        since, rate, volume = self._player.stops, self._properties["rate"], self._properties["volume"]
        sounds = (with_volume(sound, volume) for sound in self._voice.speak(text, rate))
        self._do(lambda: self._player.play(sounds, since))

    def save_to_file(self, text: str, filename: str) -> None:
        """Write what would be spoken as a WAV file."""
        self._do(lambda: write_wave(self._voice.speak(text, self._properties["rate"]), filename))

    def stop(self) -> None:
        """Fall silent; the voice stays loaded."""
        self._waiting = None
        self._player.stop()

    def getProperty(self, name: str) -> Any:  # noqa: N802 -- pyttsx3's name
        """Return `voices` or a property. Raises `KeyError`."""
        return [self._entry] if name == "voices" else self._properties[name]

    def setProperty(self, name: str, value: Any) -> None:  # noqa: N802 -- pyttsx3's name
        """Set `rate` in words a minute, `volume` of 0 to 1, or `voice`. Raises `KeyError` or `ValueError`."""
        if name not in self._properties:
            raise KeyError(name)
        if name == "voice" and value != self._entry.id:
            raise ValueError(value)
        self._properties[name] = value

    def startLoop(self) -> None:  # noqa: N802 -- pyttsx3's name
        """Do what waits, and return once pyttsx3's queue is empty."""
        self._looping = True
        self._do_waiting()
        self._proxy.setBusy(False)
        self._looping = False

    def endLoop(self) -> None:  # noqa: N802 -- pyttsx3's name
        """End the loop; the last command in pyttsx3's queue."""
        self._looping = False

    def iterate(self) -> Iterator[None]:
        """The loop for callers that have their own."""
        self._looping = True
        while self._looping:
            self._do_waiting()
            self._proxy.setBusy(False)
            yield

    def _do(self, work: Work) -> None:
        """Do some work within the loop, now or when it begins.

        What began before the loop, pyttsx3 2.99 would take for done: it ends the loop before it starts.
        """
        self._proxy.setBusy(True)
        self._waiting = work
        if self._looping:
            self._do_waiting()
            self._proxy.setBusy(False)

    def _do_waiting(self) -> None:
        work, self._waiting = self._waiting, None
        if work is None:
            return
        self._proxy.notify("started-utterance")
        completed = False
        try:
            completed = work()
        except Exception as error:  # noqa: BLE001 -- whatever a voice raises, the caller is told
            self._proxy.notify("error", exception=error)
        self._proxy.notify("finished-utterance", completed=completed)


def write_wave(sounds: Iterator[Sound], filename: str) -> bool:
    """Write sounds as one WAV file; return True."""
    with contextlib.closing(wave.open(filename, "wb")) as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        for sound in sounds:
            # The rate cannot be set any more once there are samples, but is the same for all.
            if out.getnframes() == 0:
                out.setframerate(sound.rate)
            out.writeframes(sound.pcm)
    return True
