"""The errors of the channel, one sentence each."""

from __future__ import annotations


class ChannelError(Exception):
    """Anything that goes wrong in the channel."""


class RefusedError(ChannelError):
    """Raised when a request cannot be served; becomes `{"error": code, "detail": detail}`."""

    def __init__(self, status: int, code: str, detail: str, retry_after: int | None = None) -> None:
        """`status` is HTTP's; `retry_after` is in seconds."""
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.retry_after = retry_after


class StartError(ChannelError):
    """Raised when the server cannot start; its text is the one line that the person sees."""


class UnreachableError(ChannelError):
    """Raised by a client when no server answers."""
