"""What can happen to the loop, and what it can order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voice.protocols import Clip, Heard


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
