"""Events and effects of the voice loop, and the protocols of the parts that tests replace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class Clip(Protocol):
    """A stretch of sound, such as SpeechRecognition's `AudioData`."""

    def get_raw_data(self, convert_rate: int | None = None, convert_width: int | None = None) -> bytes:
        """Return its samples, converted to a rate in Hz and a width in bytes if given."""
        ...


@dataclass(frozen=True)
class Transcript:
    """What a recognizer made of a clip."""

    text: str = ""
    """Lower case words; empty when nothing was understood."""
    intent: str | None = None
    """Intent of the known command that equals the text; None if there is none."""
    complete: bool = False
    """Whether it is a command after which no more is expected."""
    red_flag: bool = False
    """Whether a phrase of the red flags is in it."""
    deletion_request: bool = False
    """Whether it asks for deletion of what was said."""
    doubtful: bool = False
    """Whether it only may have been a word of alarm; then the text is a request to pause."""


@dataclass(frozen=True)
class SpeechBegan:
    """Somebody began to speak near the microphone, or among others who were speaking there already."""

    level: float = 0.0
    """Root mean square of their voice so far, 0 to 32,767; 0 where it is not known."""


@dataclass(frozen=True)
class SpeechPaused:
    """They fell silent, perhaps only for a breath."""

    clip: Clip
    pause: int
    """Number of the pause."""


@dataclass(frozen=True)
class SpeechEnded:
    """They stopped, or went on for too long."""

    clip: Clip
    seconds: float
    """Of speech in the clip."""
    pause: int = 0
    """Number of the pause that turned out to be the end; 0 when they were cut off."""
    level: float = 0.0
    """As in `SpeechBegan`."""


@dataclass(frozen=True)
class Recognized:
    """The recognizer is done with a clip."""

    transcript: Transcript
    seconds: float
    """Of speech in the clip."""
    over: str = ""
    """The line that the coach was speaking when the clip began, or just before."""
    interrupted: bool = False
    """Whether the coach broke that line off."""
    level: float = 0.0
    """As in `SpeechBegan`."""


@dataclass(frozen=True)
class Typed:
    """A line was typed."""

    text: str


@dataclass(frozen=True)
class Answered:
    """The server answered a request."""

    number: int
    messages: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class RequestFailed:
    """A request was not answered, or refused."""

    number: int
    unreachable: bool
    """Whether it may be answered later; otherwise the server refused it."""


@dataclass(frozen=True)
class LineSpoken:
    """A line was spoken to its end."""

    number: int


@dataclass(frozen=True)
class LineFailed:
    """A line could not be spoken."""

    number: int
    reason: str


@dataclass(frozen=True)
class MicrophoneLost:
    """The microphone delivers no sound any more."""

    reason: str


@dataclass(frozen=True)
class MicrophoneBack:
    """The microphone delivers sound again."""


@dataclass(frozen=True)
class MicrophoneMute:
    """The microphone delivers nothing but zeros."""


@dataclass(frozen=True)
class EchoCancelled:
    """It was found that the coach does not hear itself, so people may speak while it does."""


@dataclass(frozen=True)
class RecognizerFailed:
    """The recognizer does not work."""

    reason: str


@dataclass(frozen=True)
class Tick:
    """Time has passed."""


Event = (
    SpeechBegan | SpeechPaused | SpeechEnded | Recognized | Typed | Answered | RequestFailed | LineSpoken | LineFailed
    | MicrophoneLost | MicrophoneBack | MicrophoneMute | EchoCancelled | RecognizerFailed | Tick
)  # fmt: skip


@dataclass(frozen=True)
class SpeakLine:
    """Speak a line."""

    number: int
    text: str
    rate: int
    """Words a minute."""
    volume: float
    """0 to 1."""
    pause: float = 0.0
    """Seconds of silence that belong to the line."""


@dataclass(frozen=True)
class StopSpeaking:
    """Fall silent at once."""


@dataclass(frozen=True)
class Recognize:
    """Find out what was said."""

    clip: Clip
    seconds: float
    over: str
    interrupted: bool
    """These as in `Recognized`."""
    pause: int = 0
    level: float = 0.0
    """These as in `SpeechEnded`."""


@dataclass(frozen=True)
class Send:
    """Send a message to the server; an empty one asks for the current card."""

    number: int
    message: Mapping[str, Any]


@dataclass(frozen=True)
class Expect:
    """Listen for answers to the coach's open question."""

    question: str | None
    """Its id, as in the contract's `session.asked`."""


@dataclass(frozen=True)
class PlayTone:
    """Say without words that something heard was not taken for the coach."""


@dataclass(frozen=True)
class Show:
    """Write a line on the terminal."""

    text: str


Effect = SpeakLine | StopSpeaking | Recognize | Send | Expect | PlayTone | Show


class Recognizer(Protocol):
    """Turns clips into text. Used from one thread."""

    name: str

    def transcribe(self, clip: Clip) -> Transcript:
        """Return what was said. Raises `palmwise.errors.VoiceError` when the recognizer itself failed."""
        ...

    def expect(self, question: str | None) -> None:
        """Note which question of the coach is open. Called from any thread."""
        ...


class Endpointer(Protocol):
    """Finds where speech begins and ends. Fed with pieces of sound in order."""

    def feed(self, piece: bytes) -> list[Event]:
        """Return the events of a piece of 32 ms."""
        ...

    def set_speaking(self, *, speaking: bool, late: float = 0.0) -> None:
        """Note whether the coach speaks meanwhile. The sound that is fed was recorded `late` seconds ago."""
        ...

    def complete(self, pause: int) -> None:
        """Note that what was said before that pause needs no more waiting. Called from any thread."""
        ...


class AudioSource(Protocol):
    """Where sound comes from."""

    def read(self) -> bytes:
        """Return the next 32 ms, 16 bit mono at 16 kHz. Raises `MicrophoneError` when there is no more."""
        ...

    def close(self) -> None:
        """Release the device."""
        ...
