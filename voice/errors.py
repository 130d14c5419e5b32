"""The errors of the hands-free client."""

from __future__ import annotations


class VoiceError(Exception):
    """Something that the person at the machine can do something about; its text is one or two sentences for them."""


class ModelError(VoiceError):
    """A recogniser's model is missing, or is not the one it should be."""


class MicrophoneError(VoiceError):
    """There is no microphone, or it stopped delivering."""


class LoudspeakerError(VoiceError):
    """There is no voice, or nothing to play it with."""


class UnreachableError(VoiceError):
    """The server did not answer."""


class RefusedError(VoiceError):
    """The server answered, and said no."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        """`status` is HTTP's, `code` and `detail` are the server's."""
        super().__init__(detail)
        self.status = status
        self.code = code


class LanguageError(VoiceError):
    """The training data or content that the recogniser learns from cannot be read."""
