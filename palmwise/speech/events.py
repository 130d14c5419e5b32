"""Events and effects of the voice loop, and the protocols of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

LATENCY = "PULSE_LATENCY_MSEC"
"""Environment variable that tells PulseAudio and PipeWire how soon to hand over what they heard, in milliseconds."""


@dataclass(frozen=True)
class SpeechBegan:
    """Somebody began to speak near the microphone."""


@dataclass(frozen=True)
class SpeechPaused:
    """They fell silent, perhaps for a breath only: this may have been all."""

    clip: Clip
    number: int
    """Of the pause."""


@dataclass(frozen=True)
class SpeechEnded:
    """They stopped, or went on for too long."""

    clip: Clip
    seconds: float
    """Of speech in it."""
    number: int = 0
    """Of the pause that turned out to be the end; 0 when it was cut off."""


@dataclass(frozen=True)
class Understood:
    """A recogniser is done with a clip."""

    heard: Heard
    seconds: float
    over: str = ""
    """The line that the coach was speaking when it began, or just before."""
    cut: bool = False
    """It broke that line off."""


@dataclass(frozen=True)
class Typed:
    """A line was typed."""

    text: str


@dataclass(frozen=True)
class Answered:
    """The server's answer to a request."""

    number: int
    messages: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Failed:
    """A request that was not answered."""

    number: int
    gone: bool
    """Nobody there, so that trying again may help; else the server said no."""


@dataclass(frozen=True)
class Spoken:
    """A line has been spoken to its end."""

    number: int


@dataclass(frozen=True)
class Unspoken:
    """A line could not be spoken."""

    number: int
    reason: str


@dataclass(frozen=True)
class MicrophoneLost:
    """No sound comes from the microphone any more."""

    reason: str


@dataclass(frozen=True)
class MicrophoneBack:
    """Sound comes again."""


@dataclass(frozen=True)
class MicrophoneMute:
    """Sound comes, but it is nothing but zeros."""


@dataclass(frozen=True)
class EarFailed:
    """The recogniser could not work."""

    reason: str


@dataclass(frozen=True)
class Tick:
    """Time has passed."""


Event = (
    SpeechBegan | SpeechPaused | SpeechEnded | Understood | Typed | Answered | Failed | Spoken | Unspoken
    | MicrophoneLost | MicrophoneBack | MicrophoneMute | EarFailed | Tick
)  # fmt: skip


@dataclass(frozen=True)
class Say:
    """Speak a line."""

    number: int
    text: str
    rate: int
    volume: float


@dataclass(frozen=True)
class Hush:
    """Fall silent."""


@dataclass(frozen=True)
class Recognise:
    """Find out what was said."""

    clip: Clip
    seconds: float
    over: str
    cut: bool
    number: int = 0
    """Of the pause that ended it."""


@dataclass(frozen=True)
class Ask:
    """Send a message to the server; an empty one asks for the current card."""

    number: int
    message: Mapping[str, Any]


@dataclass(frozen=True)
class Show:
    """Write a line on the terminal."""

    text: str


Effect = Say | Hush | Recognise | Ask | Show


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
        """The words in it. Raises `palmwise.errors.VoiceError` when the recogniser itself failed."""
        ...


class Mouth(Protocol):
    """Speaks one line at a time, and reports each as `palmwise.speech.events.Spoken` or `Unspoken`."""

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
        """The events of `palmwise.speech.events` that a piece of 32 ms brings about."""
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
