"""What the parts of the client expect of each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


class Clip(Protocol):
    """A stretch of sound, as SpeechRecognition's `AudioData` is."""

    def get_raw_data(self, convert_rate: int | None = None, convert_width: int | None = None) -> bytes:
        """Its samples, at another rate (Hz) and width (bytes) if asked for."""
        ...


@dataclass(frozen=True)
class Heard:
    """What a recogniser made of a clip."""

    text: str = ""
    """Lower case words; empty when nothing was understood."""
    intent: str | None = None
    """Of the training data, where the text is, whole, a phrase known from there."""
    complete: bool = False
    """Whatever could follow would not make another command of it."""
    alarm: bool = False
    """It may speak of a danger, by an ear that understands more than commands."""
    wish: bool = False
    """It may ask that what was said be deleted, by the same."""


class Ear(Protocol):
    """Understands words. Used from one thread."""

    name: str

    def hear(self, clip: Clip) -> Heard:
        """The words in it. Raises `voice.errors.VoiceError` when the recogniser itself failed."""
        ...


class Mouth(Protocol):
    """Speaks one line at a time, and reports each as `voice.events.Spoken` or `Unspoken`."""

    def say(self, number: int, text: str, *, rate: int, volume: float) -> None:
        """Begins to speak; `rate` in words a minute, `volume` from 0 to 1. Returns at once."""
        ...

    def hush(self) -> None:
        """Falls silent at once; what was being said is not reported."""
        ...

    def close(self) -> None:
        """Falls silent for good."""
        ...


class Endpointer(Protocol):
    """Finds where speech begins and ends. Fed with pieces of sound in order."""

    def feed(self, piece: bytes) -> list[Any]:
        """The events of `voice.events` that a piece of 32 ms brings about."""
        ...

    def mode(self, *, speaking: bool, late: float = 0.0) -> None:
        """Whether the coach speaks meanwhile; the sound that is fed was heard `late` seconds ago."""
        ...

    def complete(self, number: int) -> None:
        """What was said before the pause of that number needs no more waiting. From any thread."""
        ...


class Source(Protocol):
    """Where sound comes from."""

    def read(self) -> bytes:
        """The next 32 ms, 16 bit mono at 16 kHz. Raises `MicrophoneError` when there is no more."""
        ...

    def close(self) -> None:
        """No more is wanted."""
        ...


class Client(Protocol):
    """A conversation with the server."""

    def ask(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        """The answer to a message of the contract. Raises `UnreachableError`, `RefusedError`."""
        ...

    def look(self) -> list[dict[str, Any]]:
        """The current card again. Raises the same."""
        ...
