"""Every error that the project raises, one class and one sentence each."""

from __future__ import annotations

from collections.abc import Sequence


class CoachError(Exception):
    """Anything that goes wrong in the heart."""


class ContentError(CoachError):
    """Raised when `content/` has mistakes; tells all of them at once."""

    def __init__(self, problems: Sequence[str]) -> None:
        """`problems`: one "file:line: sentence" a mistake."""
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class PhraseError(CoachError):
    """A phrase was asked for that is not declared, or without a value for one of its placeholders."""


class UnderstandingError(Exception):
    """Something that the model needs is missing, or is not what was pinned."""


class WeightsError(UnderstandingError):
    """The sentence encoder's files are not installed, or differ from the pinned ones."""


class UntrainedError(UnderstandingError):
    """A component was asked to work before it was trained."""


class SentencesError(UnderstandingError):
    """A training file holds something else than intents with plain sentences."""


class ChannelError(Exception):
    """Base of the errors of the channel."""


class RefusedError(ChannelError):
    """Raised by the server for a request that it does not serve, and by the client that gets that answer.

    It is sent as `{"error": code, "detail": detail}`.
    """

    def __init__(self, status: int, code: str, detail: str, retry_after: int | None = None) -> None:
        """`status` is the status code of HTTP; `retry_after` is in seconds."""
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.retry_after = retry_after


class StartError(ChannelError):
    """Raised when the server cannot start; its text is the one line that the person sees."""


class UnreachableError(ChannelError):
    """Raised by the client when no coach answers, and none could be started."""


class EngineError(Exception):
    """Base of every error raised here."""


class SettingError(EngineError):
    """A setting of a store has a value that it cannot have."""


class StoreUnavailableError(EngineError):
    """The database did not take or give a conversation; nothing of the turn was kept, unless it is an `UnsureError`."""


class StoreFullError(StoreUnavailableError):
    """The database has no room for new conversations; those that it has go on."""


class StaleTurnError(StoreUnavailableError):
    """Another server has written to the conversation since this turn read it; nothing of the turn was kept."""


class UnsureError(StoreUnavailableError):
    """The database was lost, or fell silent, while it took a turn: all of that is kept, perhaps later, or nothing."""


class DamagedConversationError(EngineError):
    """What is stored of a conversation cannot be read; others are not touched by it."""


class LockUnavailableError(EngineError):
    """A conversation's turn could not be had from the lock store."""


class MissingPackageError(ImportError):
    """A part of Rasa was used whose package Palmwise does without."""


class VoiceError(Exception):
    """Something that the person at the machine can do something about; its text is one or two sentences for them."""


class ModelError(VoiceError):
    """A recogniser's model is missing, or is not the one it should be."""


class MicrophoneError(VoiceError):
    """There is no microphone, or it stopped delivering."""


class LoudspeakerError(VoiceError):
    """There is no voice, or nothing to play it with."""


class PlayerError(LoudspeakerError):
    """The loudspeaker cannot be played on just now; another voice could not either."""


class LanguageError(VoiceError):
    """The training data or content that the recogniser learns from cannot be read."""
